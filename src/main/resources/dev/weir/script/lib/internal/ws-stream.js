'use strict';

// A WebSocket as a Duplex, as ws.createWebSocketStream has it.

const { Duplex } = require('stream');

module.exports = function createWebSocketStream(ws, options) {
  let byPeer = true;
  const duplex = new Duplex({ ...options, autoDestroy: false, emitClose: false, objectMode: false, writableObjectMode: false });

  ws.on('message', (data, binary) => {
    const piece = !binary && duplex._readableState.objectMode ? data.toString() : data;
    if (!duplex.push(piece)) ws.pause();
  });
  ws.once('error', (error) => {
    if (duplex.destroyed) return;
    byPeer = false;
    duplex.destroy(error);
  });
  ws.once('close', () => {
    if (!duplex.destroyed) duplex.push(null);
  });

  duplex._read = () => {
    if (ws.isPaused) ws.resume();
  };
  duplex._write = (chunk, encoding, callback) => {
    if (ws.readyState === ws.CONNECTING) ws.once('open', () => duplex._write(chunk, encoding, callback));
    else ws.send(chunk, callback);
  };
  duplex._final = (callback) => {
    if (ws.readyState === ws.CONNECTING) {
      ws.once('open', () => duplex._final(callback));
      return;
    }
    if (ws.readyState === ws.CLOSED) {
      callback();
      if (duplex._readableState.endEmitted) duplex.destroy();
      return;
    }
    ws.once('close', () => callback());
    ws.close();
  };
  duplex._destroy = (error, callback) => {
    if (ws.readyState === ws.CLOSED) {
      callback(error);
      process.nextTick(() => duplex.emit('close'));
      return;
    }
    ws.once('close', () => {
      callback(error);
      process.nextTick(() => duplex.emit('close'));
    });
    if (byPeer) ws.terminate();
  };
  const endWhenBoth = () => {
    if (!duplex.destroyed && duplex._readableState.endEmitted && duplex._writableState.finished) duplex.destroy();
  };
  duplex.on('end', endWhenBoth);
  duplex.on('finish', endWhenBoth);
  return duplex;
};
