'use strict';
// The typography of util.inspect: quoting, numbers, widths, how entries are grouped in columns or joined on one line.

const ARRAY_EXTRAS = 2;

/* eslint-disable no-control-regex */
const LONE_SURROGATE = '[\\ud800-\\udbff](?![\\udc00-\\udfff])|(?<![\\ud800-\\udbff])[\\udc00-\\udfff]';
const ESCAPED = `[\\x00-\\x1f\\x27\\x5c\\x7f-\\x9f]|${LONE_SURROGATE}`;
const ESCAPED_IN_OTHER_QUOTES = `[\\x00-\\x1f\\x5c\\x7f-\\x9f]|${LONE_SURROGATE}`;
const ANSI = new RegExp(
  '[\\u001B\\u009B][[\\]()#;?]*(?:(?:(?:(?:;[-a-zA-Z\\d\\/\\#&.:=?%@~_]+)*|[a-zA-Z\\d]+' +
    '(?:;[-a-zA-Z\\d\\/\\#&.:=?%@~_]*)*)?(?:\\u0007|\\u001B\\u005C|\\u009C))|' +
    '(?:(?:\\d{1,4}(?:;\\d{0,4})*)?[\\dA-PR-TZcf-nq-uy=><~]))',
  'g',
);
const NAMED = { '\b': '\\b', '\t': '\\t', '\n': '\\n', '\f': '\\f', '\r': '\\r', "'": "\\'", '\\': '\\\\' };

function escapeCharacter(character) {
  const code = character.charCodeAt(0);
  if (NAMED[character]) return NAMED[character];
  return code < 160 ? `\\x${code.toString(16).toUpperCase().padStart(2, '0')}` : `\\u${code.toString(16)}`;
}

/** A string as a literal, in the quotes that need the fewest escapes. */
function quote(text) {
  let mark = "'";
  if (text.includes("'")) {
    if (!text.includes('"')) mark = '"';
    else if (!text.includes('`') && !text.includes('${')) mark = '`';
  }
  const unsafe = new RegExp(mark === "'" ? ESCAPED : ESCAPED_IN_OTHER_QUOTES, 'g');
  return mark + text.replace(unsafe, escapeCharacter) + mark;
}

const escapeAll = (text) => text.replace(new RegExp(ESCAPED, 'g'), escapeCharacter);

function groupDigits(text) {
  return text.replace(/\B(?=(\d{3})+$)/g, '_');
}

function number(value, separators) {
  const text = Object.is(value, -0) ? '-0' : `${value}`;
  if (!separators || !Number.isFinite(value) || text.includes('e')) return text;
  const [whole, fraction] = text.split('.');
  return fraction === undefined ? groupDigits(whole) : `${groupDigits(whole)}.${fraction.replace(/\d{3}(?=\d)/g, '$&_')}`;
}

const bigint = (value, separators) => `${separators ? groupDigits(String(value)) : value}n`;

function string(value, ctx, style) {
  let text = value;
  let trailer = '';
  if (text.length > ctx.maxStringLength) {
    const remaining = text.length - ctx.maxStringLength;
    text = text.slice(0, ctx.maxStringLength);
    trailer = `... ${remaining} more character${remaining > 1 ? 's' : ''}`;
  }
  if (ctx.compact !== true && text.length > 16 && text.length > ctx.breakLength - ctx.indentation - 4) {
    const lines = text.split(/(?<=\n)/).map((line) => style(quote(line), 'string'));
    return lines.join(` +\n${' '.repeat(ctx.indentation + 2)}`) + trailer;
  }
  return style(quote(text), 'string') + trailer;
}

function primitive(value, ctx, style = ctx.stylize) {
  switch (typeof value) {
    case 'string': return string(value, ctx, style);
    case 'number': return style(number(value, ctx.numericSeparator), 'number');
    case 'bigint': return style(bigint(value, ctx.numericSeparator), 'bigint');
    case 'boolean': return style(`${value}`, 'boolean');
    case 'undefined': return style('undefined', 'undefined');
    default: return style(Symbol.prototype.toString.call(value), 'symbol');
  }
}

const stripVTControlCharacters = (text) => text.replace(ANSI, '');

const ZERO_WIDTH = /[\u0000-\u001f\u007f-\u009f\u0300-\u036f\u200b-\u200f\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f]|[\u{E0100}-\u{E01EF}]/u;
const FULL_WIDTH = new RegExp(
  '[\\u1100-\\u115f\\u2329\\u232a\\u2e80-\\u303e\\u3040-\\u3247\\u3250-\\u4dbf\\u4e00-\\ua4c6\\ua960-\\ua97c' +
    '\\uac00-\\ud7a3\\uf900-\\ufaff\\ufe10-\\ufe19\\ufe30-\\ufe6b\\uff01-\\uff60\\uffe0-\\uffe6]|' +
    '[\\u{1b000}\\u{1b001}\\u{1f200}-\\u{1f251}\\u{1f300}-\\u{1f64f}\\u{1f680}-\\u{1f6ff}\\u{1f900}-\\u{1f9ff}\\u{20000}-\\u{3fffd}]',
  'u',
);

