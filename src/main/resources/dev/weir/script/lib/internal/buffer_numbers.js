'use strict';
// Buffer's read and write of numbers: integers of 1 to 6 bytes, 64-bit integers, floats, in both byte orders.

const { codes } = require('internal/errors');
const { validateNumber } = require('internal/validators');

const viewOf = (buffer) => new DataView(buffer.buffer, buffer.byteOffset, buffer.byteLength);

function checkOffset(buffer, offset, size) {
  if (offset >= 0 && Number.isInteger(offset) && offset + size <= buffer.length) return;
  validateNumber(offset, 'offset');
  if (!Number.isInteger(offset)) throw new codes.ERR_OUT_OF_RANGE('offset', 'an integer', offset);
  if (buffer.length - size < 0) throw new codes.ERR_BUFFER_OUT_OF_BOUNDS();
  throw new codes.ERR_OUT_OF_RANGE('offset', `>= 0 and <= ${buffer.length - size}`, offset);
}

/** The range in words as Node's: small ones as numbers, large ones as powers of two. */
function rangeOf(min, max, size) {
  if (typeof min === 'bigint' || size > 4) {
    const suffix = typeof min === 'bigint' ? 'n' : '';
    const bits = size * 8;
    if (min === 0 || min === 0n) return `>= 0${suffix} and < 2${suffix} ** ${bits}${suffix}`;
    return `>= -(2${suffix} ** ${bits - 1}${suffix}) and < 2${suffix} ** ${bits - 1}${suffix}`;
  }
  return `>= ${min} and <= ${max}`;
}

function checkValue(value, min, max, size) {
  if (value > max || value < min) throw new codes.ERR_OUT_OF_RANGE('value', rangeOf(min, max, size), value);
}

function both(proto, name, alias, little, method) {
  const suffix = little === undefined ? '' : little ? 'LE' : 'BE';
  proto[`${name}${suffix}`] = method;
  if (alias) proto[`${alias}${suffix}`] = method;
}

function addFixed(proto, { name, alias, getter, size, min, max }) {
  for (const little of size === 1 ? [undefined] : [true, false]) {
    both(proto, `read${name}`, alias && `read${alias}`, little, function (offset = 0) {
      checkOffset(this, offset, size);
      return viewOf(this)[`get${getter}`](offset, little);
    });
    both(proto, `write${name}`, alias && `write${alias}`, little, function (value, offset = 0) {
      const number = min === undefined || typeof min === 'bigint' ? value : +value;
      if (typeof min === 'bigint' && typeof value !== 'bigint') throw new codes.ERR_INVALID_ARG_TYPE('value', 'bigint', value);
      if (min !== undefined) checkValue(number, min, max, size);
      checkOffset(this, offset, size);
      viewOf(this)[`set${getter}`](offset, number, little);
      return offset + size;
    });
  }
}

function checkLength(length) {
  if (length === undefined) throw new codes.ERR_INVALID_ARG_TYPE('byteLength', 'number', length);
  validateNumber(length, 'byteLength');
  if (!Number.isInteger(length)) throw new codes.ERR_OUT_OF_RANGE('byteLength', 'an integer', length);
  if (length < 1 || length > 6) throw new codes.ERR_OUT_OF_RANGE('byteLength', '>= 1 and <= 6', length);
}

function addVariable(proto, name, alias, signed) {
  for (const little of [true, false]) {
    const at = (index, length) => (little ? index : length - 1 - index);
    both(proto, `read${name}`, alias && `read${alias}`, little, function (offset, length) {
      if (offset === undefined) throw new codes.ERR_INVALID_ARG_TYPE('offset', 'number', offset);
      checkLength(length);
      checkOffset(this, offset, length);
      let value = 0;
      for (let i = length - 1; i >= 0; i--) value = value * 256 + this[offset + at(i, length)];
      return signed && value >= 2 ** (length * 8 - 1) ? value - 2 ** (length * 8) : value;
    });
    both(proto, `write${name}`, alias && `write${alias}`, little, function (value, offset, length) {
      if (offset === undefined) throw new codes.ERR_INVALID_ARG_TYPE('offset', 'number', offset);
      checkLength(length);
      const number = +value;
      const bits = length * 8;
      if (signed) checkValue(number, -(2 ** (bits - 1)), 2 ** (bits - 1) - 1, length);
      else checkValue(number, 0, 2 ** bits - 1, length);
      checkOffset(this, offset, length);
      let rest = number < 0 ? number + 2 ** bits : number;
      for (let i = 0; i < length; i++) {
        this[offset + at(i, length)] = rest % 256;
        rest = Math.floor(rest / 256);
      }
      return offset + length;
    });
  }
}

/** Adds the methods to Buffer's prototype. */
function addNumbers(proto) {
  for (const size of [1, 2, 4]) {
    const bits = size * 8;
    addFixed(proto, { name: `UInt${bits}`, alias: `Uint${bits}`, getter: `Uint${bits}`, size, min: 0, max: 2 ** bits - 1 });
    addFixed(proto, { name: `Int${bits}`, getter: `Int${bits}`, size, min: -(2 ** (bits - 1)), max: 2 ** (bits - 1) - 1 });
  }
  addFixed(proto, { name: 'BigUInt64', alias: 'BigUint64', getter: 'BigUint64', size: 8, min: 0n, max: 2n ** 64n - 1n });
  addFixed(proto, { name: 'BigInt64', getter: 'BigInt64', size: 8, min: -(2n ** 63n), max: 2n ** 63n - 1n });
  addFixed(proto, { name: 'Float', getter: 'Float32', size: 4 });
  addFixed(proto, { name: 'Double', getter: 'Float64', size: 8 });
  addVariable(proto, 'UInt', 'Uint', false);
  addVariable(proto, 'Int', undefined, true);
}

module.exports = { addNumbers };
