'use strict';

// http.Server and what it hands out. Connections are Vert.x's; `req.socket` tells of one and can end it.

const EventEmitter = require('events');
const { UpgradeRequest } = require('internal/http-headers');
const { coded, networkError, invalidType } = require('internal/io');
const STATUS_CODES = require('internal/http-status');

const host = binding('http');
const MOST_PAYLOAD = 100 * 1024 * 1024;

/** A connection of a server. Before an upgrade is answered, what is written to it is read as an HTTP response. */
class HttpSocket extends EventEmitter {
  constructor(peer) {
    super();
    Object.defineProperty(this, 'peer', { value: peer });
    Object.defineProperty(this, 'said', { value: '', writable: true });
    Object.defineProperty(this, 'exchange', { value: null, writable: true });
    Object.defineProperty(this, 'timed', { value: false, writable: true });
    const [address, port, localAddress, localPort] = peer.addresses().split(' ');
    this.remoteAddress = address;
    this.remotePort = Number(port);
    this.remoteFamily = address.includes(':') ? 'IPv6' : 'IPv4';
    this.localAddress = localAddress;
    this.localPort = Number(localPort);
    this.encrypted = false;
    this.destroyed = false;
    this.readable = true;
    this.writable = true;
    peer.onClose(() => this.gone());
  }

  gone() {
    this.destroyed = true;
    this.readable = false;
    this.writable = false;
    this.emit('close', false);
  }

  address() {
    return { address: this.localAddress, family: this.remoteFamily, port: this.localPort };
  }

  write(data) {
    this.said += typeof data === 'string' ? data : Buffer.from(data).toString('latin1');
    return true;
  }

  /** Answers an upgrade with the response that was written. */
  end(data) {
    if (data !== undefined && typeof data !== 'function') this.write(data);
    const { exchange, said } = this;
    this.exchange = null;
    this.writable = false;
    const [, status, message] = /^HTTP\/1\.[01] (\d{3}) ?([^\r\n]*)/.exec(said) || [];
    if (exchange === null || status === undefined) {
      this.peer.destroy();
      return this;
    }
    const split = said.indexOf('\r\n\r\n');
    const lines = said.slice(0, split < 0 ? said.length : split).split('\r\n').slice(1);
    const headers = lines.filter((line) => line.includes(':')).map((line) => {
      const colon = line.indexOf(':');
      return `${line.slice(0, colon)}\0${line.slice(colon + 1).trim()}`;
    });
    exchange.body().drop();
    exchange.head(Number(status), message || STATUS_CODES[status] || '', headers.join('\0'), false);
    exchange.end(split < 0 ? '' : said.slice(split + 4), null, 0, 0, () => this.peer.destroy());
    return this;
  }

  destroy(error) {
    if (this.destroyed) return this;
    if (this.said !== '' && this.exchange !== null) this.end();
    else {
      this.destroyed = true;
      this.peer.destroy();
      if (error) process.nextTick(() => this.emit('error', error));
    }
    return this;
  }

  destroySoon() {
    this.destroy();
  }

  setTimeout(millis, listener) {
    if (listener) this.once('timeout', listener);
    require('internal/http-messages').idleTimer(this, millis);
    this.timed = true;
    return this;
  }

  /** Something came or left. */
  touch() {
    if (this.timed) require('internal/http-messages').touch(this);
  }

  setNoDelay() {
    return this;
  }

  setKeepAlive() {
    return this;
  }

  pause() {
    return this;
  }

  resume() {
    return this;
  }

  ref() {
    return this;
  }

  unref() {
    return this;
  }

  cork() {}

  uncork() {}
}

class Server extends EventEmitter {
  constructor(options, listener) {
    super();
    const told = typeof options === 'function' ? options : listener;
    this.listening = false;
    this.timeout = 0;
    this.keepAliveTimeout = 5000;
    this.headersTimeout = 60000;
    this.requestTimeout = 300000;
    this.maxHeadersCount = null;
    this.maxRequestsPerSocket = 0;
    Object.defineProperty(this, 'bound', { value: null, writable: true });
    Object.defineProperty(this, 'unwanted', { value: null, writable: true });
    Object.defineProperty(this, 'maxPayload', { value: MOST_PAYLOAD, writable: true });
    Object.defineProperty(this, 'sockets', { value: new Map() });
    Object.defineProperty(this, 'handle', {
      value: host.server((...request) => this.received(...request), (peer) => this.connected(peer)),
    });
    if (told) this.on('request', told);
  }

