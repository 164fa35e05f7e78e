'use strict';
// The errors Node's own modules throw: a built-in error that carries `code` and shows it in its stack.
// Wording is Node's, since programs compare and print it. `inspect` is loaded only when a message needs it.

const LOWER_CASE_TYPES = new Set([
  'string', 'function', 'number', 'object', 'Function', 'Object', 'boolean', 'bigint', 'symbol',
]);
const CLASS_NAME = /^([A-Z][a-z0-9]*)+$/;
const inspect = (value, options) => require('internal/util/inspect').inspect(value, options);
const codes = {};

function decorate(error, code, hide) {
  if (Error.captureStackTrace) Error.captureStackTrace(error, hide);
  const head = error.name;
  const stack = String(error.stack);
  const value = stack.startsWith(head) ? `${head} [${code}]${stack.slice(head.length)}` : stack;
  Object.defineProperty(error, 'stack', { value, writable: true, enumerable: false, configurable: true });
  Object.defineProperty(error, 'toString', {
    value() {
      return `${this.name} [${code}]: ${this.message}`;
    },
    writable: true,
    enumerable: false,
    configurable: true,
  });
  error.code = code;
  return error;
}

function define(code, message, Base = Error) {
  codes[code] = function NodeError(...args) {
    const text = typeof message === 'function' ? message(...args) : message;
    return decorate(new Base(text), code, codes[code]);
  };
}

function listed(words, last) {
  if (words.length < 2) return words.join('');
  if (words.length === 2) return `${words[0]} ${last} ${words[1]}`;
  return `${words.slice(0, -1).join(', ')}, ${last} ${words[words.length - 1]}`;
}

function received(value) {
  if (value == null) return ` Received ${value}`;
  if (typeof value === 'function') return ` Received function ${value.name}`;
  if (typeof value === 'object') {
    if (value.constructor?.name) return ` Received an instance of ${value.constructor.name}`;
    return ` Received ${inspect(value, { depth: -1 })}`;
  }
  let shown = inspect(value, { colors: false });
  if (shown.length > 28) shown = `${shown.slice(0, 25)}...`;
  return ` Received type ${typeof value} (${shown})`;
}

function expectedTypes(expected) {
  const types = [];
  const instances = [];
  const other = [];
  for (const name of expected) {
    if (LOWER_CASE_TYPES.has(name)) types.push(name.toLowerCase());
    else if (CLASS_NAME.test(name)) instances.push(name);
    else other.push(name);
  }
  if (instances.length > 0 && types.includes('object')) {
    types.splice(types.indexOf('object'), 1);
    instances.push('Object');
  }
  const parts = [];
  if (types.length > 0) parts.push(`${types.length > 1 ? 'one of type' : 'of type'} ${listed(types, 'or')}`);
  if (instances.length > 0) parts.push(`an instance of ${listed(instances, 'or')}`);
  if (other.length > 1) parts.push(`one of ${listed(other, 'or')}`);
  else if (other.length === 1) parts.push((other[0].toLowerCase() !== other[0] ? 'an ' : '') + other[0]);
  return parts.join(' or ');
}

function argumentName(name) {
  if (name.endsWith(' argument')) return name;
  return `"${name}" ${name.includes('.') ? 'property' : 'argument'}`;
}

define(
  'ERR_INVALID_ARG_TYPE',
  (name, expected, actual) =>
    `The ${argumentName(name)} must be ${expectedTypes([].concat(expected))}.${received(actual)}`,
  TypeError,
);
define(
  'ERR_INVALID_ARG_VALUE',
  (name, value, reason = 'is invalid') => {
    let shown = inspect(value);
    if (shown.length > 128) shown = `${shown.slice(0, 128)}...`;
    return `The ${name.includes('.') ? 'property' : 'argument'} '${name}' ${reason}. Received ${shown}`;
  },
  TypeError,
);

function withSeparators(digits) {
  return digits.replace(/\B(?=(\d{3})+$)/g, '_');
}

define(
  'ERR_OUT_OF_RANGE',
  (name, range, input, replaceDefault = false) => {
    let shown;
    if (Number.isInteger(input) && Math.abs(input) > 2 ** 32) shown = withSeparators(String(input));
    else if (typeof input === 'bigint') {
      shown = String(input);
      if (input > 2n ** 32n || input < -(2n ** 32n)) shown = withSeparators(shown);
      shown += 'n';
    } else shown = inspect(input);
    const message = replaceDefault ? name : `The value of "${name}" is out of range.`;
    return `${message} It must be ${range}. Received ${shown}`;
  },
  RangeError,
);
define(
  'ERR_MISSING_ARGS',
  (...names) => {
    const quoted = names.map((name) => [].concat(name).map((each) => `"${each}"`).join(' or '));
    return `The ${listed(quoted, 'and')} argument${names.length > 1 ? 's' : ''} must be specified`;
  },
  TypeError,
);
define(
  'ERR_INVALID_RETURN_VALUE',
  (input, name, value) => {
    return `Expected ${input} to be returned from the "${name}" function but got${received(value).slice(9)}.`;
  },
  TypeError,
);
define('ERR_INVALID_ASYNC_ID', (name, value) => `Invalid ${name} value: ${value}`, RangeError);
define('ERR_INVALID_THIS', (type) => `Value of "this" must be of type ${type}`, TypeError);
define('ERR_ILLEGAL_CONSTRUCTOR', 'Illegal constructor', TypeError);
define('ERR_UNHANDLED_ERROR', (error) =>
  error === undefined ? 'Unhandled error.' : `Unhandled error. (${error})`);
