'use strict';
// util.format: printf-like (%s %d %i %f %j %o %O %c %%), the rest joined by spaces.

const { inspect, BUILT_IN, defaults } = require('internal/util/inspect');
const text = require('internal/util/inspect_text');

const isFunction = (value) => typeof value === 'function';

/** False for objects whose class (or which themselves) say how they become a string. */
function hasBuiltInToString(value) {
  if (!isFunction(value.toString)) return !isFunction(value[Symbol.toPrimitive]) || !Object.hasOwn(value, Symbol.toPrimitive);
  if (Object.hasOwn(value, 'toString')) return false;
  if (isFunction(value[Symbol.toPrimitive]) && Object.hasOwn(value, Symbol.toPrimitive)) return false;
  let owner = value;
  do {
    owner = Object.getPrototypeOf(owner);
  } while (!Object.hasOwn(owner, 'toString') && !Object.hasOwn(owner, Symbol.toPrimitive));
  const constructor = Object.getOwnPropertyDescriptor(owner, 'constructor')?.value;
  return isFunction(constructor) && BUILT_IN.has(constructor.name);
}

function asNumber(value, options, convert) {
  const separators = options?.numericSeparator ?? defaults.numericSeparator;
  if (typeof value === 'bigint') return text.bigint(value, separators);
  return typeof value === 'symbol' ? 'NaN' : text.number(convert(value), separators);
}

function asString(value, options) {
  if (typeof value === 'number' || typeof value === 'bigint') return asNumber(value, options, Number);
  if (typeof value !== 'object' || value === null || !hasBuiltInToString(value)) return String(value);
  return inspect(value, { ...options, depth: 0, colors: false, compact: 3 });
}

function asJson(value) {
  try {
    return JSON.stringify(value);
  } catch (error) {
    if (error.name === 'TypeError' && /circular/i.test(error.message)) return '[Circular]';
    throw error;
  }
}

const PLACEHOLDERS = {
  s: asString,
  d: (value, options) => asNumber(value, options, Number),
  i: (value, options) => asNumber(value, options, (each) => Number.parseInt(each, 10)),
  f: (value, options) => (typeof value === 'symbol' ? 'NaN' : text.number(Number.parseFloat(value), options?.numericSeparator)),
  j: asJson,
  O: (value, options) => inspect(value, options),
  o: (value, options) => inspect(value, { ...options, showHidden: true, showProxy: true, depth: 4 }),
  c: () => '',
};

function formatAll(options, args) {
  if (args.length === 1 && typeof args[0] === 'string') return args[0];
  let next = 0;
  let out = '';
  let separator = '';
  if (typeof args[0] === 'string') {
    next = 1;
    out = args[0].replace(/%(.)/gs, (found, letter) => {
      if (letter === '%') return '%';
      if (next >= args.length || !Object.hasOwn(PLACEHOLDERS, letter)) return found;
      return PLACEHOLDERS[letter](args[next++], options);
    });
    separator = ' ';
  }
  for (; next < args.length; next++) {
    const value = args[next];
    out += separator + (typeof value === 'string' ? value : inspect(value, options));
    separator = ' ';
  }
  return out;
}

const format = (...args) => formatAll(undefined, args);

function formatWithOptions(options, ...args) {
  require('internal/validators').validateObject(options, 'inspectOptions', { array: true });
  return formatAll(options, args);
}

module.exports = { format, formatWithOptions };