  listen(...args) {
    if (typeof args[args.length - 1] === 'function') this.once('listening', args.pop());
    const { port, address } = whereOf(args);
    if (this.listening || this.starting) {
      throw coded(Error, 'ERR_SERVER_ALREADY_LISTEN', 'Listen method has been called more than once without closing.');
    }
    this.starting = true;
    this.handle.listen(port, address, this.maxPayload, (code, why, actual) => {
      this.starting = false;
      const { unwanted } = this;
      this.unwanted = null;
      if (code !== null) {
        this.emit('error', networkError(code, 'listen', address, port, why));
        return;
      }
      this.listening = true;
      this.bound = { address, family: address.includes(':') ? 'IPv6' : 'IPv4', port: actual };
      this.emit('listening');
      if (unwanted) this.close(...unwanted);
    });
    return this;
  }

  address() {
    return this.bound;
  }

  close(callback) {
    if (this.starting && !this.unwanted) {
      // Once it listens.
      this.unwanted = [callback];
      return this;
    }
    if (!this.listening) {
      if (callback) {
        process.nextTick(callback, coded(Error, 'ERR_SERVER_NOT_RUNNING', 'Server is not running.'));
      }
      return this;
    }
    if (callback) this.once('close', callback);
    this.listening = false;
    this.bound = null;
    this.handle.close(() => this.emit('close'));
    return this;
  }

  closeAllConnections() {
    this.handle.closeConnections();
  }

  closeIdleConnections() {
    this.handle.closeIdleConnections();
  }

  getConnections(callback) {
    process.nextTick(callback, null, this.handle.connections());
    return this;
  }

  setTimeout(millis, listener) {
    this.timeout = millis;
    if (listener) this.on('timeout', listener);
    return this;
  }

  ref() {
    this.handle.reference(true);
    return this;
  }

  unref() {
    this.handle.reference(false);
    return this;
  }

  connected(peer) {
    const socket = new HttpSocket(peer);
    const id = peer.id();
    this.sockets.set(id, socket);
    socket.once('close', () => this.sockets.delete(id));
    this.emit('connection', socket);
  }

  received(exchange, method, url, headers, version, hasBody, upgrade) {
    const socket = this.socketOf(exchange);
    const head = { method, url, headers, version };
    if (upgrade && this.listenerCount('upgrade') > 0) {
      socket.exchange = exchange;
      this.emit('upgrade', new UpgradeRequest(socket, head), socket, Buffer.alloc(0));
      return;
    }
    // Bodies are streams, which a server of WebSockets alone never needs.
    const { IncomingMessage, ServerResponse } = require('internal/http-response');
    const req = new IncomingMessage(socket, head, hasBody ? exchange.body() : null);
    if (!hasBody) exchange.body().drop();
    const res = new ServerResponse(req, exchange);
    this.emit('request', req, res);
  }

  socketOf(exchange) {
    const peer = exchange.peer();
    return this.sockets.get(peer.id()) || new HttpSocket(peer);
  }
}

/** The forms of listen: (port, host, backlog), ({port, host}), nothing. Without a host it is this machine only. */
function whereOf([first, second]) {
  const from = typeof first === 'object' && first !== null ? first : { port: first, host: second };
  const port = from.port === undefined || from.port === null ? 0 : Number(from.port);
  if (typeof from.port === 'string' && !/^\d+$/.test(from.port)) {
    throw invalidType('options', 'a port; paths of pipes are not supported', first);
  }
  if (!(port >= 0 && port <= 65535 && Number.isInteger(port))) {
    throw coded(RangeError, 'ERR_SOCKET_BAD_PORT', `options.port should be >= 0 and < 65536. Received ${typeof from.port === 'string' ? `type string ('${from.port}')` : `type ${typeof from.port} (${from.port})`}.`);
  }
  return { port, address: typeof from.host === 'string' && from.host !== 'localhost' && from.host !== '' ? from.host : '127.0.0.1' };
}

module.exports = { Server, HttpSocket };
