'use strict';
// How util.inspect prints errors: the stack with the class's name in front, cause and errors as properties.

function commonRun(a, b) {
  for (let i = 0; i < a.length - 3; i++) {
    const at = b.indexOf(a[i]);
    if (at === -1) continue;
    const rest = b.length - at;
    if (rest <= 3) continue;
    const most = Math.min(a.length - i, rest);
    let length = 1;
    while (length < most && a[i + length] === b[at + length]) length++;
    if (length > 3) return { length, offset: i };
  }
  return { length: 0, offset: 0 };
}

const stackOf = (error) => (error.stack ? String(error.stack) : Error.prototype.toString.call(error));

/** The frames of an error, those it shares with its cause replaced by one line. */
function frames(ctx, error, text) {
  const lines = text.split('\n');
  let cause;
  try {
    ({ cause } = error);
  } catch {
    return lines; // a throwing getter: print what there is
  }
  if (!(cause instanceof Error)) return lines;
  const causeStack = stackOf(cause);
  const start = causeStack.indexOf('\n    at');
  if (start === -1) return lines;
  const { length, offset } = commonRun(lines, causeStack.slice(start + 1).split('\n'));
  if (length > 0) {
    const message = `    ... ${length - 2} lines matching cause stack trace ...`;
    lines.splice(offset + 1, length - 2, ctx.stylize(message, 'undefined'));
  }
  return lines;
}

/** Makes the stack begin with the name of the error's class and say what `name` adds to it. */
function named(stack, constructor, name, prefixFor) {
  let length = name.length;
  const begins = name.endsWith('Error') && stack.startsWith(name) &&
    (stack.length === length || stack[length] === ':' || stack[length] === '\n');
  if (constructor !== null && !begins) return stack;
  let fallback = 'Error';
  if (constructor === null) {
    const start = /^([A-Z][a-z_ A-Z0-9[\]()-]+)(?::|\n {4}at)/.exec(stack) || /^([a-z_A-Z0-9-]*Error)$/.exec(stack);
    fallback = (start && start[1]) || '';
    length = fallback.length;
    fallback = fallback || 'Error';
  }
  const prefix = prefixFor(fallback).slice(0, -1);
  if (name === prefix) return stack;
  if (!prefix.includes(name)) return `${prefix} [${name}]${stack.slice(length)}`;
  return length === 0 ? `${prefix}: ${stack}` : `${prefix}${stack.slice(length)}`;
}

function dropShown(ctx, keys, error, stack) {
  if (ctx.showHidden) return;
  for (const name of ['name', 'message', 'stack']) {
    const index = keys.indexOf(name);
    if (index !== -1 && stack.includes(error[name])) keys.splice(index, 1);
  }
}

/** The text of an error; adds and removes `keys`, the properties printed behind it. */
function formatError(ctx, error, constructor, prefixFor, keys) {
  const name = error.name != null ? String(error.name) : 'Error';
  let stack = stackOf(error);
  dropShown(ctx, keys, error, stack);
  if ('cause' in error && !keys.includes('cause')) keys.push('cause');
  if (Array.isArray(error.errors) && !keys.includes('errors')) keys.push('errors');
  stack = named(stack, constructor, name, prefixFor);
  const message = (error.message && stack.indexOf(error.message)) || -1;
  const start = stack.indexOf('\n    at', message === -1 ? -1 : message + error.message.length);
  if (start === -1) {
    stack = `[${stack}]`;
  } else {
    stack = `${stack.slice(0, start)}\n${frames(ctx, error, stack.slice(start + 1)).join('\n')}`;
  }
  return ctx.indentation === 0 ? stack : stack.replaceAll('\n', `\n${' '.repeat(ctx.indentation)}`);
}

module.exports = { formatError };
