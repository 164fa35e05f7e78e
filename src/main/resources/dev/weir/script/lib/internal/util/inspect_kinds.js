'use strict';
// What util.inspect prints for each kind of object: arrays, collections, functions, errors, buffers, boxed values.

const types = require('util/types');
const text = require('internal/util/inspect_text');
const walk = require('internal/util/inspect');

const ARRAY_EXTRAS = 2;
const INDEX = /^(0|[1-9][0-9]*)$/;

function indented(ctx, body) {
  ctx.indentation += 2;
  const result = body();
  ctx.indentation -= 2;
  return result;
}

const mostItems = (ctx, length) => Math.min(Math.max(0, ctx.maxArrayLength), length);

function addMore(output, count) {
  if (count > 0) output.push(text.moreItems(count));
  return output;
}

// ---- arrays

function keysBesideIndexes(ctx, value) {
  return walk.keysOf(ctx, value).filter((key) => typeof key === 'symbol' || !INDEX.test(key) || +key > 2 ** 32 - 2);
}

function arrayEntries(ctx, value, recursion) {
  const length = mostItems(ctx, value.length);
  const output = [];
  for (let i = 0; i < length; i++) {
    if (!Object.hasOwn(value, i)) return entriesWithHoles(ctx, value, recursion, length, output, i);
    output.push(walk.formatProperty(ctx, value, recursion, i, walk.ARRAY));
  }
  return addMore(output, value.length - length);
}

function entriesWithHoles(ctx, value, recursion, most, output, from) {
  const hole = (count) => output.push(ctx.stylize(`<${count} empty item${count > 1 ? 's' : ''}>`, 'undefined'));
  let index = from;
  for (const key of Object.keys(value).slice(from)) {
    if (output.length >= most || !INDEX.test(key) || +key > 2 ** 32 - 2) break;
    if (`${index}` !== key) {
      hole(+key - index);
      index = +key;
      if (output.length === most) break;
    }
    output.push(walk.formatProperty(ctx, value, recursion, key, walk.ARRAY));
    index++;
  }
  const remaining = value.length - index;
  if (output.length === most) return addMore(output, remaining);
  if (remaining > 0) hole(remaining);
  return output;
}

function ofArray(ctx, value, { constructor, tag, inherited }) {
  const prefix = constructor !== 'Array' || tag !== ''
    ? walk.prefixOf(constructor, tag, 'Array', `(${value.length})`)
    : '';
  const keys = keysBesideIndexes(ctx, value);
  if (value.length === 0 && keys.length === 0 && !inherited) return { whole: `${prefix}[]` };
  return { braces: [`${prefix}[`, ']'], keys, entries: arrayEntries, extras: ARRAY_EXTRAS };
}

function ofTypedArray(ctx, value, { constructor, tag }) {
  const fallback = constructor === null ? tag : '';
  const length = value.length;
  const prefix = walk.prefixOf(constructor, tag, fallback, `(${length})`);
  const keys = keysBesideIndexes(ctx, value);
  if (length === 0 && keys.length === 0 && !ctx.showHidden) return { whole: `${prefix}[]` };
  return { braces: [`${prefix}[`, ']'], keys, entries: typedArrayEntries, extras: ARRAY_EXTRAS };
}

function typedArrayEntries(ctx, value, recursion) {
  const most = mostItems(ctx, value.length);
  const output = [];
  for (let i = 0; i < most; i++) output.push(text.primitive(value[i], ctx));
  addMore(output, value.length - most);
  if (ctx.showHidden) {
    indented(ctx, () => {
      for (const key of ['BYTES_PER_ELEMENT', 'length', 'byteLength', 'byteOffset', 'buffer']) {
        output.push(`[${key}]: ${walk.formatValue(ctx, value[key], recursion, true)}`);
      }
    });
  }
  return output;
}

// ---- collections

function ofCollection(name, entries) {
  return (ctx, value, { constructor, tag, inherited }) => {
    const prefix = walk.prefixOf(constructor, tag, name, `(${value.size})`);
    const keys = walk.keysOf(ctx, value);
    if (value.size === 0 && keys.length === 0 && !inherited) return { whole: `${prefix}{}` };
    return { braces: [`${prefix}{`, '}'], keys, entries };
  };
}

function listed(values, show) {
  return (ctx, value, recursion) => {
    const most = mostItems(ctx, value.size);
    const output = [];
    indented(ctx, () => {
      for (const each of values.call(value)) {
        if (output.length >= most) break;
        output.push(show(ctx, each, recursion));
      }
    });
    return addMore(output, value.size - most);
  };
}

