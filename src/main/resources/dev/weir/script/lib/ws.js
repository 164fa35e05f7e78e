'use strict';

// The ws package's surface over Vert.x WebSockets: `WebSocket`, `WebSocketServer`, `WebSocket.Server`, `createWebSocketStream`.

const WebSocket = require('internal/ws-socket');
const WebSocketServer = require('internal/ws-server');

WebSocket.createWebSocketStream = (...args) => require('internal/ws-stream')(...args);
WebSocket.Server = WebSocketServer;
WebSocket.WebSocket = WebSocket;
WebSocket.WebSocketServer = WebSocketServer;

module.exports = WebSocket;
