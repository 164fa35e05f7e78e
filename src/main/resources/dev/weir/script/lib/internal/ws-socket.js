'use strict';

// A WebSocket, accepted by a server or connected to one.

const EventEmitter = require('events');
const { mixin } = require('internal/ws-events');
const { host, batch, add, flush, handling, steady } = require('internal/ws-batch');
const { coded, fromHost, networkError, invalidType, viewOf } = require('internal/io');

const { carry } = binding('loop');

const CONNECTING = 0;
const OPEN = 1;
const CLOSING = 2;
const CLOSED = 3;
const STATES = ['CONNECTING', 'OPEN', 'CLOSING', 'CLOSED'];
const BINARY_TYPES = ['nodebuffer', 'arraybuffer', 'fragments'];
const TOKEN = /^[\^_`a-zA-Z\-0-9!#$%&'*+.|~]+$/;
const MOST_PAYLOAD = 100 * 1024 * 1024;
const CLOSE_TIMEOUT = 30 * 1000;
const NONE = Buffer.alloc(0);
const ERRORS = {
  1007: ['WS_ERR_INVALID_UTF8', 'Invalid WebSocket frame: invalid UTF-8 sequence'],
  1009: ['WS_ERR_UNSUPPORTED_MESSAGE_LENGTH', 'Max payload size exceeded'],
};

class WebSocket extends EventEmitter {
  #state = CONNECTING;

  #link = null;

  #number = -1;

  #server = false;

  #binaryType = 'nodebuffer';

  #protocol = '';

  #closeTimer;

  #closeSent = false;

  #closeReceived = false;

  #unsent = 0;

  #given;

  constructor(address, protocols, options) {
    super();
    if (address === null) {
      this.#server = true;
      this.#given = options || {};
      return;
    }
    const listed = typeof protocols === 'string' || Array.isArray(protocols);
    this.#given = (listed || protocols === undefined || protocols === null ? options : protocols) || {};
    const wanted = listed ? [].concat(protocols) : [].concat(this.#given.protocols || []);
    this.#connect(address, wanted);
  }

  #connect(address, protocols) {
    const options = this.#given;
    const url = urlOf(address);
    this._url = url.href;
    const seen = new Set();
    for (const protocol of protocols) {
      if (typeof protocol !== 'string' || !TOKEN.test(protocol) || seen.has(protocol)) {
        throw new SyntaxError('An invalid or duplicated subprotocol was specified');
      }
      seen.add(protocol);
    }
    const secure = url.protocol === 'wss:';
    const port = Number(url.port) || (secure ? 443 : 80);
    const name = url.hostname.startsWith('[') ? url.hostname.slice(1, -1) : url.hostname;
    host.connect(name, port, `${url.pathname}${url.search}`, secure, options.rejectUnauthorized === false, protocols.join(','),
      headersOf(options, url), options.maxPayload || MOST_PAYLOAD, options.handshakeTimeout || 0, carry((code, link, status) => {
        if (this.#state !== CONNECTING) {
          if (code === null) link.terminate();
          return;
        }
        if (code !== null) {
          this.#fail(status > 0 ? new Error(`Unexpected server response: ${status}`)
            : code === 'ETIMEDOUT' && options.handshakeTimeout ? new Error('Opening handshake has timed out')
              : networkError(code, 'connect', name, port, code === 'ECONNRESET' ? undefined : link));
          return;
        }
        this.#protocol = link.protocol();
        this.attach(link);
      }));
  }

  #fail(error) {
    this.#state = CLOSING;
    this.emit('error', error);
    this.#state = CLOSED;
    this.emit('close', 1006, NONE);
  }

  /** The connection is there: messages come from now on. Called by the server and by the client. */
  attach(link, protocol) {
    this.#link = link;
    this.#number = link.id();
    if (protocol) this.#protocol = protocol;
    this.#state = OPEN;
    link.begin(carry((bytes, binary) => this.#received(bytes, binary)), carry((kind, number, what) => this.#told(kind, number, what)));
    this.emit('open');
  }

  #received(bytes, binary) {
    const message = fromHost(bytes);
    handling(message);
    if (binary && this.#binaryType !== 'nodebuffer') {
      this.emit('message', this.#binaryType === 'arraybuffer' ? message.buffer : [message], true);
    } else this.emit('message', message, binary);
  }

  #told(kind, number, what) {
    if (kind === 'close') {
      this.#ended(number, what);
    } else if (kind === 'closing') {
      this.#closeReceived = true;
      this.#closeSent = true;
      if (this.#state === OPEN) this.#state = CLOSING;
    } else if (kind === 'error') {
      const [code, message] = ERRORS[number] || ['WS_ERR_INVALID_FRAME', what];
      const error = coded(RangeError, code, number === 1009 ? message : `${message}`);
      if (this.#state === OPEN) this.#state = CLOSING;
      this.emit('error', error);
    } else this.emit(kind, fromHost(what));
  }

  #ended(code, reason) {
    clearTimeout(this.#closeTimer);
    this.#state = CLOSED;
    this.emit('close', code, reason === '' ? NONE : Buffer.from(reason));
  }

  get closedCleanly() {
    return this.#closeReceived && this.#closeSent;
  }

  get readyState() {
    return this.#state;
  }

  get protocol() {
    return this.#protocol;
  }

  get url() {
    return this._url;
  }

  get extensions() {
    return '';
  }

  get isPaused() {
    return this.paused === true;
  }

  get binaryType() {
    return this.#binaryType;
  }

  set binaryType(type) {
    if (BINARY_TYPES.includes(type)) this.#binaryType = type;
  }

  get bufferedAmount() {
    if (this.#link === null || this.#state === CLOSED) return this.#unsent;
    flush();
    return this.#link.bufferedAmount() + this.#unsent;
  }

  send(data, options, callback) {
    // The same message to the next socket: as little as there can be, since it is interpreted for each of them.
    if (data === batch.message && batch.room && callback === undefined && this.#state === OPEN && this.#server
      && (options === undefined || options === null ? typeof data !== 'string' : options.binary) === batch.binary) {
      batch.numbers[batch.count++] = this.#number;
      if (batch.count === batch.numbers.length) batch.room = false;
      return;
    }
    if (this.#state === OPEN && this.#server && callback === undefined && typeof options !== 'function' && steady(data)) {
      const binary = options === undefined || options === null || options.binary === undefined ? typeof data !== 'string' : options.binary;
      add(data, binary, this.#number);
      return;
    }
    this.#send(data, options, callback);
  }

  #send(given, how, then) {
    const [options, callback] = typeof how === 'function' ? [undefined, how] : [how, then];
    if (this.#state === CONNECTING) throw notOpen(CONNECTING);
    const data = contentOf(given);
    if (this.#state !== OPEN) {
      this.#unsent += typeof data === 'string' ? Buffer.byteLength(data) : data.byteLength;
      if (callback) process.nextTick(callback, notOpen(this.#state));
      return;
    }
    flush();
    const binary = options === undefined || options === null || options.binary === undefined ? typeof data !== 'string' : options.binary;
    const done = callback ? (code) => callback(code === null ? undefined : networkError(code, 'write', '', 0)) : null;
    if (typeof data === 'string') this.#link.send(data, null, 0, 0, binary, done);
    else this.#link.send(null, data.buffer, data.byteOffset, data.byteLength, binary, done);
  }

  ping(data, mask, callback) {
    this.#control(true, data, mask, callback);
  }

  pong(data, mask, callback) {
    this.#control(false, data, mask, callback);
  }

  #control(isPing, given, mask, then) {
    if (this.#state === CONNECTING) throw notOpen(CONNECTING);
    const callback = typeof given === 'function' ? given : typeof mask === 'function' ? mask : then;
    const content = contentOf(typeof given === 'function' || given === undefined ? NONE : given);
    const data = typeof content === 'string' ? Buffer.from(content) : content;
    if (data.byteLength > 125) throw new RangeError('The data size must not be greater than 125 bytes');
    if (this.#state !== OPEN) {
      this.#unsent += data.byteLength;
      if (callback) process.nextTick(callback, notOpen(this.#state));
      return;
    }
    flush();
    const done = callback ? (code) => callback(code === null ? undefined : networkError(code, 'write', '', 0)) : null;
    this.#link.control(isPing, data.buffer, data.byteOffset, data.byteLength, done);
  }

  close(code, reason) {
    if (this.#state === CLOSED || this.#state === CLOSING) return;
    if (this.#state === CONNECTING) {
      this.#abandon();
      return;
    }
    const text = reason === undefined ? '' : typeof reason === 'string' ? reason : Buffer.from(reason).toString();
    checkClose(code, text);
    flush();
    this.#state = CLOSING;
    this.#closeSent = true;
    this.#link.close(code === undefined ? 1005 : code, text);
    this.#closeTimer = setTimeout(() => this.#link.terminate(), this.#given.closeTimeout || CLOSE_TIMEOUT);
    if (this.#closeTimer.unref) this.#closeTimer.unref();
  }

  terminate() {
    if (this.#state === CLOSED) return;
    if (this.#state === CONNECTING) {
      this.#abandon();
      return;
    }
    flush();
    this.#state = CLOSING;
    this.#link.terminate();
  }

  #abandon() {
    this.#state = CLOSING;
    process.nextTick(() => this.#fail(new Error('WebSocket was closed before the connection was established')));
  }

  pause() {
    if (this.#state === CONNECTING || this.#state === CLOSED) return;
    this.paused = true;
    this.#link.pause();
  }

  resume() {
    if (this.#state === CONNECTING || this.#state === CLOSED) return;
    this.paused = false;
    this.#link.resume();
  }
}

STATES.forEach((name, value) => {
  Object.defineProperty(WebSocket, name, { enumerable: true, value });
  Object.defineProperty(WebSocket.prototype, name, { enumerable: true, value });
});
for (const name of ['binaryType', 'bufferedAmount', 'extensions', 'isPaused', 'protocol', 'readyState', 'url']) {
  Object.defineProperty(WebSocket.prototype, name, { enumerable: true });
}
mixin(WebSocket.prototype);

function notOpen(state) {
  return new Error(`WebSocket is not open: readyState ${state} (${STATES[state]})`);
}

function contentOf(data) {
  if (typeof data === 'string') return data;
  if (typeof data === 'number') return String(data);
  if (data === undefined || data === null) return NONE;
  const view = viewOf(data) || (Array.isArray(data) ? Buffer.from(data) : undefined);
  if (view === undefined) {
    throw invalidType('data', 'of type string or an instance of Buffer, ArrayBuffer, or Array', data);
  }
  return view;
}

function checkClose(code, reason) {
  if (code === undefined) return;
  const valid = (code >= 1000 && code <= 1014 && ![1004, 1005, 1006].includes(code)) || (code >= 3000 && code <= 4999);
  if (typeof code !== 'number' || !valid) throw new TypeError('First argument must be a valid error code number');
  if (Buffer.byteLength(reason) > 123) throw new RangeError('The message must not be greater than 123 bytes');
}

function urlOf(address) {
  let url;
  try {
    url = new URL(String(address));
  } catch {
    throw new SyntaxError(`Invalid URL: ${address}`);
  }
  if (url.protocol === 'http:') url = new URL(url.href.replace(/^http/, 'ws'));
  else if (url.protocol === 'https:') url = new URL(url.href.replace(/^https/, 'wss'));
  if (url.protocol !== 'ws:' && url.protocol !== 'wss:') {
    throw new SyntaxError('The URL\'s protocol must be one of "ws:", "wss:", "http:", "https:", or "ws+unix:"');
  }
  if (url.hash) throw new SyntaxError('The URL contains a fragment identifier');
  return url;
}

function headersOf(options, url) {
  const parts = [];
  for (const name of Object.keys(options.headers || {})) parts.push(name, String(options.headers[name]));
  if (options.origin) parts.push('Origin', options.origin);
  const auth = options.auth || (url.username || url.password ? `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}` : '');
  if (auth) parts.push('Authorization', `Basic ${Buffer.from(auth).toString('base64')}`);
  return parts.join('\0');
}

module.exports = WebSocket;
