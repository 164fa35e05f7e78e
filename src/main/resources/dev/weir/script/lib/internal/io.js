'use strict';

// What the modules that do I/O share: Node's system errors, checks of arguments, and bytes between Java and JavaScript.

const SYSTEM = {
  E2BIG: [-7, 'argument list too long'],
  EACCES: [-13, 'permission denied'],
  EADDRINUSE: [-98, 'address already in use'],
  EADDRNOTAVAIL: [-99, 'address not available'],
  EBADF: [-9, 'bad file descriptor'],
  EBUSY: [-16, 'resource busy or locked'],
  ECONNABORTED: [-103, 'software caused connection abort'],
  ECONNREFUSED: [-111, 'connection refused'],
  ECONNRESET: [-104, 'connection reset by peer'],
  EEXIST: [-17, 'file already exists'],
  EHOSTUNREACH: [-113, 'host is unreachable'],
  EINVAL: [-22, 'invalid argument'],
  EIO: [-5, 'i/o error'],
  EISDIR: [-21, 'illegal operation on a directory'],
  ELOOP: [-40, 'too many symbolic links encountered'],
  EMFILE: [-24, 'too many open files'],
  ENAMETOOLONG: [-36, 'name too long'],
  ENOENT: [-2, 'no such file or directory'],
  ENOSPC: [-28, 'no space left on device'],
  ENOSYS: [-38, 'function not implemented'],
  ENOTDIR: [-20, 'not a directory'],
  ENOTEMPTY: [-39, 'directory not empty'],
  ENOTFOUND: [-3008, 'no such host'],
  EPERM: [-1, 'operation not permitted'],
  EPIPE: [-32, 'broken pipe'],
  EROFS: [-30, 'read-only file system'],
  ETIMEDOUT: [-110, 'connection timed out'],
  EXDEV: [-18, 'cross-device link not permitted'],
};

/** The error Node makes of a failed system call; `why` is more than Node would say (which key of the configuration mends it). */
function systemError(code, syscall, path, dest, why) {
  const known = SYSTEM[code] || SYSTEM.EIO;
  let message = `${code}: ${known[1]}, ${syscall}`;
  if (path !== undefined) message += ` '${path}'`;
  if (dest !== undefined) message += ` -> '${dest}'`;
  if (why) message += ` (${why})`;
  const error = new Error(message);
  error.errno = known[0];
  error.code = code;
  error.syscall = syscall;
  if (path !== undefined) error.path = path;
  if (dest !== undefined) error.dest = dest;
  return error;
}

/** The error of a network call, as Node words it: `connect ECONNREFUSED 127.0.0.1:1`. */
function networkError(code, syscall, host, port, why) {
  let message;
  if (code === 'ENOTFOUND') message = `getaddrinfo ENOTFOUND ${host}`;
  else if (code === 'ECONNRESET') message = why || 'socket hang up';
  else if (code === 'EADDRINUSE') message = `listen EADDRINUSE: address already in use ${host}:${port}`;
  else if (!SYSTEM[code]) message = why || code;
  else if (syscall === 'listen') message = `listen ${code}: ${SYSTEM[code][1]} ${host}:${port}`;
  else message = `${syscall} ${code} ${host}:${port}`;
  if (syscall === 'listen' && why) message += ` (${why})`;
  const error = new Error(message);
  if (SYSTEM[code]) error.errno = SYSTEM[code][0];
  error.code = code;
  if (code === 'ENOTFOUND') {
    error.syscall = 'getaddrinfo';
    error.hostname = host;
  } else if (code !== 'ECONNRESET' && SYSTEM[code]) {
    error.syscall = syscall;
    error.address = host;
    error.port = port;
  }
  return error;
}

function coded(Kind, code, message) {
  const error = new Kind(message);
  error.code = code;
  return error;
}

function received(value) {
  if (value === null || value === undefined) return `Received ${value}`;
  if (typeof value === 'function') return `Received function ${value.name}`;
  if (typeof value === 'object') {
    const name = value.constructor && value.constructor.name;
    return name ? `Received an instance of ${name}` : 'Received [Object: null prototype] {}';
  }
  let shown = typeof value === 'string' ? `'${value.length > 25 ? `${value.slice(0, 25)}...` : value}'` : String(value);
  if (typeof value === 'bigint') shown += 'n';
  return `Received type ${typeof value} (${shown})`;
}

function invalidType(name, expected, value) {
  const kind = name.includes('.') ? 'property' : 'argument';
  return coded(TypeError, 'ERR_INVALID_ARG_TYPE', `The "${name}" ${kind} must be ${expected}. ${received(value)}`);
}

function invalidValue(name, value, reason = 'is invalid') {
  const shown = typeof value === 'string' ? `'${value.replace(/\0/g, '\\x00')}'` : String(value);
  return coded(TypeError, 'ERR_INVALID_ARG_VALUE', `The argument '${name}' ${reason}. Received ${shown}`);
}

function checkFunction(value, name) {
  if (typeof value !== 'function') throw invalidType(name, 'of type function', value);
  return value;
}

function outOfRange(name, range, value) {
  return coded(RangeError, 'ERR_OUT_OF_RANGE', `The value of "${name}" is out of range. It must be ${range}. Received ${value}`);
}

let FastBuffer;

/** A Buffer over memory of Java's, without a copy. */
function fromHost(bytes) {
  if (FastBuffer === undefined) FastBuffer = Buffer[Symbol.species];
  return new FastBuffer(new ArrayBuffer(bytes));
}

/** Any view or ArrayBuffer as a Uint8Array over the same memory; anything else is undefined. */
function viewOf(data) {
  if (data instanceof Uint8Array) return data;
  if (ArrayBuffer.isView(data)) return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  if (data instanceof ArrayBuffer) return new Uint8Array(data);
  return undefined;
}

function utf8(encoding) {
  return encoding === undefined || encoding === null || encoding === 'utf8' || encoding === 'utf-8' || encoding === 'buffer';
}

function abortError(signal) {
  const reason = signal && signal.reason;
  const error = new Error('The operation was aborted');
  error.name = 'AbortError';
  error.code = 'ABORT_ERR';
  if (reason !== undefined) error.cause = reason;
  return error;
}

module.exports = {
  SYSTEM,
  systemError,
  networkError,
  coded,
  received,
  invalidType,
  invalidValue,
  outOfRange,
  checkFunction,
  fromHost,
  viewOf,
  utf8,
  abortError,
};
