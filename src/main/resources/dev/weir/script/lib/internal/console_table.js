'use strict';
// console.table: rows by index or key, a column per property, and one for values that are no objects.

const { inspect } = require('internal/util/inspect');
const { width } = require('internal/util/inspect_text');
const types = require('util/types');

function row(cells, widths) {
  return `│ ${cells.map((cell, i) => cell + ' '.repeat(widths[i] - width(cell))).join(' │ ')} │`;
}

function draw(head, columns) {
  const height = Math.max(0, ...columns.map((column) => column.length));
  const rows = Array.from({ length: height }, (_, i) => columns.map((column) => column[i] ?? ''));
  const widths = head.map((name, i) => Math.max(width(name), ...rows.map((cells) => width(cells[i]))));
  const line = (left, middle, right) => left + widths.map((each) => '─'.repeat(each + 2)).join(middle) + right;
  return [
    line('┌', '┬', '┐'),
    row(head, widths),
    line('├', '┼', '┤'),
    ...rows.map((cells) => row(cells, widths)),
    line('└', '┴', '┘'),
  ].join('\n');
}

const isListLike = (value) => Array.isArray(value) || types.isTypedArray(value);

function tableOf(data, only, options) {
  const show = (value) => {
    const depth = value !== null && typeof value === 'object' && !isListLike(value) && Object.keys(value).length > 2 ? -1 : 0;
    return inspect(value, { maxArrayLength: 3, breakLength: Infinity, ...options, depth });
  };
  const indexes = (count) => Array.from({ length: count }, (_, i) => show(i));
  if (types.isMap(data)) {
    const entries = [...data];
    const columns = [indexes(entries.length), entries.map(([key]) => show(key)), entries.map(([, value]) => show(value))];
    return draw(['(iteration index)', 'Key', 'Values'], columns);
  }
  if (types.isSet(data)) {
    return draw(['(iteration index)', 'Values'], [indexes(data.size), [...data].map(show)]);
  }
  const keys = Object.keys(data);
  const columns = new Map();
  const values = [];
  keys.forEach((key, i) => {
    const item = data[key];
    const primitive = item === null || (typeof item !== 'function' && typeof item !== 'object');
    if (primitive && only === undefined) {
      values[i] = show(item);
      return;
    }
    for (const name of only ?? Object.keys(item)) {
      if (!columns.has(name)) columns.set(name, []);
      columns.get(name)[i] = primitive || !Object.hasOwn(item, name) ? '' : show(item[name]);
    }
  });
  const head = ['(index)', ...columns.keys()];
  const body = [keys, ...columns.values()];
  if (values.length > 0) {
    head.push('Values');
    body.push(values);
  }
  return draw(head, body);
}

module.exports = { tableOf };
