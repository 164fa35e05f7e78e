'use strict';

// Node's http over Vert.x: servers on the verticle's event loop, and requests.

const STATUS_CODES = require('internal/http-status');

exports.METHODS = ['ACL', 'BIND', 'CHECKOUT', 'CONNECT', 'COPY', 'DELETE', 'GET', 'HEAD', 'LINK', 'LOCK', 'M-SEARCH', 'MERGE', 'MKACTIVITY', 'MKCALENDAR', 'MKCOL', 'MOVE', 'NOTIFY', 'OPTIONS', 'PATCH', 'POST', 'PROPFIND', 'PROPPATCH', 'PURGE', 'PUT', 'QUERY', 'REBIND', 'REPORT', 'SEARCH', 'SOURCE', 'SUBSCRIBE', 'TRACE', 'UNBIND', 'UNLINK', 'UNLOCK', 'UNSUBSCRIBE'];
exports.STATUS_CODES = STATUS_CODES;
exports.maxHeaderSize = 16384;

const FROM = {
  Server: 'internal/http-server',
  ServerResponse: 'internal/http-response',
  IncomingMessage: 'internal/http-messages',
  OutgoingMessage: 'internal/http-messages',
  validateHeaderName: 'internal/http-messages',
  validateHeaderValue: 'internal/http-messages',
  ClientRequest: 'internal/http-client',
  Agent: 'internal/http-client',
};
for (const name of Object.keys(FROM)) {
  Object.defineProperty(exports, name, { enumerable: true, configurable: true, get: () => require(FROM[name])[name] });
}

exports.createServer = function createServer(options, listener) {
  return new exports.Server(options, listener);
};

exports.request = function request(...args) {
  return require('internal/http-client').request(false)(...args);
};

exports.get = function get(...args) {
  const made = exports.request(...args);
  made.end();
  return made;
};

let globalAgent;
Object.defineProperty(exports, 'globalAgent', {
  enumerable: true,
  configurable: true,
  get: () => (globalAgent ||= new exports.Agent({ keepAlive: true })),
  set: (agent) => {
    globalAgent = agent;
  },
});
