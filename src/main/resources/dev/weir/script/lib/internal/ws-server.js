'use strict';

// WebSocketServer: the handshake's checks, the set of clients, and closing.

const EventEmitter = require('events');
const http = require('http');
const WebSocket = require('internal/ws-socket');
const { host } = require('internal/ws-batch');

const KEY = /^[+/0-9A-Za-z]{22}==$/;
const TOKEN = /^[\^_`a-zA-Z\-0-9!#$%&'*+.|~]+$/;
const RUNNING = 0;
const CLOSING = 1;
const CLOSED = 2;

class WebSocketServer extends EventEmitter {
  constructor(given, callback) {
    super();
    const options = { maxPayload: 100 * 1024 * 1024, handleProtocols: null, clientTracking: true, verifyClient: null, noServer: false, server: null, host: null, path: null, port: null, backlog: null, WebSocket, ...given };
    const ways = [options.port !== null && options.port !== undefined, Boolean(options.server), Boolean(options.noServer)];
    if (ways.filter(Boolean).length !== 1) {
      throw new TypeError('One and only one of the "port", "server", or "noServer" options must be specified');
    }
    this.options = options;
    this.state = RUNNING;
    if (options.clientTracking) this.clients = new Set();
    if (ways[0]) {
      this._server = http.createServer((req, res) => {
        const body = http.STATUS_CODES[426];
        res.writeHead(426, { 'Content-Length': body.length, 'Content-Type': 'text/plain' });
        res.end(body);
      });
    } else if (ways[1]) this._server = options.server;
    if (this._server) this.follow(this._server);
    if (ways[0]) this._server.listen(options.port, options.host, options.backlog, callback);
  }

  follow(server) {
    if (this.options.maxPayload > 0) server.maxPayload = Math.max(this.options.maxPayload, 125);
    const listeners = {
      listening: () => this.emit('listening'),
      error: (error) => this.emit('error', error),
      upgrade: (req, socket, head) => this.handleUpgrade(req, socket, head, (ws, request) => this.emit('connection', ws, request)),
    };
    for (const name of Object.keys(listeners)) server.on(name, listeners[name]);
    this.unfollow = () => {
      for (const name of Object.keys(listeners)) server.removeListener(name, listeners[name]);
    };
  }

  address() {
    if (this.options.noServer) throw new Error('The server is operating in "noServer" mode');
    return this._server ? this._server.address() : null;
  }

  close(callback) {
    if (this.state === CLOSED) {
      if (callback) this.once('close', () => callback(new Error('The server is not running')));
      process.nextTick(() => this.emit('close'));
      return;
    }
    if (callback) this.once('close', callback);
    if (this.state === CLOSING) return;
    this.state = CLOSING;
    const server = this._server;
    if (this.unfollow) this.unfollow();
    this._server = null;
    if (server && !this.options.server) {
      const left = () => {
        if (this.clients && this.clients.size > 0) this.whenLeft = () => this.closed();
        else this.closed();
      };
      if (server.listening) server.close(left);
      else process.nextTick(left);
    } else if (this.clients && this.clients.size > 0) this.whenLeft = () => process.nextTick(() => this.closed());
    else process.nextTick(() => this.closed());
  }

  closed() {
    if (this.state === CLOSED) return;
    this.state = CLOSED;
    this.emit('close');
  }

  shouldHandle(req) {
    if (!this.options.path) return true;
    const query = req.url.indexOf('?');
    return (query === -1 ? req.url : req.url.slice(0, query)) === this.options.path;
  }

  handleUpgrade(req, socket, head, callback) {
    const wrong = problemOf(req);
    if (wrong !== null) {
      const error = new Error(wrong.message);
      if (this.listenerCount('wsClientError') > 0) this.emit('wsClientError', error, socket, req);
      else refuse(socket, wrong.status, wrong.message, wrong.headers);
      return;
    }
    if (!this.shouldHandle(req)) {
      refuse(socket, 400);
      return;
    }
    const protocols = protocolsOf(req.headers['sec-websocket-protocol']);
    if (protocols === null) {
      refuse(socket, 400, 'Invalid Sec-WebSocket-Protocol header');
      return;
    }
    this.verify(req, socket, () => this.complete(req, socket, protocols, callback));
  }

  verify(req, socket, allowed) {
    const { verifyClient } = this.options;
    if (!verifyClient) {
      allowed();
      return;
    }
    const info = { origin: req.headers.origin, secure: false, req };
    if (verifyClient.length === 2) {
      verifyClient(info, (verified, code, message, headers) => {
        if (verified) allowed();
        else refuse(socket, code || 401, message, headers);
      });
    } else if (verifyClient(info)) allowed();
    else refuse(socket, 401);
  }

  complete(req, socket, protocols, callback) {
    const { exchange } = socket;
    if (socket.upgraded) {
      throw new Error('server.handleUpgrade() was called more than once with the same socket, possibly due to a misconfiguration');
    }
    if (exchange === null || socket.destroyed) {
      socket.destroy();
      return;
    }
    if (this.state > RUNNING) {
      refuse(socket, 503);
      return;
    }
    const protocol = protocols.size === 0 ? ''
      : this.options.handleProtocols ? this.options.handleProtocols(protocols, req) : protocols.values().next().value;
    const lines = ['HTTP/1.1 101 Switching Protocols', 'Upgrade: websocket', 'Connection: Upgrade'];
    if (protocol) lines.push(`Sec-WebSocket-Protocol: ${protocol}`);
    this.emit('headers', lines, req);
    socket.exchange = null;
    Object.defineProperty(socket, 'upgraded', { value: true });
    const ws = new this.options.WebSocket(null, undefined, this.options);
    host.accept(exchange, extrasOf(lines), this.options.maxPayload || 2 ** 30, (link) => {
      if (link === null) {
        socket.destroy();
        return;
      }
      ws._socket = socket;
      ws.attach(link, protocol || '');
      if (this.clients) {
        this.clients.add(ws);
        ws.on('close', () => this.left(ws));
      }
      callback(ws, req);
    });
  }

  left(ws) {
    this.clients.delete(ws);
    if (this.clients.size === 0 && this.whenLeft) this.whenLeft();
  }
}

/** Headers besides those of the handshake itself. */
function extrasOf(lines) {
  const parts = [];
  for (const line of lines.slice(1)) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon);
    if (!/^(upgrade|connection|sec-websocket-accept)$/i.test(name)) parts.push(name, line.slice(colon + 1).trim());
  }
  return parts.join('\0');
}

function problemOf(req) {
  const { headers } = req;
  if (req.method !== 'GET') return { status: 405, message: 'Invalid HTTP method' };
  if (headers.upgrade === undefined || headers.upgrade.toLowerCase() !== 'websocket') {
    return { status: 400, message: 'Invalid Upgrade header' };
  }
  if (headers['sec-websocket-key'] === undefined || !KEY.test(headers['sec-websocket-key'])) {
    return { status: 400, message: 'Missing or invalid Sec-WebSocket-Key header' };
  }
  const version = Number(headers['sec-websocket-version']);
  if (version !== 13 && version !== 8) {
    return { status: 400, message: 'Missing or invalid Sec-WebSocket-Version header', headers: { 'Sec-WebSocket-Version': '13, 8' } };
  }
  return null;
}

/** The subprotocols offered; null when the header is not as it should be. */
function protocolsOf(header) {
  const found = new Set();
  if (header === undefined) return found;
  for (const each of header.split(',')) {
    const name = each.trim();
    if (!TOKEN.test(name) || found.has(name)) return null;
    found.add(name);
  }
  return found;
}

function refuse(socket, status, message = http.STATUS_CODES[status], headers = {}) {
  const all = { Connection: 'close', 'Content-Type': 'text/html', 'Content-Length': Buffer.byteLength(message), ...headers };
  const lines = Object.keys(all).map((name) => `${name}: ${all[name]}`);
  socket.end(`HTTP/1.1 ${status} ${http.STATUS_CODES[status]}\r\n${lines.join('\r\n')}\r\n\r\n${message}`);
}

module.exports = WebSocketServer;
