'use strict';

// What both sides of http share: headers, and messages as streams.

const { Readable, Writable } = require('stream');
const { coded, invalidType, fromHost, networkError } = require('internal/io');
const { headersOf } = require('internal/http-headers');

const { carry } = binding('loop');

const kJoined = Symbol('headers');
const kBody = Symbol('body');
const kBegun = Symbol('begun');
const kAbort = Symbol('abort');
const kDump = Symbol('dump');
const kIdle = Symbol('idle');
const TOKEN = /^[\^_`a-zA-Z\-0-9!#$%&'*+.|~]+$/;
// eslint-disable-next-line no-control-regex
const BAD_VALUE = /[^\t\x20-\x7e\x80-\xff]/;

function validateHeaderName(name, label = 'Header name') {
  if (typeof name !== 'string' || !TOKEN.test(name)) {
    throw coded(TypeError, 'ERR_INVALID_HTTP_TOKEN', `${label} must be a valid HTTP token ["${name}"]`);
  }
}

function validateHeaderValue(name, value) {
  if (value === undefined) {
    throw coded(TypeError, 'ERR_HTTP_INVALID_HEADER_VALUE', `Invalid value "${value}" for header "${name}"`);
  }
  if (BAD_VALUE.test(value)) {
    throw coded(TypeError, 'ERR_INVALID_CHAR', `Invalid character in header content ["${name}"]`);
  }
}

/** A request that a server received, or a response that a client did. */
class IncomingMessage extends Readable {
  constructor(socket, head, body) {
    super({ autoDestroy: true, emitClose: true });
    this.socket = socket;
    this.httpVersion = head.version || '1.1';
    this.httpVersionMajor = 1;
    this.httpVersionMinor = this.httpVersion === '1.0' ? 0 : 1;
    this.complete = false;
    this.rawTrailers = [];
    this.aborted = false;
    this.upgrade = false;
    this.url = head.url || '';
    this.method = head.method || null;
    this.statusCode = head.status || null;
    this.statusMessage = head.message || (head.status ? '' : null);
    this[kJoined] = head.headers;
    this[kBody] = body;
    this[kBegun] = false;
  }

  get rawHeaders() {
    const value = this[kJoined] === '' ? [] : this[kJoined].split('\0');
    Object.defineProperty(this, 'rawHeaders', { value, writable: true, enumerable: true, configurable: true });
    return value;
  }

  get headers() {
    const value = headersOf(this.rawHeaders);
    Object.defineProperty(this, 'headers', { value, writable: true, enumerable: true, configurable: true });
    return value;
  }

  get headersDistinct() {
    const found = Object.create(null);
    const raw = this.rawHeaders;
    for (let i = 0; i + 1 < raw.length; i += 2) (found[raw[i].toLowerCase()] ||= []).push(raw[i + 1]);
    return found;
  }

  get trailers() {
    return {};
  }

  get connection() {
    return this.socket;
  }

  setTimeout(millis, listener) {
    this.socket.setTimeout(millis, listener);
    return this;
  }

  _read() {
    if (this[kBody] === null) {
      this.complete = true;
      this.push(null);
      return;
    }
    if (!this[kBegun]) {
      this[kBegun] = true;
      this[kBody].listen(
        carry((bytes) => {
          this.socket.touch();
          this.push(fromHost(bytes));
        }),
        carry(() => {
          this.complete = true;
          this.push(null);
        }),
        carry(() => this[kAbort]()),
      );
    }
    this[kBody].fetch(1);
  }

  [kAbort]() {
    if (this.complete || this.destroyed) return;
    this.aborted = true;
    this.emit('aborted');
    this.destroy(networkError('ECONNRESET', 'read', '', 0, 'aborted'));
  }

  /** Nobody reads it: it is dropped so that the connection can go on. */
  [kDump]() {
    if (this[kBegun] || this[kBody] === null) {
      this.resume();
      return;
    }
    this[kBegun] = true;
    this[kBody].drop();
    this.complete = true;
    this.push(null);
    this.resume();
  }

  _destroy(error, callback) {
    if (this[kBody] !== null && !this.complete) {
      // Nobody reads the rest: the connection ends, or it would be read and dropped to its end, if it has one.
      this[kBody].drop();
      if (!this.aborted) {
        this.aborted = true;
        this.emit('aborted');
        this.socket.destroy();
      }
    }
    // As in Node: told only to who listens.
    process.nextTick(() => callback(this.listenerCount('error') > 0 ? error : null));
  }
}

/** Makes a timer tell `emitter` of `millis` in which nothing moved, and what says that something did. One per emitter. */
function idleTimer(emitter, millis) {
  clearTimeout(emitter[kIdle]);
  if (!(millis > 0)) {
    emitter[kIdle] = undefined;
    return;
  }
  if (emitter[kIdle] === undefined) emitter.once('close', () => clearTimeout(emitter[kIdle]));
  emitter[kIdle] = setTimeout(() => emitter.emit('timeout'), millis);
  emitter[kIdle].unref();
}

function touch(emitter) {
  const timer = emitter[kIdle];
  if (timer !== undefined && !emitter.destroyed) timer.refresh();
}

/** Headers and body on their way out: the base of ServerResponse and ClientRequest. */
class OutgoingMessage extends Writable {
  constructor() {
    super({ decodeStrings: false, autoDestroy: false, emitClose: false });
    Object.defineProperty(this, 'fields', { value: new Map() });
    this.headersSent = false;
    this.sendDate = true;
    this.chunkedEncoding = false;
    this.shouldKeepAlive = true;
    this.finished = false;
  }

  setHeader(name, value) {
    if (this.headersSent) {
      throw coded(Error, 'ERR_HTTP_HEADERS_SENT', 'Cannot set headers after they are sent to the client');
    }
    validateHeaderName(name);
    if (Array.isArray(value)) for (const each of value) validateHeaderValue(name, each);
    else validateHeaderValue(name, value);
    this.fields.set(name.toLowerCase(), [name, value]);
    return this;
  }

  appendHeader(name, value) {
    const before = this.getHeader(name);
    return this.setHeader(name, before === undefined ? value : [].concat(before, value));
  }

  setHeaders(headers) {
    for (const [name, value] of headers) this.setHeader(name, value);
    return this;
  }

  getHeader(name) {
    if (typeof name !== 'string') throw invalidType('name', 'of type string', name);
    const field = this.fields.get(name.toLowerCase());
    return field === undefined ? undefined : field[1];
  }

  hasHeader(name) {
    if (typeof name !== 'string') throw invalidType('name', 'of type string', name);
    return this.fields.has(name.toLowerCase());
  }

  removeHeader(name) {
    if (this.headersSent) throw coded(Error, 'ERR_HTTP_HEADERS_SENT', 'Cannot remove headers after they are sent to the client');
    this.fields.delete(name.toLowerCase());
  }

  getHeaders() {
    const all = Object.create(null);
    for (const [name, [, value]] of this.fields) all[name] = value;
    return all;
  }

  getHeaderNames() {
    return [...this.fields.keys()];
  }

  getRawHeaderNames() {
    return [...this.fields.values()].map(([name]) => name);
  }

  takeHeaders(headers) {
    if (Array.isArray(headers)) {
      for (let i = 0; i + 1 < headers.length; i += 2) {
        if (Array.isArray(headers[i])) throw coded(TypeError, 'ERR_INVALID_ARG_VALUE', 'headers must be a flat array');
        this.setHeader(headers[i], headers[i + 1]);
      }
    } else if (headers) for (const name of Object.keys(headers)) this.setHeader(name, headers[name]);
  }

  joinedHeaders() {
    const parts = [];
    for (const [name, value] of this.fields.values()) {
      if (Array.isArray(value)) for (const each of value) parts.push(name, String(each));
      else parts.push(name, String(value));
    }
    return parts.join('\0');
  }

  end(chunk, encoding, callback) {
    let last = chunk;
    let done = callback;
    let named = encoding;
    if (typeof last === 'function') [last, named, done] = [undefined, undefined, last];
    else if (typeof named === 'function') [named, done] = [undefined, named];
    if (this.finished && last !== undefined && last !== null) {
      this.tooLate(done);
      return this;
    }
    if (last !== undefined && last !== null && !this.headersSent && !this.writableEnded && this.writableLength === 0) {
      // The whole body is known: it leaves with the headers, and its length is told.
      if (typeof last !== 'string' && !(last instanceof Uint8Array)) {
        throw invalidType('chunk', 'of type string or an instance of Buffer or Uint8Array', last);
      }
      this.whole = plain(last, named);
      last = undefined;
    }
    this.finished = true;
    super.end(last, named, done);
    return this;
  }

  /** As in Node: what is written after the end is an error, and what was written before it still leaves. */
  write(chunk, encoding, callback) {
    if (!this.finished) return super.write(chunk, encoding, callback);
    this.tooLate(typeof encoding === 'function' ? encoding : callback);
    return false;
  }

  tooLate(callback) {
    const error = coded(Error, 'ERR_STREAM_WRITE_AFTER_END', 'write after end');
    process.nextTick(() => {
      if (typeof callback === 'function') callback(error);
      if (!this.destroyed) this.emit('error', error);
    });
  }

  flushHeaders() {}

  setTimeout(millis, listener) {
    if (listener) this.once('timeout', listener);
    idleTimer(this, millis);
    return this;
  }

  get connection() {
    return this.socket;
  }
}

/** Text in an encoding other than UTF-8 as bytes. */
function plain(chunk, encoding) {
  if (typeof chunk !== 'string') return chunk;
  return encoding === undefined || encoding === null || encoding === 'utf8' || encoding === 'utf-8' || encoding === 'buffer'
    ? chunk
    : Buffer.from(chunk, encoding);
}

module.exports = { kAbort, kDump, IncomingMessage, OutgoingMessage, validateHeaderName, validateHeaderValue, plain, idleTimer, touch, TOKEN, BAD_VALUE };
