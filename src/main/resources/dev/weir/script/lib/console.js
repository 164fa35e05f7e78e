'use strict';
// The console of a script. Formatting is util's; where its lines go, the host knows.
const out = binding('console');

let format;
function text(args) {
  if (args.length === 1 && typeof args[0] === 'string') return args[0];
  if (format === undefined) {
    try {
      format = require('util').format;
    } catch {
      format = (...values) => values.map((each) => (typeof each === 'string' ? each : show(each))).join(' ');
    }
  }
  return format(...args);
}

function show(value) {
  if (value instanceof Error) return value.stack;
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value);
}

let indent = '';
function line(level, args) {
  let message = text(args);
  if (indent !== '') message = indent + message.replaceAll('\n', '\n' + indent);
  out.line(level, message);
}

const console = {
  log(...args) {
    line('info', args);
  },
  info(...args) {
    line('info', args);
  },
  debug(...args) {
    line('debug', args);
  },
  warn(...args) {
    line('warn', args);
  },
  error(...args) {
    line('error', args);
  },
  group(...args) {
    if (args.length > 0) line('info', args);
    indent += '  ';
  },
  groupEnd() {
    indent = indent.slice(2);
  },
};

module.exports = console;
