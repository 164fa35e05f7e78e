'use strict';

// Requests by TLS. There is no server: a node's front does TLS, a script serves behind it.

const { coded } = require('internal/io');
const http = require('http');

exports.request = function request(...args) {
  return require('internal/http-client').request(true)(...args);
};

exports.get = function get(...args) {
  const made = exports.request(...args);
  made.end();
  return made;
};

let Agent;
Object.defineProperty(exports, 'Agent', {
  enumerable: true,
  configurable: true,
  get: () =>
    (Agent ||= class extends http.Agent {
      constructor(options) {
        super(options);
        this.protocol = 'https:';
        this.defaultPort = 443;
      }
    }),
});

let globalAgent;
Object.defineProperty(exports, 'globalAgent', {
  enumerable: true,
  configurable: true,
  get: () => (globalAgent ||= new exports.Agent({ keepAlive: true })),
});

exports.createServer = function createServer() {
  throw coded(Error, 'ERR_METHOD_NOT_IMPLEMENTED', 'https.createServer is not here: let the node or a proxy do TLS and use http.createServer behind it');
};
