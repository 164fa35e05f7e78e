'use strict';

// fs.createReadStream and fs.createWriteStream: the stream asks Java for the next piece when it has room, so memory is bounded
// by the high-water mark however large the file is.

const { Readable, Writable } = require('stream');
const { call, later, pathOf, flagsOf, modeOf } = require('internal/fs-calls');
const table = require('internal/fs-table');
const { fromHost, invalidType, outOfRange, abortError } = require('internal/io');

function optionsOf(options, streamDefaults) {
  if (options === undefined || options === null) return { ...streamDefaults };
  if (typeof options === 'string') return { ...streamDefaults, encoding: options };
  if (typeof options !== 'object') throw invalidType('options', 'one of type string or object', options);
  return { ...streamDefaults, ...options };
}

function checkNumber(value, name) {
  if (typeof value !== 'number') throw invalidType(name, 'of type number', value);
  if (!(value >= 0) || (value !== Infinity && !Number.isInteger(value))) throw outOfRange(name, 'an integer', value);
}

function prepare(stream, path, options, flags) {
  const given = options.fd;
  stream.handle = given !== null && typeof given === 'object' ? given : undefined;
  stream.fd = stream.handle ? stream.handle.fd : given === undefined ? null : given;
  stream.path = stream.fd === null ? pathOf(path) : path === null ? undefined : path;
  stream.flags = options.flags === undefined ? flags : options.flags;
  stream.mode = options.mode === undefined ? 0o666 : options.mode;
  stream.start = options.start;
  stream.pos = undefined;
}

function follow(stream, signal) {
  if (!signal) return;
  const abort = () => stream.destroy(abortError(signal));
  if (signal.aborted) process.nextTick(abort);
  else {
    signal.addEventListener('abort', abort, { once: true });
    stream.once('close', () => signal.removeEventListener('abort', abort));
  }
}

function openFor(stream, callback) {
  if (stream.fd !== null) {
    callback();
    return;
  }
  const at = stream.path;
  const opening = call('open', 'open', at, flagsOf(stream.flags, 'r'), null, modeOf(stream.mode, 0o666), undefined, at);
  later(opening, (error, fd) => {
    if (error) {
      callback(error);
      return;
    }
    stream.fd = fd;
    callback();
    stream.emit('open', fd);
    stream.emit('ready');
  }, Number);
}

function closeFor(stream, error, callback) {
  const { fd } = stream;
  stream.fd = null;
  if (fd === null || (stream.autoClose === false && error === null)) callback(error);
  else if (stream.handle) stream.handle.close().then(() => callback(error), (failure) => callback(error || failure));
  else later(table.close(fd).call, (failure) => callback(error || failure));
}

function closer(callback) {
  if (callback) {
    if (this.closed) process.nextTick(callback);
    else this.once('close', callback);
  }
  if (this.autoClose === false || this instanceof ReadStream) this.destroy();
  else this.end();
}

class ReadStream extends Readable {
  constructor(path, options) {
    const found = optionsOf(options, { highWaterMark: 64 * 1024 });
    super({
      highWaterMark: found.highWaterMark,
      encoding: found.encoding,
      emitClose: found.emitClose !== false,
      autoDestroy: found.autoClose !== false,
      objectMode: false,
    });
    prepare(this, path, found, 'r');
    this.autoClose = found.autoClose !== false;
    this.end = found.end === undefined ? Infinity : found.end;
    this.bytesRead = 0;
    if (this.start !== undefined) {
      checkNumber(this.start, 'start');
      this.pos = this.start;
    }
    if (this.end !== Infinity) {
      checkNumber(this.end, 'end');
      if (this.start !== undefined && this.start > this.end) {
        throw outOfRange('start', `<= "end" (here: ${this.end})`, this.start);
      }
    }
    follow(this, found.signal);
  }

  get pending() {
    return this.fd === null;
  }

  _construct(callback) {
    openFor(this, callback);
  }

  _read(size) {
    const first = this.start === undefined ? 0 : this.start;
    const left = this.end - first + 1 - this.bytesRead;
    const wanted = Math.min(size, left);
    if (wanted <= 0) {
      this.push(null);
      return;
    }
    const at = this.pos === undefined ? null : String(this.pos);
    later(call('read', 'read', null, at, String(wanted), this.fd), (error, bytes) => {
      if (error) {
        this.destroy(error);
        return;
      }
      if (bytes === null) {
        this.push(null);
        return;
      }
      this.bytesRead += bytes.length;
      if (this.pos !== undefined) this.pos += bytes.length;
      this.push(bytes);
    }, (bytes) => (bytes === null ? null : fromHost(bytes)));
  }

  _destroy(error, callback) {
    closeFor(this, error, callback);
  }
}

class WriteStream extends Writable {
  constructor(path, options) {
    const found = optionsOf(options, {});
    super({
      highWaterMark: found.highWaterMark,
      decodeStrings: false,
      emitClose: found.emitClose !== false,
      autoDestroy: found.autoClose !== false,
    });
    prepare(this, path, found, 'w');
    this.autoClose = found.autoClose !== false;
    this.bytesWritten = 0;
    if (this.start !== undefined) {
      checkNumber(this.start, 'start');
      this.pos = this.start;
    }
    if (found.encoding) this.setDefaultEncoding(found.encoding);
    follow(this, found.signal);
  }

  get pending() {
    return this.fd === null;
  }

  _construct(callback) {
    openFor(this, callback);
  }

  _write(chunk, encoding, callback) {
    const text = typeof chunk === 'string' ? chunk : undefined;
    const { call: writing, convert } = text === undefined
      ? table.write(this.fd, chunk, 0, chunk.length, this.pos)
      : table.write(this.fd, text, this.pos, encoding);
    later(writing, (error, count) => {
      if (error) {
        callback(error);
        return;
      }
      this.bytesWritten += count;
      if (this.pos !== undefined) this.pos += count;
      callback();
    }, convert);
  }

  _destroy(error, callback) {
    closeFor(this, error, callback);
  }
}

ReadStream.prototype.close = closer;
WriteStream.prototype.close = closer;
WriteStream.prototype.destroySoon = WriteStream.prototype.end;

exports.ReadStream = ReadStream;
exports.WriteStream = WriteStream;
exports.createReadStream = (path, options) => new ReadStream(path, options);
exports.createWriteStream = (path, options) => new WriteStream(path, options);
