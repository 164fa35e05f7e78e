'use strict';
// Buffer's searching, filling and swapping, and base64 as web pages know it (atob, btoa).

const { codes } = require('internal/errors');
const text = require('internal/buffer_text');

let warned = false;

function warnOfConstructor() {
  if (warned) return;
  warned = true;
  process.emitWarning('Buffer() is deprecated due to security and usability issues. Please use the Buffer.alloc(), ' +
    'Buffer.allocUnsafe(), or Buffer.from() methods instead.', 'DeprecationWarning', 'DEP0005');
}

function indexOfBytes(buffer, needle, from, step) {
  for (let i = from; i >= 0 && i + needle.length <= buffer.length; i += step) {
    let j = 0;
    while (j < needle.length && buffer[i + j] === needle[j]) j++;
    if (j === needle.length) return i;
  }
  return -1;
}

function search(buffer, value, byteOffset, encoding, forward, mustBeEncoding) {
  let offset = byteOffset;
  let name = encoding;
  if (typeof offset === 'string') {
    name = offset;
    offset = undefined;
  }
  offset = offset === undefined || Number.isNaN(+offset) ? (forward ? 0 : buffer.length) : Math.trunc(+offset);
  if (offset < 0) offset += buffer.length;
  if (offset < 0) {
    if (!forward) return -1;
    offset = 0;
  }
  if (typeof value === 'number') {
    return forward ? Uint8Array.prototype.indexOf.call(buffer, value & 255, offset)
      : Uint8Array.prototype.lastIndexOf.call(buffer, value & 255, offset);
  }
  let needle = value;
  if (typeof value === 'string') needle = text.encode(value, mustBeEncoding(name));
  else if (!(value instanceof Uint8Array)) {
    throw new codes.ERR_INVALID_ARG_TYPE('value', ['number', 'string', 'Buffer', 'Uint8Array'], value);
  }
  if (needle.length === 0) return Math.min(offset, buffer.length);
  return indexOfBytes(buffer, needle, forward ? offset : Math.min(offset, buffer.length - needle.length), forward ? 1 : -1);
}

function swapper(size) {
  return function () {
    if (this.length % size !== 0) throw new codes.ERR_INVALID_BUFFER_SIZE(`${size * 8}-bits`);
    for (let i = 0; i < this.length; i += size) this.subarray(i, i + size).reverse();
    return this;
  };
}

function patternOf(value, encoding, mustBeEncoding) {
  if (typeof value === 'string') {
    const name = mustBeEncoding(encoding);
    const bytes = text.encode(value, name);
    if (bytes.length === 0 && value.length > 0) throw new codes.ERR_INVALID_ARG_VALUE('value', value);
    return bytes;
  }
  if (value instanceof Uint8Array) {
    if (value.length === 0) throw new codes.ERR_INVALID_ARG_VALUE('value', value);
    return value;
  }
  return [value & 255];
}

function addSearch(proto, Buffer, mustBeEncoding) {
  proto.indexOf = function indexOf(value, byteOffset, encoding) {
    return search(this, value, byteOffset, encoding, true, mustBeEncoding);
  };
  proto.lastIndexOf = function lastIndexOf(value, byteOffset, encoding) {
    return search(this, value, byteOffset, encoding, false, mustBeEncoding);
  };
  proto.includes = function includes(value, byteOffset, encoding) {
    return this.indexOf(value, byteOffset, encoding) !== -1;
  };
  proto.fill = function fill(value, offset, end, encoding) {
    let [from, to, name] = [offset, end, encoding];
    if (typeof from === 'string') [from, to, name] = [undefined, undefined, from];
    else if (typeof to === 'string') [to, name] = [undefined, to];
    const { validateInteger } = require('internal/validators');
    if (from !== undefined) validateInteger(from, 'offset', 0, this.length);
    if (to !== undefined) validateInteger(to, 'end', 0, this.length);
    const pattern = patternOf(value, name, mustBeEncoding);
    const first = from ?? 0;
    const last = to ?? this.length;
    if (pattern.length <= 1) return Uint8Array.prototype.fill.call(this, pattern[0] ?? 0, first, last);
    for (let i = first; i < last; i++) this[i] = pattern[(i - first) % pattern.length];
    return this;
  };
  proto.swap16 = swapper(2);
  proto.swap32 = swapper(4);
  proto.swap64 = swapper(8);
}

function invalidCharacter(message) {
  const { DOMException } = require('internal/dom_exception');
  return new DOMException(message, 'InvalidCharacterError');
}

function btoa(input) {
  if (arguments.length === 0) throw new codes.ERR_MISSING_ARGS('input');
  const string = `${input}`;
  if (/[^\0-\xff]/.test(string)) throw invalidCharacter('Invalid character');
  return text.decode(text.encode(string, 'latin1'), 'base64');
}

function atob(input) {
  if (arguments.length === 0) throw new codes.ERR_MISSING_ARGS('input');
  let string = `${input}`.replace(/[\t\n\f\r ]/g, '');
  if (string.length % 4 === 0) string = string.replace(/={1,2}$/, '');
  if (string.length % 4 === 1 || /[^A-Za-z0-9+/]/.test(string)) {
    throw invalidCharacter(string.length % 4 === 1 ? 'The string to be decoded is not correctly encoded.' : 'Invalid character');
  }
  return text.decode(text.encode(string, 'base64'), 'latin1');
}

function bytesOf(input) {
  if (ArrayBuffer.isView(input)) return new Uint8Array(input.buffer, input.byteOffset, input.byteLength);
  if (require('util/types').isAnyArrayBuffer(input)) return new Uint8Array(input);
  throw new codes.ERR_INVALID_ARG_TYPE('input', ['ArrayBuffer', 'Buffer', 'TypedArray'], input);
}

module.exports = { warnOfConstructor, addSearch, atob, btoa, bytesOf };
