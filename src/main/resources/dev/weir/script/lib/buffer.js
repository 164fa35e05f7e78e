'use strict';
// Node's Buffer: a Uint8Array with text, numbers and searching. Numbers are in internal/buffer_numbers, text in internal/buffer_text.

const { codes } = require('internal/errors');
const { validateArray, validateInteger, validateNumber, validateString } = require('internal/validators');
const text = require('internal/buffer_text');

const kInspect = Symbol.for('nodejs.util.inspect.custom');
const kMaxLength = 2 ** 32;
const kStringMaxLength = 2 ** 29 - 24;

class FastBuffer extends Uint8Array {}

function Buffer(value, encodingOrOffset, length) {
  require('internal/buffer_rest').warnOfConstructor();
  return typeof value === 'number' ? Buffer.alloc(value) : Buffer.from(value, encodingOrOffset, length);
}
Object.setPrototypeOf(Buffer, Uint8Array);
Object.defineProperty(Buffer, Symbol.species, { get: () => FastBuffer, configurable: true });
const proto = FastBuffer.prototype;
Object.defineProperty(proto, 'constructor', { value: Buffer, writable: true, configurable: true });
Buffer.prototype = proto;
Buffer.poolSize = 8192;

const TRANSCODED = new Set(['utf8', 'utf16le', 'latin1', 'ascii']);
const isBytes = (value) => require('util/types').isUint8Array(value);
const isAnyArrayBuffer = (value) => require('util/types').isAnyArrayBuffer(value);

