'use strict';
// Node's `util`. Parts are loaded when first asked for: most programs use one or two of them.

const { codes } = require('internal/errors');
const { validateFunction, validateString } = require('internal/validators');
const types = require('util/types');

const kCustomPromisify = Symbol.for('nodejs.util.promisify.custom');

function promisify(original) {
  validateFunction(original, 'original');
  const own = original[kCustomPromisify];
  if (own) {
    validateFunction(own, 'util.promisify.custom');
    return Object.defineProperty(own, kCustomPromisify, { value: own, configurable: true });
  }
  function promised(...args) {
    return new Promise((resolve, reject) => {
      original.call(this, ...args, (error, value) => (error ? reject(error) : resolve(value)));
    });
  }
  Object.setPrototypeOf(promised, Object.getPrototypeOf(original));
  Object.defineProperty(promised, kCustomPromisify, { value: promised, configurable: true });
  return Object.defineProperties(promised, Object.getOwnPropertyDescriptors(original));
}
promisify.custom = kCustomPromisify;

function callbackify(original) {
  validateFunction(original, 'original');
  function callbackified(...args) {
    const callback = args.pop();
    validateFunction(callback, 'last argument');
    const call = callback.bind(this);
    original.apply(this, args).then(
      (value) => process.nextTick(call, null, value),
      (reason) => process.nextTick(rejected, reason, call),
    );
  }
  const described = Object.getOwnPropertyDescriptors(original);
  if (typeof described.length.value === 'number') described.length.value++;
  if (typeof described.name.value === 'string') described.name.value += 'Callbackified';
  return Object.defineProperties(callbackified, described);
}

function rejected(reason, callback) {
  if (reason) return callback(reason);
  const error = new codes.ERR_FALSY_VALUE_REJECTION();
  error.reason = reason;
  return callback(error);
}

function inherits(constructor, parent) {
  if (constructor == null) throw new codes.ERR_INVALID_ARG_TYPE('ctor', 'Function', constructor);
  if (parent == null) throw new codes.ERR_INVALID_ARG_TYPE('superCtor', 'Function', parent);
  if (parent.prototype === undefined) {
    throw new codes.ERR_INVALID_ARG_TYPE('superCtor.prototype', 'Object', parent.prototype);
  }
  Object.defineProperty(constructor, 'super_', { value: parent, writable: true, configurable: true });
  Object.setPrototypeOf(constructor.prototype, parent.prototype);
}

const warnedCodes = new Set();

/** Warns once per function, or once per code. */
function deprecate(fn, message, code) {
  if (process.noDeprecation === true) return fn;
  if (code !== undefined) validateString(code, 'code');
  let warned = false;
  function deprecated(...args) {
    if (!warned && !warnedCodes.has(code)) {
      warned = true;
      if (code !== undefined) warnedCodes.add(code);
      process.emitWarning(message, 'DeprecationWarning', code, deprecated);
    }
    return new.target ? Reflect.construct(fn, args, new.target) : fn.apply(this, args);
  }
  Object.setPrototypeOf(deprecated, fn);
  if (fn.prototype) deprecated.prototype = fn.prototype;
  return deprecated;
}

/** Writes to stderr when NODE_DEBUG names the section. */
function debuglog(set, callback) {
  const wanted = (process.env.NODE_DEBUG ?? '').toUpperCase().split(',').map((each) => each.trim());
  const name = String(set).toUpperCase();
  const enabled = wanted.some((each) => each && new RegExp(`^${each.replace(/[|\\{}()[\]^$+?.]/g, '\\$&').replaceAll('*', '.*')}$`).test(name));
  const log = (...args) => {
    if (enabled) process.stderr.write(`${name} ${process.pid}: ${module.exports.format(...args)}\n`);
  };
  Object.defineProperty(log, 'enabled', { get: () => enabled, configurable: true, enumerable: true });
  callback?.(log);
  return log;
}

/** Colours only for a terminal, unless `validateStream` is false. */
function styleText(format, text, { validateStream = true, stream = process.stdout } = {}) {
  validateString(text, 'text');
  const { colors } = require('internal/util/colors');
  const names = [].concat(format);
  for (const name of names) {
    if (colors[name] === undefined) {
      const valid = Object.keys(colors).map((each) => `'${each}'`).join(', ');
      throw new codes.ERR_INVALID_ARG_VALUE('format', name, `must be one of: ${valid}`);
    }
  }
  if (validateStream && !stream?.isTTY) return text;
  const left = names.map((name) => `\u001b[${colors[name][0]}m`).join('');
  return `${left}${text}${names.map((name) => `\u001b[${colors[name][1]}m`).reverse().join('')}`;
}

function stripVTControlCharacters(text) {
  validateString(text, 'str');
  return require('internal/util/inspect_text').stripVTControlCharacters(text);
}

function toUSVString(text) {
  return `${text}`.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '\ufffd');
}

function extend(target, source) {
  return source === null || typeof source !== 'object' ? target : Object.assign(target, source);
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

function log(...args) {
  const now = new Date();
  const time = [now.getHours(), now.getMinutes(), now.getSeconds()].map((each) => `${each}`.padStart(2, '0')).join(':');
  console.log('%s - %s', `${now.getDate()} ${months[now.getMonth()]} ${time}`, module.exports.format(...args));
}

const isPrimitive = (value) => value === null || (typeof value !== 'object' && typeof value !== 'function');

module.exports = {
  callbackify,
  debug: debuglog,
  debuglog,
  deprecate,
  inherits,
  promisify,
  stripVTControlCharacters,
  styleText,
  toUSVString,
  types,
  log,
  _extend: extend,
  isDeepStrictEqual: (a, b) => require('internal/util/comparisons').isDeepStrictEqual(a, b),
  aborted: (signal, resource) => require('internal/abort').aborted(signal, resource),
  isArray: Array.isArray,
  isBoolean: (value) => typeof value === 'boolean',
  isBuffer: (value) => require('buffer').Buffer.isBuffer(value),
  isDate: types.isDate,
  isError: (value) => value instanceof Error,
  isFunction: (value) => typeof value === 'function',
  isNull: (value) => value === null,
  isNullOrUndefined: (value) => value === null || value === undefined,
  isNumber: (value) => typeof value === 'number',
  isObject: (value) => value !== null && typeof value === 'object',
  isPrimitive,
  isRegExp: types.isRegExp,
  isString: (value) => typeof value === 'string',
  isSymbol: (value) => typeof value === 'symbol',
  isUndefined: (value) => value === undefined,
};

function lazily(names, from) {
  for (const name of names) {
    Object.defineProperty(module.exports, name, {
      get: () => require(from)[name],
      set(value) {
        Object.defineProperty(module.exports, name, { value, writable: true, enumerable: true, configurable: true });
      },
      enumerable: true,
      configurable: true,
    });
  }
}
lazily(['format', 'formatWithOptions'], 'internal/util/format');
lazily(['inspect'], 'internal/util/inspect');
lazily(['TextEncoder', 'TextDecoder'], 'internal/encoding');
lazily(['parseArgs'], 'internal/util/parse_args');
