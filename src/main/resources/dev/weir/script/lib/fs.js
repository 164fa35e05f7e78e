'use strict';

// Node's fs within the folders of the configuration's script.folders: callbacks, their ...Sync twins, promises and streams.

const table = require('internal/fs-table');
const { now, later, lastFunction, pathOf } = require('internal/fs-calls');
const { constants, Stats, Dirent } = require('internal/fs-stats');
const { checkFunction, coded, abortError } = require('internal/io');

const fs = exports;

for (const name of Object.keys(table)) {
  const prepare = table[name];
  fs[`${name}Sync`] = function (...args) {
    const { call, convert } = prepare(...args);
    return now(call, convert || (() => undefined));
  };
  fs[name] = function (...args) {
    const callback = lastFunction(args);
    const { call, convert } = prepare(...args.slice(0, -1));
    later(call, callback, convert);
  };
  for (const made of [name, `${name}Sync`]) Object.defineProperty(fs[made], 'name', { value: made });
}

// The shapes that differ from the table's.

const mute = (options) => options !== null && typeof options === 'object' && options.throwIfNoEntry === false;
for (const name of ['statSync', 'lstatSync']) {
  const strict = fs[name];
  fs[name] = function (path, options) {
    try {
      return strict(path);
    } catch (error) {
      if (mute(options) && (error.code === 'ENOENT')) return undefined;
      throw error;
    }
  };
}

// What has a signal.

const signalIn = (args) => {
  const options = args[args.length - 2];
  return options !== null && typeof options === 'object' && options.signal ? options.signal : undefined;
};
for (const name of ['readFile', 'writeFile', 'appendFile']) {
  const plain = fs[name];
  fs[name] = function (...args) {
    const signal = signalIn(args);
    if (signal === undefined) {
      plain(...args);
      return;
    }
    const callback = lastFunction(args);
    if (signal.aborted) process.nextTick(callback, abortError(signal));
    else plain(...args.slice(0, -1), (error, value) => (signal.aborted ? callback(abortError(signal)) : callback(error, value)));
  };
  Object.defineProperty(fs[name], 'name', { value: name });
}

// Copying with a filter asks it for every file.

const copySync = fs.cpSync;
fs.cpSync = function cpSync(from, to, options) {
  if (options && options.filter) {
    require('internal/fs-cp').filteredSync(pathOf(from, 'src'), pathOf(to, 'dest'), options);
    return undefined;
  }
  return copySync(from, to, options);
};
const copy = fs.cp;
fs.cp = function cp(from, to, ...args) {
  const callback = lastFunction([from, to, ...args]);
  const options = args.length > 1 ? args[0] : undefined;
  if (!options || !options.filter) copy(from, to, options, callback);
  else {
    require('internal/fs-cp').filtered(pathOf(from, 'src'), pathOf(to, 'dest'), options)
      .then(() => process.nextTick(callback, null), (error) => process.nextTick(callback, error));
  }
};

fs.existsSync = function existsSync(path) {
  try {
    fs.accessSync(path);
    return true;
  } catch {
    return false;
  }
};

fs.exists = function exists(path, callback) {
  checkFunction(callback, 'cb');
  try {
    fs.access(path, (error) => callback(!error));
  } catch {
    process.nextTick(callback, false);
  }
};

fs.close = function close(fd, callback = () => {}) {
  later(table.close(fd).call, callback);
};

fs.read = function read(fd, ...args) {
  const callback = lastFunction(args);
  const { call, convert, buffer } = table.read(fd, ...args.slice(0, -1));
  later(call, (error, count) => (error ? callback(error) : callback(null, count, buffer)), convert);
};

fs.write = function write(fd, data, ...args) {
  const callback = lastFunction(args);
  const { call, convert } = table.write(fd, data, ...args.slice(0, -1));
  later(call, (error, count) => (error ? callback(error) : callback(null, count, data)), convert);
};

fs.opendirSync = (path) => new Dir(pathOf(path), fs.readdirSync(path, { withFileTypes: true }));
fs.opendir = function opendir(path, ...args) {
  const callback = lastFunction(args);
  fs.readdir(path, { withFileTypes: true }, (error, entries) => {
    if (error) callback(error);
    else callback(null, new Dir(pathOf(path), entries));
  });
};

/** A folder being walked; its entries were read when it was opened. */
class Dir {
  constructor(path, entries) {
    this.path = path;
    Object.defineProperty(this, 'entries', { value: entries });
    Object.defineProperty(this, 'closed', { value: false, writable: true });
  }

  check() {
    if (this.closed) throw coded(Error, 'ERR_DIR_CLOSED', 'Directory handle was closed');
  }

  readSync() {
    this.check();
    return this.entries.shift() || null;
  }

  async read() {
    return this.readSync();
  }

  closeSync() {
    this.check();
    this.closed = true;
    this.entries.length = 0;
  }

  async close() {
    this.closeSync();
  }

  async *[Symbol.asyncIterator]() {
    try {
      for (let next = this.readSync(); next !== null; next = this.readSync()) yield next;
    } finally {
      if (!this.closed) this.closeSync();
    }
  }
}

fs.realpath.native = fs.realpath;
fs.realpathSync.native = fs.realpathSync;
fs.F_OK = constants.F_OK;
fs.R_OK = constants.R_OK;
fs.W_OK = constants.W_OK;
fs.X_OK = constants.X_OK;
fs.constants = constants;
fs.Stats = Stats;
fs.Dirent = Dirent;
fs.Dir = Dir;

// Streams, promises and watching load what they need when they are first used.

const lazily = (name, from, key = name) =>
  Object.defineProperty(fs, name, { enumerable: true, configurable: true, get: () => require(from)[key] });
for (const name of ['ReadStream', 'WriteStream', 'createReadStream', 'createWriteStream']) lazily(name, 'internal/fs-streams');
lazily('FileReadStream', 'internal/fs-streams', 'ReadStream');
lazily('FileWriteStream', 'internal/fs-streams', 'WriteStream');
for (const name of ['watch', 'watchFile', 'unwatchFile']) lazily(name, 'internal/fs-watch');
Object.defineProperty(fs, 'promises', { enumerable: true, configurable: true, get: () => require('fs/promises') });
