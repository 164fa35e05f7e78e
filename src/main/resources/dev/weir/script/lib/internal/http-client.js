'use strict';

// http.request, http.get and Agent. Connections are pooled per server by Vert.x.

const EventEmitter = require('events');
const { kAbort, kDump, IncomingMessage, OutgoingMessage, plain, touch, TOKEN } = require('internal/http-messages');
const { headersOf } = require('internal/http-headers');
const STATUS_CODES = require('internal/http-status');
const { give } = require('internal/give');
const { coded, invalidType, networkError, abortError } = require('internal/io');

const host = binding('http');
const { carry } = binding('loop');

/** Here for programs that make one: its limits are not used, connections are kept alive and shared by the whole script. */
class Agent extends EventEmitter {
  constructor(options) {
    super();
    this.options = { ...options };
    this.maxSockets = this.options.maxSockets || Infinity;
    this.maxFreeSockets = this.options.maxFreeSockets || 256;
    this.keepAlive = this.options.keepAlive !== false;
    this.protocol = 'http:';
    this.defaultPort = 80;
    this.sockets = {};
    this.freeSockets = {};
    this.requests = {};
  }

  destroy() {}
}

/** What `req.socket` and `res.socket` tell on the client's side. */
class ClientSocket extends EventEmitter {
  constructor(address, port, request) {
    super();
    this.remoteAddress = address;
    this.remotePort = port;
    this.destroyed = false;
    Object.defineProperty(this, 'request', { value: request });
  }

  setTimeout(millis, listener) {
    this.request.setTimeout(millis, listener);
    return this;
  }

  setNoDelay() {
    return this;
  }

  setKeepAlive() {
    return this;
  }

  ref() {
    return this;
  }

  unref() {
    return this;
  }

  destroy(error) {
    this.request.destroy(error);
    return this;
  }

  touch() {
    touch(this.request);
  }
}

function optionsOf(input, options, secure) {
  let found = {};
  if (typeof input === 'string') found = ofUrl(new URL(input));
  else if (isUrl(input)) found = ofUrl(input);
  else if (input) found = { ...input };
  Object.assign(found, options);
  const expected = secure ? 'https:' : 'http:';
  const protocol = found.protocol || expected;
  if (protocol !== expected) {
    throw coded(TypeError, 'ERR_INVALID_PROTOCOL', `Protocol "${protocol}" not supported. Expected "${expected}"`);
  }
  return found;
}

function hostIn(options, name) {
  const value = options[name];
  if (value !== undefined && value !== null && typeof value !== 'string') {
    throw invalidType(`options.${name}`, 'of type string or one of undefined or null', value);
  }
  return value;
}

function portOf(value) {
  const port = Number(value);
  if (Number.isInteger(port) && port >= 0 && port <= 65535) return port;
  throw coded(RangeError, 'ERR_SOCKET_BAD_PORT',
    `Port should be >= 0 and < 65536. Received ${typeof value === 'string' ? `type string ('${value}')` : `type ${typeof value} (${value})`}.`);
}

const isUrl = (input) => typeof input === 'object' && input !== null && typeof input.href === 'string' && 'searchParams' in input;

function ofUrl(url) {
  const found = {
    protocol: url.protocol,
    hostname: url.hostname.startsWith('[') ? url.hostname.slice(1, -1) : url.hostname,
    path: `${url.pathname || ''}${url.search || ''}`,
  };
  if (url.port !== '') found.port = Number(url.port);
  if (url.username || url.password) found.auth = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  return found;
}

class ClientRequest extends OutgoingMessage {
  constructor(input, options, callback, secure) {
    super();
    const found = optionsOf(input, options, secure);
    const path = found.path === undefined || found.path === '' ? '/' : String(found.path);
    if (/[^\x21-\xff]/.test(path)) throw coded(TypeError, 'ERR_UNESCAPED_CHARACTERS', 'Request path contains unescaped characters');
    if (found.method !== undefined && typeof found.method !== 'string') {
      throw invalidType('options.method', 'of type string', found.method);
    }
    if (found.method && !TOKEN.test(found.method)) {
      throw coded(TypeError, 'ERR_INVALID_HTTP_TOKEN', `Method must be a valid HTTP token ["${found.method}"]`);
    }
    this.method = (found.method || 'GET').toUpperCase();
    this.path = path;
    this.host = hostIn(found, 'hostname') || hostIn(found, 'host') || 'localhost';
    this.port = portOf(found.port || found.defaultPort || (secure ? 443 : 80));
    this.protocol = secure ? 'https:' : 'http:';
    this.agent = found.agent;
    this.aborted = false;
    this.reusedSocket = false;
    this.maxHeadersCount = null;
    this.res = null;
    Object.defineProperty(this, 'secure', { value: secure });
    Object.defineProperty(this, 'trusting', { value: found.rejectUnauthorized === false });
    Object.defineProperty(this, 'call', { value: null, writable: true });
    Object.defineProperty(this, 'cut', { value: false, writable: true });
    this.socket = new ClientSocket(this.host, this.port, this);
    this.takeHeaders(found.headers);
    if (!this.hasHeader('host')) {
      const usual = this.port === (secure ? 443 : 80);
      const name = this.host.includes(':') ? `[${this.host}]` : this.host;
      this.setHeader('Host', usual ? name : `${name}:${this.port}`);
    }
    if (found.auth && !this.hasHeader('authorization')) {
      this.setHeader('Authorization', `Basic ${Buffer.from(found.auth).toString('base64')}`);
    }
    if (callback) this.once('response', callback);
    if (found.timeout) this.setTimeout(found.timeout);
    if (found.signal) this.follow(found.signal);
    process.nextTick(() => {
      if (this.destroyed) return;
      this.emit('socket', this.socket);
      // Who waits for 'continue' sends nothing before it.
      if (!this.destroyed && this.hasHeader('expect') && !this.headersSent && !this.writableEnded) this.flushHeaders();
    });
  }