define('ERR_EVENT_RECURSION', (type) => `The event "${type}" is already being dispatched`);
define('ERR_FALSY_VALUE_REJECTION', () => 'Promise was rejected with falsy value');
define('ERR_UNKNOWN_SIGNAL', (name) => `Unknown signal: ${name}`, TypeError);
define('ERR_UNKNOWN_ENCODING', (name) => `Unknown encoding: ${name}`, TypeError);
define('ERR_INVALID_TUPLE', (name, form) => `${name} must be an iterable ${form} tuple`, TypeError);
define('ERR_ARG_NOT_ITERABLE', (name) => `${name} must be iterable`, TypeError);
define('ERR_INVALID_BUFFER_SIZE', (size) => `Buffer size must be a multiple of ${size}`, RangeError);
define(
  'ERR_BUFFER_OUT_OF_BOUNDS',
  (name) => (name ? `"${name}" is outside of buffer bounds` : 'Attempt to access memory outside buffer bounds'),
  RangeError,
);
define('ERR_AMBIGUOUS_ARGUMENT', (name, why) => `The "${name}" argument is ambiguous. ${why}`, TypeError);
define('ERR_CONSOLE_WRITABLE_STREAM', (name) => `Console expects a writable stream instance for ${name}`, TypeError);
define('ERR_INCOMPATIBLE_OPTION_PAIR', (a, b) => `Option "${a}" cannot be used in combination with option "${b}"`,
  TypeError);
define('ERR_ENCODING_NOT_SUPPORTED', (name) => `The "${name}" encoding is not supported`, RangeError);
define('ERR_ENCODING_INVALID_ENCODED_DATA', (name) => `The encoded data was not valid for encoding ${name}`,
  TypeError);
define('ERR_INVALID_URI', 'URI malformed', URIError);
define('ERR_INVALID_URL_SCHEME', (expected) => `The URL must be of scheme ${expected}`, TypeError);
define('ERR_INVALID_FILE_URL_PATH', (why) => `File URL path ${why}`, TypeError);
define('ERR_INVALID_FILE_URL_HOST', (platform) => `File URL host must be "localhost" or empty on ${platform}`,
  TypeError);
define('ERR_INVALID_PERFORMANCE_MARK', (name) => `The "${name}" performance mark has not been set`, SyntaxError);
define('ERR_PARSE_ARGS_INVALID_OPTION_VALUE', (message) => message, TypeError);
define('ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL', (message) => message, TypeError);
define('ERR_PARSE_ARGS_UNKNOWN_OPTION', (message) => message, TypeError);
define('ERR_METHOD_NOT_IMPLEMENTED', (name) => `The ${name} method is not implemented`);
define('ERR_MULTIPLE_CALLBACK', 'Callback called multiple times');
define('ERR_STREAM_ALREADY_FINISHED', (name) => `Cannot call ${name} after a stream was finished`);
define('ERR_STREAM_CANNOT_PIPE', 'Cannot pipe, not readable');
define('ERR_STREAM_DESTROYED', (name) => `Cannot call ${name} after a stream was destroyed`);
define('ERR_STREAM_NULL_VALUES', 'May not write null values to stream', TypeError);
define('ERR_STREAM_PREMATURE_CLOSE', 'Premature close');
define('ERR_STREAM_PUSH_AFTER_EOF', 'stream.push() after EOF');
define('ERR_STREAM_UNSHIFT_AFTER_END_EVENT', 'stream.unshift() after end event');
define('ERR_STREAM_WRITE_AFTER_END', 'write after end');
define('ERR_INVALID_URL', 'Invalid URL', TypeError);

/** The rejection of everything an AbortSignal stops; its `cause` is the signal's reason. */
class AbortError extends Error {
  constructor(message = 'The operation was aborted', options = undefined) {
    if (options !== undefined && typeof options !== 'object') {
      throw new codes.ERR_INVALID_ARG_TYPE('options', 'Object', options);
    }
    super(message, options);
    this.code = 'ABORT_ERR';
    this.name = 'AbortError';
  }
}

module.exports = { codes, AbortError, decorate };
