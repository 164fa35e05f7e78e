'use strict';

// fs.watch tells what the system tells of a folder or file, looked for ten times a second; fs.watchFile compares stats.

const EventEmitter = require('events');
const { host, now, call, pathOf } = require('internal/fs-calls');
const fs = require('fs');

const LOOK_MILLIS = 100;

class FSWatcher extends EventEmitter {
  constructor(path, persistent) {
    super();
    const at = pathOf(path, 'filename');
    this.id = now(call('watch', 'watch', at, null, null, 0, undefined, at), Number);
    this.timer = setInterval(() => this.look(), LOOK_MILLIS);
    if (!persistent) this.timer.unref();
  }

  look() {
    const changes = host.watched(this.id);
    if (changes === null) return;
    for (const change of changes.split('\0')) {
      if (this.id !== -1) this.emit('change', change[0] === 'c' ? 'change' : 'rename', change.slice(1));
    }
  }

  close() {
    if (this.id === -1) return;
    clearInterval(this.timer);
    host.unwatch(this.id);
    this.id = -1;
    process.nextTick(() => this.emit('close'));
  }

  ref() {
    this.timer.ref();
    return this;
  }

  unref() {
    this.timer.unref();
    return this;
  }
}

exports.watch = function watch(path, options, listener) {
  const told = typeof options === 'function' ? options : listener;
  const watcher = new FSWatcher(path, !(typeof options === 'object' && options !== null && options.persistent === false));
  if (told) watcher.on('change', told);
  return watcher;
};

/** `for await (const {eventType, filename} of changes(path))` */
exports.changes = async function* changes(path, options) {
  const watcher = exports.watch(path, options);
  const signal = options && options.signal;
  try {
    for await (const [eventType, filename] of EventEmitter.on(watcher, 'change', { signal })) yield { eventType, filename };
  } finally {
    watcher.close();
  }
};

const watched = new Map();

class StatWatcher extends EventEmitter {
  constructor(path, interval, persistent) {
    super();
    this.last = look(path);
    this.timer = setInterval(() => {
      const current = look(path);
      const before = this.last;
      this.last = current;
      if (current.mtimeMs !== before.mtimeMs || current.size !== before.size || current.ino !== before.ino) {
        this.emit('change', current, before);
      }
    }, interval);
    if (!persistent) this.timer.unref();
  }
}

function look(path) {
  return fs.statSync(path, { throwIfNoEntry: false }) || new fs.Stats('0,0,0,0,0,0,0,0,0,0,0,0,0,0');
}

exports.watchFile = function watchFile(path, options, listener) {
  const told = typeof options === 'function' ? options : listener;
  const { interval = 5007, persistent = true } = typeof options === 'object' && options !== null ? options : {};
  const at = pathOf(path, 'filename');
  let watcher = watched.get(at);
  if (!watcher) {
    watcher = new StatWatcher(at, interval, persistent);
    watched.set(at, watcher);
  }
  watcher.on('change', told);
  return watcher;
};

exports.unwatchFile = function unwatchFile(path, listener) {
  const at = pathOf(path, 'filename');
  const watcher = watched.get(at);
  if (!watcher) return;
  if (listener) watcher.removeListener('change', listener);
  else watcher.removeAllListeners('change');
  if (watcher.listenerCount('change') === 0) {
    clearInterval(watcher.timer);
    watched.delete(at);
  }
};

exports.FSWatcher = FSWatcher;
