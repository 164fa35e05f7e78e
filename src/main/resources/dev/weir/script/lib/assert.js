'use strict';
// Node's assert, and assert.strict.

const { codes } = require('internal/errors');
const { validateFunction } = require('internal/validators');
const comparisons = require('internal/util/comparisons');
const { AssertionError } = require('internal/assert/error');

const inspect = (value, options) => require('internal/util/inspect').inspect(value, options);
const isRegExp = (value) => value instanceof RegExp;
const NOTHING = Symbol('no exception');

function throwFailure(options) {
  if (options.message instanceof Error) throw options.message;
  throw new AssertionError(options);
}

function mustBeTrue(fn, count, value, message) {
  if (value) return;
  if (message instanceof Error) throw message;
  const generated = count === 0 || message == null;
  const error = new AssertionError({
    actual: value,
    expected: true,
    message: count === 0 ? 'No value argument passed to `assert.ok()`' : message,
    operator: '==',
    stackStartFn: fn,
  });
  error.generatedMessage = generated;
  throw error;
}

function assert(...args) {
  mustBeTrue(assert, args.length, ...args);
}

assert.ok = function ok(...args) {
  mustBeTrue(ok, args.length, ...args);
};

assert.fail = function fail(actual, expected, message, operator, stackStartFn) {
  if (arguments.length < 2) {
    const generated = actual == null;
    if (actual instanceof Error) throw actual;
    const error = new AssertionError({ message: generated ? 'Failed' : actual, operator: 'fail', stackStartFn: fail });
    error.generatedMessage = generated;
    throw error;
  }
  if (message instanceof Error) throw message;
  const given = operator ?? (arguments.length === 2 ? '!=' : 'fail');
  throw new AssertionError({ actual, expected, message, operator: given, stackStartFn: stackStartFn || fail });
};
assert.AssertionError = AssertionError;

function comparison(name, operator, holds) {
  const check = {
    [name](actual, expected, message) {
      if (arguments.length < 2) throw new codes.ERR_MISSING_ARGS('actual', 'expected');
      if (!holds(actual, expected)) throwFailure({ actual, expected, message, operator, stackStartFn: check });
    },
  }[name];
  assert[name] = check;
}
/* eslint-disable eqeqeq -- what assert.equal means */
const looselyEqual = (a, b) => a == b || (Number.isNaN(a) && Number.isNaN(b));
/* eslint-enable eqeqeq */
comparison('equal', '==', looselyEqual);
comparison('notEqual', '!=', (a, b) => !looselyEqual(a, b));
comparison('deepEqual', 'deepEqual', comparisons.isDeepEqual);
comparison('notDeepEqual', 'notDeepEqual', (a, b) => !comparisons.isDeepEqual(a, b));
comparison('deepStrictEqual', 'deepStrictEqual', comparisons.isDeepStrictEqual);
comparison('notDeepStrictEqual', 'notDeepStrictEqual', (a, b) => !comparisons.isDeepStrictEqual(a, b));
comparison('strictEqual', 'strictEqual', Object.is);
comparison('notStrictEqual', 'notStrictEqual', (a, b) => !Object.is(a, b));

// ---- errors expected and not

/** What an expected object of properties is compared with, so that the message shows only those. */
class Comparison {
  constructor(object, keys, actual) {
    for (const key of keys) {
      if (!(key in object)) continue;
      const matches = actual !== undefined && typeof actual[key] === 'string' && isRegExp(object[key]) &&
        object[key].exec(actual[key]) !== null;
      this[key] = matches ? actual[key] : object[key];
    }
  }
}

function mustHaveProperties(actual, expected, message, fn) {
  const keys = Object.keys(expected);
  if (expected instanceof Error) keys.push('name', 'message');
  else if (keys.length === 0) throw new codes.ERR_INVALID_ARG_VALUE('error', expected, 'may not be an empty object');
  for (const key of keys) {
    if (typeof actual[key] === 'string' && isRegExp(expected[key]) && expected[key].exec(actual[key]) !== null) continue;
    if (key in actual && comparisons.isDeepStrictEqual(actual[key], expected[key])) continue;
    if (message) throwFailure({ actual, expected, message, operator: fn.name, stackStartFn: fn });
    const error = new AssertionError({
      actual: new Comparison(actual, keys),
      expected: new Comparison(expected, keys, actual),
      operator: 'deepStrictEqual',
      stackStartFn: fn,
    });
    throw Object.assign(error, { actual, expected, operator: fn.name });
  }
}