/** Columns a text takes in a terminal. */
function width(text, removeControlCharacters = true) {
  const clean = removeControlCharacters ? stripVTControlCharacters(text) : text;
  if (/^[\x20-\x7e]*$/.test(clean)) return clean.length;
  let columns = 0;
  for (const character of clean.normalize('NFC')) {
    if (FULL_WIDTH.test(character)) columns += 2;
    else if (!ZERO_WIDTH.test(character)) columns++;
  }
  return columns;
}
/* eslint-enable no-control-regex */

const moreItems = (count) => `... ${count} more item${count > 1 ? 's' : ''}`;

/** How many columns a long list of short entries gets: about 2.5 times as wide as high, at most 15. */
function columnsFor(ctx, output, lengths, total, longest) {
  const actualMax = longest + 2;
  if (!(actualMax * 3 + ctx.indentation < ctx.breakLength && (total / actualMax > 5 || longest <= 6))) return 1;
  const bias = Math.sqrt(actualMax - total / output.length);
  const biasedMax = Math.max(actualMax - 3 - bias, 1);
  return Math.min(
    Math.round(Math.sqrt(2.5 * biasedMax * lengths.length) / biasedMax),
    Math.floor((ctx.breakLength - ctx.indentation) / actualMax),
    ctx.compact * 4,
    15,
  );
}

/** Puts the entries of an array in aligned columns; numbers to the right, everything else to the left. */
function groupInColumns(ctx, output, value) {
  const more = ctx.maxArrayLength < output.length; // the last entry is "... n more items"
  const count = more ? output.length - 1 : output.length;
  const lengths = [];
  let total = 0;
  let longest = 0;
  for (let i = 0; i < count; i++) {
    lengths[i] = width(output[i], ctx.colors);
    total += lengths[i] + 2;
    longest = Math.max(longest, lengths[i]);
  }
  const columns = columnsFor(ctx, output, lengths, total, longest);
  if (columns <= 1) return output;
  const widths = [];
  for (let column = 0; column < columns; column++) {
    let widest = 0;
    for (let j = column; j < count; j += columns) widest = Math.max(widest, lengths[j]);
    widths.push(widest + 2);
  }
  const right = value !== undefined &&
    output.every((_, i) => typeof value[i] === 'number' || typeof value[i] === 'bigint');
  const rows = [];
  for (let i = 0; i < count; i += columns) {
    const end = Math.min(i + columns, count);
    let row = '';
    for (let j = i; j < end; j++) {
      const last = j === end - 1;
      const cell = last ? output[j] : `${output[j]}, `;
      const room = widths[j - i] + output[j].length - lengths[j] - (last ? 2 : 0);
      if (right) row += cell.padStart(room);
      else row += last ? cell : cell.padEnd(room);
    }
    rows.push(row);
  }
  if (more) rows.push(output[count]);
  return rows;
}

function fitsOneLine(ctx, output, start, base) {
  let total = output.length + start;
  if (total + output.length > ctx.breakLength) return false;
  for (const entry of output) {
    total += ctx.colors ? stripVTControlCharacters(entry).length : entry.length;
    if (total > ctx.breakLength) return false;
  }
  return base === '' || !base.includes('\n');
}

/** Joins the entries of one object: on one line where `compact` and `breakLength` allow, else one per line. */
function join(ctx, entries, base, braces, extras, recursion, value) {
  const indent = ' '.repeat(ctx.indentation);
  const head = base ? `${base} ` : '';
  if (ctx.compact === true) {
    if (fitsOneLine(ctx, entries, 0, base)) {
      return `${braces[0]}${base ? ` ${base}` : ''} ${entries.join(', ')} ${braces[1]}`;
    }
    const lead = base === '' && braces[0].length === 1 ? ' ' : `${base ? ` ${base}` : ''}\n${indent}  `;
    return `${braces[0]}${lead}${entries.join(`,\n${indent}  `)} ${braces[1]}`;
  }
  let output = entries;
  if (typeof ctx.compact === 'number' && ctx.compact >= 1) {
    if (extras === ARRAY_EXTRAS && entries.length > 6) output = groupInColumns(ctx, entries, value);
    if (ctx.currentDepth - recursion < ctx.compact && output.length === entries.length) {
      const start = output.length + ctx.indentation + braces[0].length + base.length + 10;
      if (fitsOneLine(ctx, output, start, base)) {
        const joined = output.join(', ');
        if (!joined.includes('\n')) return `${head}${braces[0]} ${joined} ${braces[1]}`;
      }
    }
  }
  return `${head}${braces[0]}\n${indent}  ${output.join(`,\n${indent}  `)}\n${indent}${braces[1]}`;
}

module.exports = {
  quote,
  escapeAll,
  number,
  bigint,
  primitive,
  width,
  stripVTControlCharacters,
  moreItems,
  join,
};
