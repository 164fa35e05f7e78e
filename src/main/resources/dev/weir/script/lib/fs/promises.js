'use strict';

// fs/promises and FileHandle, over the same table as the callbacks.

const EventEmitter = require('events');
const table = require('internal/fs-table');
const { later } = require('internal/fs-calls');
const { constants } = require('internal/fs-stats');

function promised(prepare, ...args) {
  return new Promise((resolve, reject) => {
    const { call, convert } = prepare(...args);
    later(call, (error, value) => (error ? reject(error) : resolve(value)), convert);
  });
}

const NAMES = ['access', 'appendFile', 'chmod', 'copyFile', 'cp', 'link', 'lstat', 'mkdir', 'mkdtemp', 'readFile', 'readdir', 'readlink', 'realpath', 'rename', 'rm', 'rmdir', 'stat', 'symlink', 'truncate', 'unlink', 'utimes', 'writeFile'];
for (const name of NAMES) {
  exports[name] = { [name]: async (path, ...args) => withSignal(args, () => promised(table[name], fdOr(path), ...args)) }[name];
}

const copy = exports.cp;
exports.cp = async function cp(from, to, options) {
  if (!options || !options.filter) return copy(from, to, options);
  const { pathOf } = require('internal/fs-calls');
  return require('internal/fs-cp').filtered(pathOf(from, 'src'), pathOf(to, 'dest'), options);
};

/** What comes piece by piece is written so. */
const writeWhole = exports.writeFile;
exports.writeFile = async function writeFile(path, data, options) {
  const comes = typeof data === 'object' && data !== null && !ArrayBuffer.isView(data) && (data[Symbol.asyncIterator] || data[Symbol.iterator]);
  if (!comes) return writeWhole(path, data, options);
  const { flag = 'w', mode = 0o666, encoding, signal } = typeof options === 'string' ? { encoding: options } : options || {};
  const file = path instanceof FileHandle ? path : await exports.open(path, flag, mode);
  try {
    for await (const piece of data) {
      if (signal && signal.aborted) throw require('internal/io').abortError(signal);
      await file.write(typeof piece === 'string' ? Buffer.from(piece, encoding || 'utf8') : piece);
    }
  } finally {
    if (file !== path) await file.close();
  }
  return undefined;
};

function fdOr(path) {
  return path instanceof FileHandle ? path.fd : path;
}

async function withSignal(args, run) {
  const options = args[args.length - 1];
  const signal = typeof options === 'object' && options !== null ? options.signal : undefined;
  if (signal && signal.aborted) throw require('internal/io').abortError(signal);
  const value = await run();
  if (signal && signal.aborted) throw require('internal/io').abortError(signal);
  return value;
}

/** An open file. */
class FileHandle extends EventEmitter {
  constructor(fd) {
    super();
    Object.defineProperty(this, 'fd', { value: fd, writable: true });
  }

  appendFile(data, options) {
    return promised(table.appendFile, this.fd, data, options);
  }

  writeFile(data, options) {
    return promised(table.writeFile, this.fd, data, options);
  }

  readFile(options) {
    return promised(table.readFile, this.fd, options);
  }

  async read(...args) {
    const { call, convert, buffer } = table.read(this.fd, ...args);
    const bytesRead = await promised(() => ({ call, convert }));
    return { bytesRead, buffer };
  }

  async write(data, ...args) {
    return { bytesWritten: await promised(table.write, this.fd, data, ...args), buffer: data };
  }

  stat() {
    return promised(table.fstat, this.fd);
  }

  truncate(length) {
    return promised(table.ftruncate, this.fd, length);
  }

  sync() {
    return promised(table.fsync, this.fd);
  }

  datasync() {
    return promised(table.fdatasync, this.fd);
  }

  async close() {
    if (this.fd === -1) return;
    const { fd } = this;
    this.fd = -1;
    await promised(table.close, fd);
    this.emit('close');
  }

  createReadStream(options) {
    return require('fs').createReadStream(null, { ...options, fd: this });
  }

  createWriteStream(options) {
    return require('fs').createWriteStream(null, { ...options, fd: this });
  }
}
if (Symbol.asyncDispose) FileHandle.prototype[Symbol.asyncDispose] = FileHandle.prototype.close;

exports.open = async function open(path, flags, mode) {
  return new FileHandle(await promised(table.open, path, flags, mode));
};

exports.opendir = (path) =>
  new Promise((resolve, reject) => {
    require('fs').opendir(path, (error, dir) => (error ? reject(error) : resolve(dir)));
  });

exports.watch = (path, options) => require('internal/fs-watch').changes(path, options);
exports.constants = constants;
exports.FileHandle = FileHandle;