function wrongClass(actual, expected) {
  const start = `The error is expected to be an instance of "${expected.name}". Received `;
  if (!(actual instanceof Error)) return `${start}"${inspect(actual, { depth: -1 })}"`;
  const name = actual.constructor?.name || actual.name;
  const what = expected.name === name ? 'an error with identical name but a different prototype.' : `"${name}"`;
  return start + what + (actual.message ? `\n\nError message:\n\n${actual.message}` : '');
}

function wrongValidation(actual, expected, result) {
  const name = expected.name ? `"${expected.name}" ` : '';
  return `The ${name}validation function is expected to return "true". Received ${inspect(result)}` +
    (actual instanceof Error ? `\n\nCaught error:\n\n${actual}` : '');
}

/** The message that says how the error differs from what was expected; undefined when it does not. */
function complaint(actual, expected) {
  if (isRegExp(expected)) {
    const text = String(actual);
    if (expected.exec(text) !== null) return undefined;
    return `The input did not match the regular expression ${inspect(expected)}. Input:\n\n${inspect(text)}\n`;
  }
  if (expected.prototype !== undefined && actual instanceof expected) return undefined;
  if (Object.prototype.isPrototypeOf.call(Error, expected)) return wrongClass(actual, expected);
  const result = expected.call({}, actual);
  return result === true ? undefined : wrongValidation(actual, expected, result);
}

function mustBeExpected(actual, expected, message, fn) {
  if (typeof expected !== 'function' && !isRegExp(expected)) {
    if (typeof actual === 'object' && actual !== null) return mustHaveProperties(actual, expected, message, fn);
    const error = new AssertionError({ actual, expected, message, operator: 'deepStrictEqual', stackStartFn: fn });
    throw Object.assign(error, { operator: fn.name });
  }
  const wrong = complaint(actual, expected);
  if (wrong === undefined) return undefined;
  const error = new AssertionError({ actual, expected, message: message || wrong, operator: fn.name, stackStartFn: fn });
  error.generatedMessage = !message;
  throw error;
}

function expectsError(fn, actual, ...rest) {
  let [error, message] = rest;
  if (typeof error === 'string') {
    if (rest.length === 2) throw new codes.ERR_INVALID_ARG_TYPE('error', ['Object', 'Error', 'Function', 'RegExp'], error);
    const same = typeof actual === 'object' && actual !== null ? actual.message === error : actual === error;
    if (same) {
      const why = typeof actual === 'object' ? `The error message "${error}"` : `The error "${actual}"`;
      throw new codes.ERR_AMBIGUOUS_ARGUMENT('error/message', `${why} is identical to the message.`);
    }
    [error, message] = [undefined, error];
  } else if (error != null && typeof error !== 'object' && typeof error !== 'function') {
    throw new codes.ERR_INVALID_ARG_TYPE('error', ['Object', 'Error', 'Function', 'RegExp'], error);
  }
  if (actual === NOTHING) {
    const name = error?.name ? ` (${error.name})` : '';
    const kind = fn === assert.rejects ? 'rejection' : 'exception';
    throwFailure({
      actual: undefined,
      expected: error,
      operator: fn.name,
      message: `Missing expected ${kind}${name}${message ? `: ${message}` : '.'}`,
      stackStartFn: fn,
    });
  }
  if (error) mustBeExpected(actual, error, message, fn);
}

