'use strict';
// AssertionError: what was found, what was expected, and a message that shows both.

const { validateObject } = require('internal/validators');

const inspect = (value, options) => require('internal/util/inspect').inspect(value, options);
const custom = Symbol.for('nodejs.util.inspect.custom');

const WORDS = {
  deepStrictEqual: 'Expected values to be strictly deep-equal:',
  strictEqual: 'Expected values to be strictly equal:',
  strictEqualObject: 'Expected "actual" to be reference-equal to "expected":',
  deepEqual: 'Expected values to be loosely deep-equal:',
  notDeepStrictEqual: 'Expected "actual" not to be strictly deep-equal to:',
  notStrictEqual: 'Expected "actual" to be strictly unequal to:',
  notStrictEqualObject: 'Expected "actual" not to be reference-equal to "expected":',
  notDeepEqual: 'Expected "actual" not to be loosely deep-equal to:',
  notIdentical: 'Values have same structure but are not reference-equal:',
  notDeepEqualUnequal: 'Expected values not to be loosely deep-equal:',
};

const show = (value) => inspect(value, {
  compact: false, customInspect: false, depth: 1000, maxArrayLength: Infinity, showHidden: false, sorted: true, getters: true,
});
const isObject = (value) => typeof value === 'object' && value !== null;
const shortened = (text, most) => (text.length > most ? `${text.slice(0, most - 3)}...` : text);

function firstLines(lines) {
  return lines.length > 50 ? [...lines.slice(0, 46), '...'] : lines;
}

/** Errors are compared and shown without their stacks. */
function withoutStack(error) {
  const copy = Object.assign(Object.create(Object.getPrototypeOf(error)), error);
  Object.defineProperty(copy, 'message', { value: error.message });
  return copy;
}

function refused(operator, actual) {
  const lines = firstLines(show(actual).split('\n'));
  const byReference = operator === 'notStrictEqual' && (isObject(actual) || typeof actual === 'function');
  const base = WORDS[byReference ? 'notStrictEqualObject' : operator];
  if (lines.length === 1) return `${base}${lines[0].length > 5 ? '\n\n' : ' '}${lines[0]}`;
  return `${base}\n\n${lines.join('\n')}\n`;
}

function loose(operator, actual, expected) {
  const left = show(actual);
  const right = show(expected);
  if (operator === 'notDeepEqual' && left === right) return shortened(`${WORDS[operator]}\n\n${left}`, 1024);
  const [a, b] = [shortened(left, 512), shortened(right, 512)];
  if (operator === 'deepEqual') return `${WORDS[operator]}\n\n${a}\n\nshould loosely deep-equal\n\n${b}`;
  const unequal = WORDS[`${operator}Unequal`];
  return unequal ? `${unequal}\n\n${a}\n\nshould not loosely deep-equal\n\n${b}` : `${a} ${operator} ${b}`;
}

function messageFor({ operator, message, actual, expected }) {
  const diff = operator === 'deepStrictEqual' || operator === 'strictEqual';
  if (diff) return require('internal/assert/diff').difference(actual, expected, operator, message, { WORDS, show });
  if (message != null) return String(message);
  if (operator === 'notDeepStrictEqual' || operator === 'notStrictEqual') return refused(operator, actual);
  return loose(operator, actual, expected);
}

function addEllipsis(text) {
  const lines = text.split('\n');
  if (lines.length > 10) return `${lines.slice(0, 10).join('\n')}\n...`;
  return text.length > 512 ? `${text.slice(512)}...` : text;
}

class AssertionError extends Error {
  constructor(options) {
    validateObject(options, 'options');
    const { message, operator, stackStartFn, stackStartFunction } = options;
    let { actual, expected } = options;
    if (message == null && actual instanceof Error && expected instanceof Error) {
      actual = withoutStack(actual);
      expected = withoutStack(expected);
    }
    super(messageFor({ operator, message, actual, expected }));
    this.generatedMessage = !message;
    Object.defineProperty(this, 'name', {
      value: 'AssertionError [ERR_ASSERTION]', enumerable: false, writable: true, configurable: true,
    });
    this.code = 'ERR_ASSERTION';
    this.actual = actual;
    this.expected = expected;
    this.operator = operator;
    Error.captureStackTrace?.(this, stackStartFn || stackStartFunction);
    this.stack; // eslint-disable-line no-unused-expressions -- made now, while the name carries the code
    this.name = 'AssertionError';
  }

  toString() {
    return `${this.name} [${this.code}]: ${this.message}`;
  }

  [custom](depth, options) {
    const { actual, expected } = this;
    if (typeof actual === 'string') this.actual = addEllipsis(actual);
    if (typeof expected === 'string') this.expected = addEllipsis(expected);
    const shown = inspect(this, { ...options, customInspect: false, depth: 0 });
    Object.assign(this, { actual, expected });
    return shown;
  }
}

module.exports = { AssertionError };