const ofSet = ofCollection('Set', listed(Set.prototype.values, walk.formatValue));
const ofMap = ofCollection('Map', listed(Map.prototype.entries, (ctx, [key, value], recursion) =>
  `${walk.formatValue(ctx, key, recursion)} => ${walk.formatValue(ctx, value, recursion)}`));

/** Entries the engine does not show without consuming them. */
function unknownEntries(braces) {
  return (ctx, value, { constructor, tag }) => ({
    braces: [braces(constructor, tag), '}'],
    keys: walk.keysOf(ctx, value),
    entries: () => [ctx.stylize('<items unknown>', 'special')],
  });
}

const ofIterator = (type) => unknownEntries((_, tag) =>
  (tag === `${type} Iterator` || tag === '' ? `[${type} Iterator] {` : `[${tag}] [${type} Iterator] {`));
const ofWeak = (name) => unknownEntries((constructor, tag) => `${walk.prefixOf(constructor, tag, name)}{`);

// ---- functions

function isClass(source) {
  return source.startsWith('class') && source.endsWith('}') && /^class\s*([^({]*|[^{]*\/\*[^]*?\*\/[^{]*)\{|^class\s+extends|^class\s[^{]*extends\s[^{]*\{/.test(source);
}

function classBase(value, constructor, tag) {
  const name = (Object.hasOwn(value, 'name') && value.name) || '(anonymous)';
  let base = `class ${name}`;
  if (constructor !== 'Function' && constructor !== null) base += ` [${constructor}]`;
  if (tag !== '' && constructor !== tag) base += ` [${tag}]`;
  if (constructor === null) return `[${base} extends [null prototype]]`;
  const parent = Object.getPrototypeOf(value).name;
  return parent ? `[${base} extends ${parent}]` : `[${base}]`;
}

function functionBase(value, constructor, tag) {
  if (isClass(Function.prototype.toString.call(value))) return classBase(value, constructor, tag);
  const type = `${types.isAsyncFunction(value) ? 'Async' : ''}${types.isGeneratorFunction(value) ? 'Generator' : ''}Function`;
  let base = `[${type}${constructor === null ? ' (null prototype)' : ''}`;
  base += value.name === '' ? ' (anonymous)]' : `: ${value.name}]`;
  if (constructor !== type && constructor !== null) base += ` ${constructor}`;
  if (tag !== '' && constructor !== tag) base += ` [${tag}]`;
  return base;
}

// ---- values with a text of their own

function withBase(ctx, value, base, { inherited }, style) {
  const keys = walk.keysOf(ctx, value);
  if (keys.length === 0 && !inherited) return { whole: style ? ctx.stylize(base, style) : base };
  return { braces: ['{', '}'], base, keys };
}

function ofRegExp(ctx, value, seen) {
  const prefix = walk.prefixOf(seen.constructor, seen.tag, 'RegExp');
  const source = RegExp.prototype.toString.call(value);
  const base = prefix === 'RegExp ' ? source : `${prefix}${source}`;
  if (seen.tooDeep) return { whole: ctx.stylize(base, 'regexp') };
  return withBase(ctx, value, base, seen, 'regexp');
}

function ofDate(ctx, value, seen) {
  const prefix = walk.prefixOf(seen.constructor, seen.tag, 'Date');
  const shown = Number.isNaN(Date.prototype.getTime.call(value)) ? 'Invalid Date' : Date.prototype.toISOString.call(value);
  return withBase(ctx, value, prefix === 'Date ' ? shown : `${prefix}${shown}`, seen, 'date');
}

function ofError(ctx, value, { constructor, tag, inherited }) {
  const keys = walk.keysOf(ctx, value);
  const prefix = (fallback) => walk.prefixOf(constructor, tag, fallback);
  const base = require('internal/util/inspect_error').formatError(ctx, value, constructor, prefix, keys);
  if (keys.length === 0 && !inherited) return { whole: base };
  return { braces: ['{', '}'], base, keys };
}

function ofBoxed(ctx, value, { constructor, tag, inherited }) {
  const primitive = value.valueOf();
  const type = { number: 'Number', string: 'String', boolean: 'Boolean', bigint: 'BigInt', symbol: 'Symbol' }[typeof primitive];
  let keys = walk.keysOf(ctx, value);
  if (type === 'String') keys = keys.slice(primitive.length);
  let base = `[${type}`;
  if (type !== constructor) base += constructor === null ? ' (null prototype)' : ` (${constructor})`;
  base += `: ${text.primitive(primitive, ctx, walk.plain)}]`;
  if (tag !== '' && tag !== constructor) base += ` [${tag}]`;
  if (keys.length !== 0 || inherited) return { braces: ['{', '}'], base, keys };
  return { whole: ctx.stylize(base, type.toLowerCase()) };
}

function ofArrayBuffer(ctx, value, { constructor, tag, inherited, inTypedArray }) {
  const prefix = walk.prefixOf(constructor, tag, types.isArrayBuffer(value) ? 'ArrayBuffer' : 'SharedArrayBuffer');
  const keys = walk.keysOf(ctx, value);
  if (inTypedArray && keys.length === 0 && !inherited) {
    return { whole: `${prefix}{ byteLength: ${text.primitive(value.byteLength, ctx)} }` };
  }
  return { braces: [`${prefix}{`, '}'], keys: ['byteLength', ...keys], entries: inTypedArray ? undefined : bytesOf };
}

function bytesOf(ctx, value) {
  const bytes = new Uint8Array(value);
  const shown = [...bytes.subarray(0, mostItems(ctx, bytes.length))].map((byte) => byte.toString(16).padStart(2, '0'));
  const more = bytes.length - ctx.maxArrayLength;
  const trailer = more > 0 ? ` ... ${more} more byte${more > 1 ? 's' : ''}` : '';
  return [`${ctx.stylize('[Uint8Contents]', 'special')}: <${shown.join(' ')}${trailer}>`];
}

function ofDataView(ctx, value, { constructor, tag }) {
  const keys = ['byteLength', 'byteOffset', 'buffer', ...walk.keysOf(ctx, value)];
  return { braces: [`${walk.prefixOf(constructor, tag, 'DataView')}{`, '}'], keys };
}

/** The engine tells a promise's state only through the host; without it every promise is shown as pending. */
function ofPromise(ctx, value, { constructor, tag }) {
  const details = binding('util')?.promise?.(value);
  const entries = (_, promise, recursion) => {
    if (!details) return [ctx.stylize('<pending>', 'special')];
    const shown = indented(ctx, () => walk.formatValue(ctx, details.value, recursion));
    return [details.rejected ? `${ctx.stylize('<rejected>', 'special')} ${shown}` : shown];
  };
  return { braces: [`${walk.prefixOf(constructor, tag, 'Promise')}{`, '}'], keys: walk.keysOf(ctx, value), entries };
}

function ofPlain(ctx, value, { constructor, tag, inherited }) {
  const keys = walk.keysOf(ctx, value);
  let prefix = walk.prefixOfObject(value, constructor, tag);
  if (types.isArgumentsObject(value)) prefix = '[Arguments] ';
  else if (constructor === 'Object' && tag === '') prefix = '';
  if (keys.length === 0 && !inherited) return { whole: `${prefix}{}` };
  return { braces: [`${prefix}{`, '}'], keys };
}

const isURL = (value) => typeof value.href === 'string' && value.constructor?.name === 'URL' &&
  value instanceof require('url').URL;

const KINDS = [
  [types.isRegExp, ofRegExp],
  [types.isDate, ofDate],
  [(value) => value instanceof Error, ofError],
  [types.isAnyArrayBuffer, ofArrayBuffer],
  [types.isDataView, ofDataView],
  [types.isPromise, ofPromise],
  [types.isWeakSet, ofWeak('WeakSet')],
  [types.isWeakMap, ofWeak('WeakMap')],
  [types.isModuleNamespaceObject, (ctx, value, { constructor, tag }) => ({
    braces: [`${walk.prefixOf(constructor, tag, 'Module')}{`, '}'], keys: walk.keysOf(ctx, value),
  })],
  [types.isBoxedPrimitive, ofBoxed],
];

function kindOf(ctx, value, seen) {
  if (Symbol.iterator in value || seen.constructor === null) {
    if (Array.isArray(value)) return ofArray(ctx, value, seen);
    if (types.isSet(value)) return ofSet(ctx, value, seen);
    if (types.isMap(value)) return ofMap(ctx, value, seen);
    if (types.isTypedArray(value)) return ofTypedArray(ctx, value, seen);
    if (types.isMapIterator(value)) return ofIterator('Map')(ctx, value, seen);
    if (types.isSetIterator(value)) return ofIterator('Set')(ctx, value, seen);
  }
  if (typeof value === 'function') {
    return withBase(ctx, value, functionBase(value, seen.constructor, seen.tag), seen, 'special');
  }
  if (seen.constructor === 'Object') return ofPlain(ctx, value, seen);
  for (const [is, format] of KINDS) if (is(value)) return format(ctx, value, seen);
  if (isURL(value) && !seen.tooDeep) return withBase(ctx, value, value.href, seen);
  return ofPlain(ctx, value, seen);
}

module.exports = { kindOf };