  follow(signal) {
    const abort = () => this.destroy(abortError(signal));
    if (signal.aborted) process.nextTick(abort);
    else {
      signal.addEventListener('abort', abort, { once: true });
      this.once('close', () => signal.removeEventListener('abort', abort));
    }
  }

  flushHeaders() {
    if (this.headersSent || this.destroyed) return;
    this.begin(true);
    this.call.flush();
  }

  begin(more) {
    if (this.call !== null) return;
    const bodiless = !more && this.whole === undefined;
    if (!this.hasHeader('connection')) this.fields.set('connection', ['Connection', 'keep-alive']);
    if (bodiless && !this.fields.has('content-length') && /^(POST|PUT|PATCH)$/.test(this.method)) {
      this.fields.set('content-length', ['Content-Length', '0']);
    }
    const chunked = more && !this.fields.has('content-length');
    this.fields.delete('transfer-encoding');
    this.headersSent = true;
    this.call = host.request(this.method, this.host, this.port, this.path, this.secure, this.trusting, false, chunked,
      this.joinedHeaders(), carry((...response) => this.responded(...response)), carry((code, why) => this.failed(code, why)));
    this.call.onInterim(carry((status, headers) => this.interim(status, headers)));
  }

  interim(status, joined) {
    if (this.destroyed) return;
    touch(this);
    if (status === 100) this.emit('continue');
    const rawHeaders = joined === '' ? [] : joined.split('\0');
    this.emit('information', { httpVersion: '1.1', httpVersionMajor: 1, httpVersionMinor: 1, statusCode: status,
      statusMessage: STATUS_CODES[status], headers: headersOf(rawHeaders), rawHeaders });
  }

  responded(status, message, headers, body) {
    touch(this);
    const res = new IncomingMessage(this.socket, { status, message, headers }, body);
    res.req = this;
    this.res = res;
    res.once('close', () => this.over());
    if (!this.emit('response', res)) res[kDump]();
  }

  failed(code, why) {
    if (this.destroyed || this.isOver) return;
    this.destroyed = true;
    this.cut = true;
    if (this.res) this.res[kAbort]();
    else this.emit('error', networkError(code, 'connect', this.host, this.port, code === 'ECONNRESET' ? undefined : why));
    this.over();
  }

  over() {
    if (this.isOver) return;
    this.isOver = true;
    this.destroyed = true;
    process.nextTick(() => this.emit('close'));
  }

  _write(chunk, encoding, callback) {
    this.begin(true);
    // A request that failed says so by 'error', not once more for each piece.
    touch(this);
    give(this.call, 'write', plain(chunk, encoding), () => {
      touch(this);
      callback();
    });
  }

  _final(callback) {
    const { whole } = this;
    if (this.cut) {
      callback();
      return;
    }
    this.begin(false);
    give(this.call, 'end', whole, () => {});
    callback();
  }

  abort() {
    if (this.aborted) return;
    this.aborted = true;
    process.nextTick(() => this.emit('abort'));
    this.destroy();
  }

  destroy(error) {
    if (this.destroyed) return this;
    this.destroyed = true;
    this.cut = true;
    if (this.call !== null) this.call.abort();
    if (this.res) this.res.destroy(error);
    else {
      const told = error || networkError('ECONNRESET', 'connect', this.host, this.port);
      process.nextTick(() => this.emit('error', told));
    }
    this.over();
    return this;
  }

  setNoDelay() {}

  setSocketKeepAlive() {}
}
Object.defineProperty(ClientRequest.prototype, 'destroyed', { value: false, writable: true, configurable: true });

/** http.request in all its forms: (options, callback), (url, options, callback), (url, callback). */
function request(secure) {
  return function (input, options, callback) {
    const url = typeof input === 'string' || isUrl(input);
    const more = typeof options === 'function' ? undefined : options;
    const told = typeof options === 'function' ? options : callback;
    return new ClientRequest(input, url ? more : undefined, told, secure);
  };
}

module.exports = { ClientRequest, Agent, request };
