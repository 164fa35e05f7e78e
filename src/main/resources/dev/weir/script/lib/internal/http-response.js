'use strict';

// What a server answers with.

const { kAbort, kDump, IncomingMessage, OutgoingMessage, plain, validateHeaderName, BAD_VALUE, touch } = require('internal/http-messages');
const { give } = require('internal/give');
const { coded } = require('internal/io');
const STATUS_CODES = require('internal/http-status');

const KEEP_ALIVE_SECONDS = 5;
const CLOSE = /(?:^|[\s,])close(?:$|[\s,])/i;

let date = '';
let dateOf = 0;
function httpDate() {
  const second = Math.floor(Date.now() / 1000);
  if (second !== dateOf) {
    dateOf = second;
    date = new Date(second * 1000).toUTCString();
  }
  return date;
}

class ServerResponse extends OutgoingMessage {
  constructor(req, exchange) {
    super();
    this.req = req;
    this.socket = req.socket;
    this.statusCode = 200;
    this.statusMessage = undefined;
    this._sent100 = false;
    Object.defineProperty(this, 'exchange', { value: exchange });
    exchange.onClose((early) => this.connectionGone(early));
  }

  connectionGone(early) {
    const { req } = this;
    if (early) {
      req[kAbort]();
      this.destroyed = true;
    }
    if (!this.closeTold) {
      this.closeTold = true;
      this.emit('close');
    }
  }

  writeHead(status, message, headers) {
    if (this.headersSent) throw coded(Error, 'ERR_HTTP_HEADERS_SENT', 'Cannot write headers after they are sent to the client');
    checkStatus(status);
    if (typeof message === 'string') {
      checkMessage(message);
      this.statusMessage = message;
    }
    this.statusCode = status | 0;
    this.takeHeaders(typeof message === 'string' ? headers : message);
    this.headWritten = true;
    return this;
  }

  writeContinue(callback) {
    this._sent100 = true;
    this.exchange.interim(100, '');
    if (callback) process.nextTick(callback);
  }

  writeEarlyHints(hints, callback) {
    const parts = [];
    for (const name of Object.keys(hints)) for (const value of [].concat(hints[name])) parts.push(...checked(name, value, 'hint'));
    this.exchange.interim(103, parts.join('\0'));
    if (callback) process.nextTick(callback);
  }

  writeProcessing() {}

  addTrailers(headers) {
    const parts = [];
    for (const name of Object.keys(headers)) parts.push(...checked(name, headers[name], 'trailer'));
    this.exchange.trailers(parts.join('\0'));
  }

  flushHeaders() {
    if (this.headersSent) return;
    this.sendHead(true);
    this.exchange.flush();
  }

  assignSocket() {}

  detachSocket() {}

  /** What is wrong with the head is thrown at who sends it. */
  write(chunk, encoding, callback) {
    if (!this.headersSent) this.checkHead();
    return super.write(chunk, encoding, callback);
  }

  end(chunk, encoding, callback) {
    if (!this.headersSent) this.checkHead();
    return super.end(chunk, encoding, callback);
  }

  checkHead() {
    checkStatus(this.statusCode);
    if (this.statusMessage) checkMessage(this.statusMessage);
  }

  /** Whether a body may follow: otherwise what is written is dropped. */
  get hasBody() {
    return this.statusCode !== 204 && this.statusCode !== 304 && this.statusCode >= 200 && this.req.method !== 'HEAD';
  }

  /** `more` says whether a body of unknown length follows. */
  sendHead(more) {
    if (this.statusMessage === undefined) this.statusMessage = STATUS_CODES[this.statusCode] || 'unknown';
    if (this.sendDate && !this.fields.has('date')) this.fields.set('date', ['Date', httpDate()]);
    if (!this.fields.has('connection') && this.req.httpVersion === '1.1') {
      const keep = !CLOSE.test(this.req.headers.connection || '');
      this.fields.set('connection', ['Connection', keep ? 'keep-alive' : 'close']);
      if (keep) this.fields.set('keep-alive', ['Keep-Alive', `timeout=${KEEP_ALIVE_SECONDS}`]);
    }
    const chunked = more && this.hasBody && !this.fields.has('content-length');
    this.headersSent = true;
    this.chunkedEncoding = chunked;
    this.exchange.head(this.statusCode, this.statusMessage, this.joinedHeaders(), chunked);
  }

  _write(chunk, encoding, callback) {
    if (!this.headersSent) this.sendHead(true);
    this.moved();
    if (!this.hasBody) {
      callback();
      return;
    }
    // A connection that is gone says so by 'close': as in Node nobody needs to listen to an 'error' of it.
    give(this.exchange, 'write', plain(chunk, encoding), () => {
      this.moved();
      callback();
    });
  }

  /** Something moved: who waits for a silence waits anew. */
  moved() {
    touch(this);
    this.socket.touch();
  }

  _final(callback) {
    const { whole } = this;
    // As Node does: after writeHead the length of the body is not looked at any more.
    if (!this.headersSent) this.sendHead(this.headWritten === true && whole !== undefined);
    if (!this.req.complete) this.req[kDump]();
    const last = CLOSE.test(String(this.getHeader('connection') || ''));
    give(this.exchange, 'end', this.hasBody ? whole : undefined, last ? () => this.exchange.destroy() : () => {});
    callback();
  }

  destroy(error) {
    if (this.destroyed) return this;
    this.destroyed = true;
    this.exchange.destroy();
    if (error) process.nextTick(() => this.emit('error', error));
    return this;
  }
}

// A response that is written to after its end says so as Node's does, and can be marked as destroyed.
Object.defineProperty(ServerResponse.prototype, 'destroyed', { value: false, writable: true, configurable: true });

function checkStatus(status) {
  if (!((status | 0) >= 100 && (status | 0) <= 999)) {
    throw coded(RangeError, 'ERR_HTTP_INVALID_STATUS_CODE', `Invalid status code: ${status}`);
  }
}

function checkMessage(message) {
  if (BAD_VALUE.test(message)) throw coded(TypeError, 'ERR_INVALID_CHAR', 'Invalid character in statusMessage');
}

/** A name and a value that are sent besides the headers. */
function checked(name, value, kind) {
  validateHeaderName(name, kind === 'trailer' ? 'Trailer name' : 'Header name');
  if (BAD_VALUE.test(value)) throw coded(TypeError, 'ERR_INVALID_CHAR', `Invalid character in ${kind} content ["${name}"]`);
  return [name, String(value)];
}

module.exports = { ServerResponse, IncomingMessage };