/** The same memory, seen as a Buffer. */
function view(bytes) {
  return new FastBuffer(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function mustBeEncoding(name) {
  const encoding = text.encodingOf(name);
  if (encoding === undefined) throw new codes.ERR_UNKNOWN_ENCODING(name);
  return encoding;
}

// ---- making

function fromText(string, encoding) {
  const known = typeof encoding === 'string' && encoding !== '' ? mustBeEncoding(encoding) : 'utf8';
  return view(text.encode(string, known));
}

function fromArrayLike(list) {
  return list.length > 0 ? new FastBuffer(list) : new FastBuffer(0);
}

function fromArrayBuffer(buffer, offset, length) {
  const start = offset === undefined ? 0 : Number.isNaN(+offset) ? 0 : +offset;
  const most = buffer.byteLength - start;
  if (most < 0) throw new codes.ERR_BUFFER_OUT_OF_BOUNDS('offset');
  if (length === undefined) return new FastBuffer(buffer, start, most);
  const wanted = +length > 0 ? +length : 0;
  if (wanted > most) throw new codes.ERR_BUFFER_OUT_OF_BOUNDS('length');
  return new FastBuffer(buffer, start, wanted);
}

function fromObject(value) {
  if (value.length !== undefined || isAnyArrayBuffer(value.buffer)) {
    return typeof value.length !== 'number' || Number.isNaN(value.length) ? new FastBuffer(0) : fromArrayLike(value);
  }
  return value.type === 'Buffer' && Array.isArray(value.data) ? fromArrayLike(value.data) : undefined;
}

Buffer.from = function from(value, encodingOrOffset, length) {
  if (typeof value === 'string') return fromText(value, encodingOrOffset);
  if (typeof value === 'object' && value !== null) {
    if (isAnyArrayBuffer(value)) return fromArrayBuffer(value, encodingOrOffset, length);
    const inner = value.valueOf?.();
    if (inner != null && inner !== value && (typeof inner === 'string' || typeof inner === 'object')) {
      return from(inner, encodingOrOffset, length);
    }
    const made = fromObject(value);
    if (made) return made;
    if (typeof value[Symbol.toPrimitive] === 'function') {
      const primitive = value[Symbol.toPrimitive]('string');
      if (typeof primitive === 'string') return fromText(primitive, encodingOrOffset);
    }
  }
  throw new codes.ERR_INVALID_ARG_TYPE('first argument', ['string', 'Buffer', 'ArrayBuffer', 'Array', 'Array-like Object'], value);
};

Buffer.of = (...items) => new FastBuffer(items);

Buffer.copyBytesFrom = function copyBytesFrom(source, offset = 0, length = undefined) {
  if (!require('util/types').isTypedArray(source)) throw new codes.ERR_INVALID_ARG_TYPE('view', ['TypedArray'], source);
  validateInteger(offset, 'offset', 0);
  if (length !== undefined) validateInteger(length, 'length', 0);
  const part = source.slice(offset, length === undefined ? undefined : offset + length);
  return view(part);
};

const mustBeSize = (size) => validateNumber(size, 'size', 0, kMaxLength);

Buffer.alloc = function alloc(size, fill, encoding) {
  mustBeSize(size);
  const buffer = new FastBuffer(size);
  return fill === undefined || fill === 0 || size === 0 ? buffer : buffer.fill(fill, encoding);
};

Buffer.allocUnsafe = function allocUnsafe(size) {
  mustBeSize(size);
  return new FastBuffer(size);
};

Buffer.allocUnsafeSlow = Buffer.allocUnsafe;

Buffer.concat = function concat(list, length) {
  validateArray(list, 'list');
  if (length === undefined) length = list.reduce((sum, each) => sum + (each?.length ?? 0), 0);
  else validateInteger(length, 'length', 0);
  const buffer = Buffer.alloc(length);
  let at = 0;
  list.forEach((each, i) => {
    if (!isBytes(each)) throw new codes.ERR_INVALID_ARG_TYPE(`list[${i}]`, ['Buffer', 'Uint8Array'], each);
    const part = at + each.length > length ? each.subarray(0, length - at) : each;
    buffer.set(part, at);
    at += part.length;
  });
  return buffer;
};

Buffer.byteLength = function byteLength(value, encoding) {
  if (typeof value === 'string') return text.byteLength(value, text.encodingOf(encoding) ?? 'utf8');
  if (ArrayBuffer.isView(value) || isAnyArrayBuffer(value)) return value.byteLength;
  throw new codes.ERR_INVALID_ARG_TYPE('string', ['string', 'Buffer', 'ArrayBuffer'], value);
};

Buffer.isBuffer = (value) => value instanceof Buffer;
Buffer.isEncoding = (name) => typeof name === 'string' && name !== '' && text.encodingOf(name) !== undefined;

function order(a, b) {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) if (a[i] !== b[i]) return a[i] < b[i] ? -1 : 1;
  return Math.sign(a.length - b.length);
}

Buffer.compare = function compare(a, b) {
  if (!isBytes(a)) throw new codes.ERR_INVALID_ARG_TYPE('buf1', ['Buffer', 'Uint8Array'], a);
  if (!isBytes(b)) throw new codes.ERR_INVALID_ARG_TYPE('buf2', ['Buffer', 'Uint8Array'], b);
  return order(a, b);
};

// ---- reading and writing text

/** A bound of a range as Node takes it: whole, within 0 and length, `otherwise` when absent. */
function bound(value, length, otherwise) {
  if (value === undefined) return otherwise;
  const whole = Math.trunc(+value) || 0;
  return whole <= 0 ? 0 : Math.min(whole, length);
}

proto.toString = function toString(encoding, start, end) {
  if (arguments.length === 0) return text.decode(this, 'utf8');
  const from = bound(start, this.length, 0);
  const to = bound(end, this.length, this.length);
  if (to <= from) return '';
  const bytes = from === 0 && to === this.length ? this : new Uint8Array(this.buffer, this.byteOffset + from, to - from);
  return text.decode(bytes, mustBeEncoding(encoding));
};
proto.toLocaleString = proto.toString;

proto.write = function write(string, offset, length, encoding) {
  if (typeof offset === 'string') return this.write(string, 0, undefined, offset);
  if (typeof length === 'string') return this.write(string, offset, undefined, length);
  validateString(string, 'argument');
  if (offset !== undefined) validateInteger(offset, 'offset', 0, this.length);
  const from = offset ?? 0;
  const room = this.length - from;
  if (length !== undefined) validateInteger(length, 'length', 0, this.length);
  const most = length === undefined ? room : Math.min(length, room);
  const known = mustBeEncoding(encoding);
  if (known === 'utf8') return text.encodeUtf8Into(string, this.subarray(from, from + most));
  const bytes = text.encode(string, known);
  const count = Math.min(bytes.length, known === 'utf16le' ? most & ~1 : most);
  this.set(bytes.subarray(0, count), from);
  return count;
};

for (const [name, encoding] of [['ascii', 'ascii'], ['base64', 'base64'], ['base64url', 'base64url'], ['hex', 'hex'],
  ['latin1', 'latin1'], ['ucs2', 'utf16le'], ['utf8', 'utf8']]) {
  proto[`${name}Slice`] = function (start, end) {
    return this.toString(encoding, start, end);
  };
  proto[`${name}Write`] = function (string, offset, length) {
    return this.write(string, offset, length, encoding);
  };
}

// ---- parts

proto.subarray = function subarray(start, end) {
  const within = (value, otherwise) => {
    if (value === undefined) return otherwise;
    const whole = Math.trunc(+value) || 0;
    return whole < 0 ? Math.max(0, whole + this.length) : Math.min(whole, this.length);
  };
  const from = within(start, 0);
  const to = within(end, this.length);
  return new FastBuffer(this.buffer, this.byteOffset + from, Math.max(0, to - from));
};
proto.slice = function slice(start, end) {
  return this.subarray(start, end);
};
Object.defineProperty(proto, 'parent', { get() { return this instanceof Buffer ? this.buffer : undefined; }, enumerable: true });
Object.defineProperty(proto, 'offset', { get() { return this instanceof Buffer ? this.byteOffset : undefined; }, enumerable: true });

proto.copy = function copy(target, targetStart = 0, start = 0, end = this.length) {
  if (!isBytes(target)) throw new codes.ERR_INVALID_ARG_TYPE('target', ['Buffer', 'Uint8Array'], target);
  const whole = (value, name, max) => {
    const number = Math.trunc(+value) || 0;
    if (number < 0 || (max !== undefined && number > max)) {
      throw new codes.ERR_OUT_OF_RANGE(name, max === undefined ? '>= 0' : `>= 0 && <= ${max}`, value);
    }
    return number;
  };
  const to = whole(targetStart, 'targetStart');
  const from = whole(start, 'sourceStart', this.length);
  const last = whole(end, 'sourceEnd');
  if (to >= target.length || from >= last) return 0;
  const part = new Uint8Array(this.buffer, this.byteOffset + from,
    Math.min(last - from, target.length - to, this.length - from));
  target.set(part, to);
  return part.length;
};

proto.equals = function equals(other) {
  if (!isBytes(other)) throw new codes.ERR_INVALID_ARG_TYPE('otherBuffer', ['Buffer', 'Uint8Array'], other);
  return this === other || (this.length === other.length && order(this, other) === 0);
};

proto.compare = function compare(target, targetStart = 0, targetEnd = target?.length, start = 0, end = this.length) {
  if (!isBytes(target)) throw new codes.ERR_INVALID_ARG_TYPE('target', ['Buffer', 'Uint8Array'], target);
  validateInteger(targetStart, 'targetStart', 0);
  validateInteger(targetEnd, 'targetEnd', 0, target.length);
  validateInteger(start, 'sourceStart', 0);
  validateInteger(end, 'sourceEnd', 0, this.length);
  if (start >= end) return targetStart >= targetEnd ? 0 : -1;
  if (targetStart >= targetEnd) return 1;
  return order(this.subarray(start, end), target.subarray(targetStart, targetEnd));
};

proto.toJSON = function toJSON() {
  return { type: 'Buffer', data: Array.from(this) };
};

proto[kInspect] = function inspectBuffer(depth, options, inspect) {
  const most = module.exports.INSPECT_MAX_BYTES;
  let shown = this.toString('hex', 0, most).replace(/(.{2})/g, '$1 ').trim();
  const more = this.length - most;
  if (more > 0) shown += ` ... ${more} more byte${more > 1 ? 's' : ''}`;
  const extras = Object.keys(this).filter((key) => !/^\d+$/.test(key));
  if (options && extras.length > 0) {
    const fields = Object.fromEntries(extras.map((key) => [key, this[key]]));
    const listed = inspect(fields, { ...options, breakLength: Infinity, compact: true }).slice(1, -1).trim();
    if (this.length !== 0) shown += ', ';
    shown += listed;
  }
  return `<${this.constructor.name} ${shown}>`;
};
proto.inspect = proto[kInspect];

const rest = require('internal/buffer_rest');
rest.addSearch(proto, Buffer, mustBeEncoding);
require('internal/buffer_numbers').addNumbers(proto);

module.exports = {
  Buffer,
  SlowBuffer: (size) => Buffer.allocUnsafeSlow(size),
  kMaxLength,
  kStringMaxLength,
  INSPECT_MAX_BYTES: 50,
  constants: { MAX_LENGTH: kMaxLength, MAX_STRING_LENGTH: kStringMaxLength },
  atob: rest.atob,
  btoa: rest.btoa,
  isAscii: (input) => rest.bytesOf(input).every((byte) => byte < 128),
  isUtf8: (input) => text.isUtf8(rest.bytesOf(input)),
  transcode(source, from, to) {
    if (!isBytes(source)) throw new codes.ERR_INVALID_ARG_TYPE('source', ['Buffer', 'Uint8Array'], source);
    const [given, wanted] = [text.encodingOf(from), text.encodingOf(to)];
    if (!TRANSCODED.has(given) || !TRANSCODED.has(wanted)) {
      throw Object.assign(new Error('Unable to transcode Buffer [U_ILLEGAL_ARGUMENT_ERROR]'), { code: 'U_ILLEGAL_ARGUMENT_ERROR', errno: 1 });
    }
    const string = view(source).toString(given);
    // What the encoding has no letter for is a question mark.
    return Buffer.from(wanted === 'latin1' ? string.replace(/[^\0-\xff]/gu, '?') : wanted === 'ascii' ? string.replace(/[^\0-\x7f]/gu, '?') : string, wanted);
  },
};
for (const name of ['Blob', 'File']) {
  Object.defineProperty(module.exports, name, { get: () => require('internal/blob')[name], enumerable: true });
}
