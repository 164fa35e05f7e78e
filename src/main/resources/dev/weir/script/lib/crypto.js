'use strict';

// Node's crypto as far as event programs need it: randomness, hashes, HMACs. No ciphers, keys, signatures, and no subtle.

const { coded, invalidType, outOfRange, checkFunction, fromHost, viewOf } = require('internal/io');

const host = binding('crypto');
const MAX = 2 ** 31 - 1;

function bytes(size) {
  if (typeof size !== 'number') throw invalidType('size', 'of type number', size);
  if (!(size >= 0 && size <= MAX)) throw outOfRange('size', `>= 0 && <= ${MAX}`, size);
  return fromHost(host.randomBytes(Math.trunc(size)));
}

exports.randomBytes = function randomBytes(size, callback) {
  if (callback === undefined) return bytes(size);
  checkFunction(callback, 'callback');
  const made = bytes(size);
  setImmediate(callback, null, made);
  return undefined;
};

exports.randomUUID = function randomUUID() {
  return host.randomUuid();
};

exports.randomFillSync = function randomFillSync(buffer, offset = 0, size = undefined) {
  const view = viewOf(buffer);
  if (view === undefined) throw invalidType('buf', 'an instance of ArrayBuffer or ArrayBufferView', buffer);
  const unit = buffer.BYTES_PER_ELEMENT || 1;
  const start = offset * unit;
  const count = size === undefined ? view.length - start : size * unit;
  if (start > view.length) throw outOfRange('offset', `>= 0 && <= ${view.length}`, offset);
  if (start + count > view.length) throw outOfRange('size + offset', `<= ${view.length}`, start + count);
  view.set(new Uint8Array(new ArrayBuffer(host.randomBytes(count))), start);
  return buffer;
};

exports.randomFill = function randomFill(buffer, ...args) {
  const callback = checkFunction(args.pop(), 'callback');
  exports.randomFillSync(buffer, ...args);
  setImmediate(callback, null, buffer);
};

exports.randomInt = function randomInt(a, b, c) {
  const onlyMax = b === undefined || typeof b === 'function';
  const [min, max, callback] = onlyMax ? [0, a, b] : [a, b, c];
  if (!Number.isSafeInteger(min)) throw invalidType('min', 'a safe integer', min);
  if (!Number.isSafeInteger(max)) throw invalidType('max', 'a safe integer', max);
  if (max <= min) throw outOfRange('max', `greater than the value of "min" (${min})`, max);
  if (max - min > 2 ** 48 - 1) throw outOfRange('max - min', `<= ${2 ** 48 - 1}`, max - min);
  const found = min + host.randomBelow(max - min);
  if (callback === undefined) return found;
  setImmediate(checkFunction(callback, 'callback'), null, found);
  return undefined;
};

exports.getRandomValues = function getRandomValues(array) {
  if (!ArrayBuffer.isView(array) || array instanceof DataView || array instanceof Float32Array || array instanceof Float64Array) {
    throw domException('The data argument must be an integer-type TypedArray', 'TypeMismatchError');
  }
  if (array.byteLength > 65536) {
    throw domException(`The requested length exceeds 65,536 bytes`, 'QuotaExceededError');
  }
  return exports.randomFillSync(array);
};

function domException(message, name) {
  if (typeof DOMException === 'function') return new DOMException(message, name);
  const error = new Error(message);
  error.name = name;
  return error;
}

exports.timingSafeEqual = function timingSafeEqual(a, b) {
  const [one, two] = [viewOf(a), viewOf(b)];
  for (const [view, name] of [[one, 'buf1'], [two, 'buf2']]) {
    if (view === undefined) {
      throw coded(TypeError, 'ERR_INVALID_ARG_TYPE', `The "${name}" argument must be an instance of ArrayBuffer, Buffer, TypedArray, or DataView.`);
    }
  }
  if (one.length !== two.length) {
    throw coded(RangeError, 'ERR_CRYPTO_TIMING_SAFE_EQUAL_LENGTH', 'Input buffers must have the same byte length');
  }
  return host.same(one.buffer, one.byteOffset, two.buffer, two.byteOffset, one.length);
};

exports.getHashes = () => host.hashes().split(',');
exports.webcrypto = { getRandomValues: exports.getRandomValues, randomUUID: exports.randomUUID };

exports.hash = function hash(algorithm, data, encoding = 'hex') {
  const made = exports.createHash(algorithm).update(data);
  return encoding === 'buffer' ? made.digest() : made.digest(encoding);
};

// Hashes are streams; streams are loaded when the first hash is made.
exports.createHash = function createHash(algorithm, options) {
  return new (require('internal/crypto-hash').Hash)(algorithm, options);
};
exports.createHmac = function createHmac(algorithm, key, options) {
  return new (require('internal/crypto-hash').Hmac)(algorithm, key, options);
};
for (const name of ['Hash', 'Hmac']) {
  Object.defineProperty(exports, name, { enumerable: true, configurable: true, get: () => require('internal/crypto-hash')[name] });
}