function expectsNoError(fn, actual, error, message) {
  if (actual === NOTHING) return;
  let expected = error;
  let details = message;
  if (typeof error === 'string') [expected, details] = [undefined, error];
  if (expected && typeof expected !== 'function' && !isRegExp(expected)) {
    throw new codes.ERR_INVALID_ARG_TYPE('expected', ['Function', 'RegExp'], expected);
  }
  const matches = !expected || (isRegExp(expected) ? expected.exec(String(actual)) !== null
    : complaint(actual, expected) === undefined);
  if (!matches) throw actual;
  const kind = fn === assert.doesNotReject ? 'rejection' : 'exception';
  throwFailure({
    actual,
    expected,
    operator: fn.name,
    message: `Got unwanted ${kind}${details ? `: ${details}` : '.'}\nActual message: "${actual?.message}"`,
    stackStartFn: fn,
  });
}

function thrownBy(fn) {
  validateFunction(fn, 'fn');
  try {
    fn();
  } catch (error) {
    return error;
  }
  return NOTHING;
}

const isPromise = (value) => value instanceof Promise ||
  (value !== null && typeof value === 'object' && typeof value.then === 'function' && typeof value.catch === 'function');

async function rejectionOf(promiseOrFunction) {
  let promise = promiseOrFunction;
  if (typeof promise === 'function') {
    promise = promise();
    if (!isPromise(promise)) throw new codes.ERR_INVALID_RETURN_VALUE('instance of Promise', 'promiseFn', promise);
  } else if (!isPromise(promise)) {
    throw new codes.ERR_INVALID_ARG_TYPE('promiseFn', ['Function', 'Promise'], promise);
  }
  try {
    await promise;
  } catch (error) {
    return error;
  }
  return NOTHING;
}

assert.throws = function throws(fn, ...args) {
  expectsError(throws, thrownBy(fn), ...args);
};
assert.rejects = async function rejects(promise, ...args) {
  expectsError(rejects, await rejectionOf(promise), ...args);
};
assert.doesNotThrow = function doesNotThrow(fn, ...args) {
  expectsNoError(doesNotThrow, thrownBy(fn), ...args);
};
assert.doesNotReject = async function doesNotReject(promise, ...args) {
  expectsNoError(doesNotReject, await rejectionOf(promise), ...args);
};

assert.ifError = function ifError(error) {
  if (error === null || error === undefined) return;
  let what = inspect(error);
  if (typeof error === 'object' && typeof error.message === 'string') {
    what = error.message.length === 0 && error.constructor ? error.constructor.name : error.message;
  }
  const message = `ifError got unwanted exception: ${what}`;
  const failure = new AssertionError({ actual: error, expected: null, operator: 'ifError', message, stackStartFn: ifError });
  const frames = typeof error.stack === 'string' ? error.stack.indexOf('\n    at') : -1;
  if (frames !== -1) failure.stack = `${failure.stack.split('\n    at')[0]}${error.stack.slice(frames)}`;
  throw failure;
};

function matching(name, wanted) {
  const check = {
    [name](string, regexp, message) {
      if (!isRegExp(regexp)) throw new codes.ERR_INVALID_ARG_TYPE('regexp', 'RegExp', regexp);
      if (typeof string === 'string' && (regexp.exec(string) !== null) === wanted) return;
      if (message instanceof Error) throw message;
      const what = wanted ? 'The input did not match the regular expression '
        : 'The input was expected to not match the regular expression ';
      const generated = typeof string !== 'string'
        ? `The "string" argument must be of type string. Received type ${typeof string} (${inspect(string)})`
        : `${what}${inspect(regexp)}. Input:\n\n${inspect(string)}\n`;
      const error = new AssertionError({
        actual: string, expected: regexp, message: message || generated, operator: name, stackStartFn: check,
      });
      error.generatedMessage = !message;
      throw error;
    },
  }[name];
  assert[name] = check;
}
matching('match', true);
matching('doesNotMatch', false);

function strict(...args) {
  mustBeTrue(strict, args.length, ...args);
}
assert.strict = Object.assign(strict, assert, {
  equal: assert.strictEqual,
  deepEqual: assert.deepStrictEqual,
  notEqual: assert.notStrictEqual,
  notDeepEqual: assert.notDeepStrictEqual,
});
assert.strict.strict = assert.strict;

module.exports = assert;
