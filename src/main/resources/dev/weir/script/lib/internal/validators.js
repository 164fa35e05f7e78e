'use strict';
// Argument checks of Node's API, with Node's words.

const { codes } = require('internal/errors');

const wrongType = (name, expected, value) => new codes.ERR_INVALID_ARG_TYPE(name, expected, value);

function typed(type) {
  return (value, name) => {
    if (typeof value !== type) throw wrongType(name, type, value);
  };
}

const validateString = typed('string');
const validateBoolean = typed('boolean');

function validateFunction(value, name) {
  if (typeof value !== 'function') throw wrongType(name, 'Function', value);
}

function validateNumber(value, name, min = undefined, max = undefined) {
  if (typeof value !== 'number') throw wrongType(name, 'number', value);
  if ((min != null && value < min) || (max != null && value > max) ||
      ((min != null || max != null) && Number.isNaN(value))) {
    const range = `${min != null ? `>= ${min}` : ''}${min != null && max != null ? ' && ' : ''}` +
      `${max != null ? `<= ${max}` : ''}`;
    throw new codes.ERR_OUT_OF_RANGE(name, range, value);
  }
}

function validateInteger(value, name, min = Number.MIN_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER) {
  if (typeof value !== 'number') throw wrongType(name, 'number', value);
  if (!Number.isInteger(value)) throw new codes.ERR_OUT_OF_RANGE(name, 'an integer', value);
  if (value < min || value > max) throw new codes.ERR_OUT_OF_RANGE(name, `>= ${min} && <= ${max}`, value);
}

const validateInt32 = (value, name, min = -2147483648, max = 2147483647) => validateInteger(value, name, min, max);
const validateUint32 = (value, name, positive = false) => validateInteger(value, name, positive ? 1 : 0, 4294967295);

function validateOneOf(value, name, allowed) {
  if (allowed.includes(value)) return;
  const shown = allowed.map((each) => (typeof each === 'string' ? `'${each}'` : String(each))).join(', ');
  throw new codes.ERR_INVALID_ARG_VALUE(name, value, `must be one of: ${shown}`);
}

/** Options: `array`, `func` and `nullable` widen what counts as an object. */
function validateObject(value, name, { array = false, func = false, nullable = false } = {}) {
  if (value === null ? nullable : (typeof value === 'object' && (array || !Array.isArray(value)))) return;
  if (func && typeof value === 'function') return;
  throw wrongType(name, 'Object', value);
}

function validateArray(value, name, minLength = 0) {
  if (!Array.isArray(value)) throw wrongType(name, 'Array', value);
  if (value.length < minLength) {
    throw new codes.ERR_INVALID_ARG_VALUE(name, value, `must be longer than ${minLength}`);
  }
}

function validateAbortSignal(signal, name) {
  if (signal !== undefined && (signal === null || typeof signal !== 'object' || !('aborted' in signal))) {
    throw wrongType(name, 'AbortSignal', signal);
  }
}

module.exports = {
  validateString,
  validateBoolean,
  validateFunction,
  validateNumber,
  validateInteger,
  validateInt32,
  validateUint32,
  validateOneOf,
  validateObject,
  validateArray,
  validateAbortSignal,
};
