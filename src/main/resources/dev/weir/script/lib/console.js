'use strict';
// Node's console: `new Console({stdout, stderr})`, and the global one (this module), which writes through the host binding
// `console` to the log with the verticle's name, or to process.stdout and process.stderr where there is none.

const { codes } = require('internal/errors');
const { validateArray, validateInteger, validateObject, validateOneOf } = require('internal/validators');

const formatting = () => require('internal/util/format');
const inspect = (value, options) => require('internal/util/inspect').inspect(value, options);

const kState = Symbol('kConsoleState');

/** Where text of a level goes: `log`, `debug`, `info` to stdout, `warn` and `error` to stderr. */
function toStreams(stdout, stderr, ignoreErrors) {
  return (level, text) => {
    const stream = level === 'warn' || level === 'error' ? stderr() : stdout();
    if (!ignoreErrors) {
      stream.write(`${text}\n`);
      return;
    }
    try {
      stream.write(`${text}\n`, () => {});
    } catch {
      // a console must not bring its program down; whoever wants to know sets ignoreErrors: false
    }
  };
}

function init(console, write, { colorMode = 'auto', inspectOptions, groupIndentation = 2, isTTY = () => false }) {
  const state = { write, colorMode, inspectOptions, step: groupIndentation, indent: '', counts: new Map(), times: new Map(), isTTY };
  Object.defineProperty(console, kState, { value: state });
  Object.defineProperty(console, '_times', { value: state.times, writable: true, configurable: true });
  Object.defineProperty(console, Symbol.toStringTag, { value: 'console', configurable: true });
  for (const name of Object.keys(Console.prototype)) {
    console[name] = Console.prototype[name].bind(console);
    Object.defineProperty(console[name], 'name', { value: name });
  }
}

function Console(options, stderrOrNothing, ignoreOrNothing) {
  if (new.target === undefined) return new Console(...arguments);
  const given = !options || typeof options.write === 'function'
    ? { stdout: options, stderr: stderrOrNothing, ignoreErrors: ignoreOrNothing }
    : options;
  const { stdout, stderr = stdout, ignoreErrors = true, colorMode = 'auto', inspectOptions, groupIndentation } = given;
  if (typeof stdout?.write !== 'function') throw new codes.ERR_CONSOLE_WRITABLE_STREAM('stdout');
  if (typeof stderr?.write !== 'function') throw new codes.ERR_CONSOLE_WRITABLE_STREAM('stderr');
  validateOneOf(colorMode, 'colorMode', ['auto', true, false]);
  if (groupIndentation !== undefined) validateInteger(groupIndentation, 'groupIndentation', 0, 1000);
  if (inspectOptions !== undefined) {
    validateObject(inspectOptions, 'options.inspectOptions');
    if (inspectOptions.colors !== undefined && given.colorMode !== undefined) {
      throw new codes.ERR_INCOMPATIBLE_OPTION_PAIR('options.inspectOptions.color', 'colorMode');
    }
  }
  Object.defineProperty(this, '_stdout', { value: stdout, writable: true, configurable: true });
  Object.defineProperty(this, '_stderr', { value: stderr, writable: true, configurable: true });
  const isTTY = () => Boolean(this._stdout.isTTY);
  init(this, toStreams(() => this._stdout, () => this._stderr, ignoreErrors),
    { colorMode, inspectOptions, groupIndentation, isTTY });
}
Object.defineProperty(Console, Symbol.hasInstance, { value: (instance) => instance?.[kState] !== undefined });

function optionsOf({ colorMode, inspectOptions, isTTY }) {
  const colors = colorMode === 'auto' ? isTTY() : colorMode;
  return { colors, ...inspectOptions };
}

function print(console, level, text) {
  const { write, indent } = console[kState];
  write(level, indent === '' ? text : indent + text.replaceAll('\n', `\n${indent}`));
}

function printer(level) {
  return function (...args) {
    print(this, level, formatting().formatWithOptions(optionsOf(this[kState]), ...args));
  };
}

const two = (value) => `${value}`.padStart(2, '0');

function duration(ms) {
  if (ms < 1000) return `${Number(ms.toFixed(3))}ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(3)}s`;
  const hours = Math.floor(ms / 3_600_000);
  const minutes = Math.floor((ms % 3_600_000) / 60_000);
  const [seconds, millis] = ((ms % 60_000) / 1000).toFixed(3).split('.');
  return `${hours !== 0 ? `${hours}:${two(minutes)}` : minutes}:${two(seconds)}.${millis} (${hours !== 0 ? 'h:m' : ''}m:ss.mmm)`;
}

function printTime(console, method, label, data) {
  const since = console[kState].times.get(label);
  if (since === undefined) {
    process.emitWarning(`No such label '${label}' for console.${method}()`);
    return false;
  }
  console.log('%s: %s', label, duration(require('perf_hooks').performance.now() - since), ...data);
  return true;
}

Object.assign(Console.prototype, {
  log: printer('log'),
  warn: printer('warn'),
  dir(object, options) {
    print(this, 'log', inspect(object, { customInspect: false, ...optionsOf(this[kState]), ...options }));
  },
  time(label = 'default') {
    const { times } = this[kState];
    if (times.has(`${label}`)) process.emitWarning(`Label '${label}' already exists for console.time()`);
    else times.set(`${label}`, require('perf_hooks').performance.now());
  },
  timeEnd(label = 'default') {
    if (printTime(this, 'timeEnd', `${label}`, [])) this[kState].times.delete(`${label}`);
  },
  timeLog(label = 'default', ...data) {
    printTime(this, 'timeLog', `${label}`, data);
  },
  trace: function trace(...args) {
    const error = new Error(formatting().formatWithOptions(optionsOf(this[kState]), ...args));
    error.name = 'Trace';
    Error.captureStackTrace?.(error, trace);
    this.error(error.stack);
  },
  assert(expression, ...args) {
    if (expression) return;
    args[0] = `Assertion failed${args.length === 0 ? '' : `: ${args[0]}`}`;
    this.warn(...args);
  },
  clear() {
    if (this[kState].isTTY() && process.env.TERM !== 'dumb') this._stdout.write('\u001b[1;1H\u001b[0J');
  },
  count(label = 'default') {
    const { counts } = this[kState];
    const count = (counts.get(`${label}`) ?? 0) + 1;
    counts.set(`${label}`, count);
    this.log(`${label}: ${count}`);
  },
  countReset(label = 'default') {
    if (!this[kState].counts.delete(`${label}`)) process.emitWarning(`Count for '${label}' does not exist`);
  },
  group(...data) {
    if (data.length > 0) this.log(...data);
    this[kState].indent += ' '.repeat(this[kState].step);
  },
  groupEnd() {
    const { indent, step } = this[kState];
    this[kState].indent = indent.slice(0, Math.max(0, indent.length - step));
  },
  table(data, columns) {
    if (columns !== undefined) validateArray(columns, 'properties');
    if (data === null || typeof data !== 'object') return this.log(data);
    return this.log(require('internal/console_table').tableOf(data, columns, optionsOf(this[kState])));
  },
  debug: printer('debug'),
  info: printer('info'),
  dirxml: printer('log'),
  error: printer('error'),
});
Console.prototype.groupCollapsed = Console.prototype.group;

const globalConsole = Object.create({});
const host = binding('console');
init(globalConsole, host ? (level, text) => host.line(level === 'log' ? 'info' : level, text)
  : toStreams(() => process.stdout, () => process.stderr, true), {});
globalConsole.Console = Console;

module.exports = globalConsole;
