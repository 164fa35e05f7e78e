'use strict';

// One way into Java for every file operation: `now` runs it on the spot and throws, `later` on a worker and calls back.

const { systemError, coded, invalidType, invalidValue, outOfRange, checkFunction, viewOf } = require('internal/io');

const host = binding('fs');
const { carry } = binding('loop');

function failure(outcome, it) {
  if (outcome.code === 'ERR_FS_EISDIR') return isFolder(it.path);
  if (outcome.code.startsWith('CP_')) return require('internal/fs-cp').failure(outcome, it.a, it.b);
  return systemError(outcome.code, outcome.syscall || it.syscall, outcome.whole ? undefined : it.path, it.dest, outcome.why);
}

function isFolder(path) {
  const error = coded(Error, 'ERR_FS_EISDIR', `Path is a directory: rm returned EISDIR (is a directory) ${path}`);
  Object.defineProperty(error, 'name', { value: 'SystemError', configurable: true, writable: true });
  return Object.assign(error, { info: { code: 'EISDIR', message: 'is a directory', path, syscall: 'rm', errno: 21 }, errno: 21, syscall: 'rm', path });
}

/**
 * A call: the operation's name, what Node calls the system call, paths and texts a, b, c, a number and bytes.
 * `shownPath` and `shownDest` are what an error names.
 */
function call(op, syscall, a, b, c, n, view, shownPath, shownDest) {
  return { op, syscall, a, b, c, n, view, path: shownPath, dest: shownDest };
}

function now(it, convert) {
  const v = it.view;
  const outcome = v === undefined
    ? host.now(it.op, it.a, it.b, it.c, it.n || 0, null, 0, 0)
    : host.now(it.op, it.a, it.b, it.c, it.n || 0, v.buffer, v.byteOffset, v.byteLength);
  if (outcome.code !== null) throw failure(outcome, it);
  return convert === undefined ? outcome.value : convert(outcome.value);
}

function later(it, callback, convert) {
  const v = it.view;
  const done = carry((outcome) => {
    if (outcome.code !== null) callback(failure(outcome, it));
    else if (convert === undefined) callback(null);
    else callback(null, convert(outcome.value));
  });
  if (v === undefined) host.later(done, it.op, it.a, it.b, it.c, it.n || 0, null, 0, 0);
  else host.later(done, it.op, it.a, it.b, it.c, it.n || 0, v.buffer, v.byteOffset, v.byteLength);
}

function pathOf(value, name = 'path') {
  let path = value;
  if (path instanceof Uint8Array) path = Buffer.from(path.buffer, path.byteOffset, path.byteLength).toString();
  else if (path !== null && typeof path === 'object' && path.href && path.protocol && path.auth === undefined && path.path === undefined) {
    path = require('url').fileURLToPath(path);
  }
  if (typeof path !== 'string') throw invalidType(name, 'of type string or an instance of Buffer or URL', value);
  if (path.includes('\0')) throw invalidValue(name, path, 'must be a string, Uint8Array, or URL without null bytes');
  return path;
}

function fdOf(value, name = 'fd') {
  if (typeof value !== 'number') throw invalidType(name, 'of type number', value);
  return wholeOf(value, name, 0, 2 ** 31 - 1);
}

/** A whole number from `least` to `most`. */
function wholeOf(value, name, least, most = Number.MAX_SAFE_INTEGER) {
  if (typeof value !== 'number') throw invalidType(name, 'of type number', value);
  if (!Number.isInteger(value)) throw outOfRange(name, 'an integer', value);
  if (value < least || value > most) throw outOfRange(name, `>= ${least} && <= ${most}`, value);
  return value;
}

const FLAGS = new Set(['r', 'rs', 'sr', 'r+', 'rs+', 'sr+', 'w', 'wx', 'xw', 'w+', 'wx+', 'xw+', 'a', 'ax', 'xa', 'as', 'sa', 'a+', 'ax+', 'xa+', 'as+', 'sa+']);

function flagsOf(flags, fallback) {
  if (flags === undefined || flags === null) return fallback;
  if (typeof flags === 'number') {
    // O_RDONLY 0, O_WRONLY 1, O_RDWR 2, O_CREAT 64, O_EXCL 128, O_TRUNC 512, O_APPEND 1024
    const exclusive = flags & 128 ? 'x' : '';
    if (flags & 1024) return `a${exclusive}${(flags & 3) === 2 ? '+' : ''}`;
    if (flags & 512) return `w${exclusive}${(flags & 3) === 2 ? '+' : ''}`;
    if (flags & 64) return `c${exclusive}${(flags & 3) === 2 ? '+' : ''}`;
    return (flags & 3) === 0 ? 'r' : 'r+';
  }
  if (!FLAGS.has(flags)) throw invalidValue('flags', flags);
  return flags.replace('s', '').replace(/^x([wa])/, '$1x');
}

function modeOf(mode, fallback) {
  if (mode === undefined || mode === null) return fallback;
  if (typeof mode === 'string') {
    if (!/^[0-7]+$/.test(mode)) throw invalidValue('mode', mode, 'must be a 32-bit unsigned integer or an octal string');
    return parseInt(mode, 8);
  }
  return wholeOf(mode, 'mode', 0, 2 ** 32 - 1);
}

/** Options that may be an encoding alone, with its check. */
function optionsOf(options, defaults) {
  if (options === undefined || options === null || typeof options === 'function') return defaults;
  const found = typeof options === 'string' ? { ...defaults, encoding: options } : { ...defaults, ...options };
  if (typeof options !== 'string' && typeof options !== 'object') {
    throw invalidType('options', 'one of type string or object', options);
  }
  const { encoding } = found;
  if (encoding && encoding !== 'buffer' && !Buffer.isEncoding(encoding)) {
    throw invalidValue('encoding', encoding, 'is invalid encoding');
  }
  return found;
}

function lastFunction(args) {
  return checkFunction(args.length > 1 ? args[args.length - 1] : undefined, 'cb');
}

/** What is written: text that is UTF-8 goes to Java as text, everything else as bytes. */
function dataOf(data, encoding) {
  if (typeof data === 'string') {
    return encoding === undefined || encoding === null || encoding === 'utf8' || encoding === 'utf-8'
      ? { text: data, view: undefined }
      : { text: null, view: Buffer.from(data, encoding) };
  }
  const view = data instanceof ArrayBuffer ? undefined : viewOf(data);
  if (view === undefined) {
    throw invalidType('data', 'of type string or an instance of Buffer, TypedArray, or DataView', data);
  }
  return { text: null, view };
}

module.exports = { host, call, now, later, pathOf, fdOf, wholeOf, flagsOf, modeOf, optionsOf, lastFunction, dataOf };
