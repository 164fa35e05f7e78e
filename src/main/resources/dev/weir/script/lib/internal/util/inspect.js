'use strict';
// util.inspect as Node 20 prints. This file walks objects; kinds of objects are in inspect_kinds, typography in inspect_text.

const text = require('internal/util/inspect_text');

const custom = Symbol.for('nodejs.util.inspect.custom');
const OBJECT = 0;
const ARRAY = 1;
const IDENTIFIER = /^[a-zA-Z_][a-zA-Z_0-9]*$/;
const BUILT_IN = new Set(Object.getOwnPropertyNames(globalThis).filter((name) => /^[A-Z][a-zA-Z0-9]+$/.test(name)));
const MOST_CHARACTERS = 2 ** 27;

const defaults = Object.seal({
  showHidden: false,
  depth: 2,
  colors: false,
  customInspect: true,
  showProxy: false,
  maxArrayLength: 100,
  maxStringLength: 10000,
  breakLength: 80,
  compact: 3,
  sorted: false,
  getters: false,
  numericSeparator: false,
});

const plain = (shown) => shown;
let kinds; // loaded with the first object; it needs this module itself

function colored(shown, style) {
  const color = inspect.colors[inspect.styles[style]];
  return color === undefined ? shown : `\u001b[${color[0]}m${shown}\u001b[${color[1]}m`;
}

function contextFor(args) {
  const ctx = { ...defaults, budget: {}, indentation: 0, seen: [], currentDepth: 0, stylize: plain };
  const options = args[1];
  if (args[2] !== undefined) ctx.depth = args[2];
  if (args[3] !== undefined) ctx.colors = args[3];
  if (typeof options === 'boolean') ctx.showHidden = options;
  else if (options) {
    for (const key of Object.keys(options)) {
      if (key in defaults || key === 'stylize') ctx[key] = options[key];
      else if (ctx.userOptions === undefined) ctx.userOptions = options;
    }
  }
  if (ctx.colors) ctx.stylize = colored;
  if (ctx.maxArrayLength === null) ctx.maxArrayLength = Infinity;
  if (ctx.maxStringLength === null) ctx.maxStringLength = Infinity;
  return ctx;
}

/** The legacy form is (value, showHidden, depth, colors). */
function inspect(value, options) { // eslint-disable-line no-unused-vars
  return formatValue(contextFor(arguments), value, 0);
}

function optionsForUser(ctx) {
  const options = { stylize: ctx.stylize };
  for (const key of Object.keys(defaults)) options[key] = ctx[key];
  return { ...options, ...ctx.userOptions };
}

function inspectedByItself(ctx, value, recursion) {
  const own = value[custom];
  if (typeof own !== 'function' || own === inspect || value.constructor?.prototype === value) return undefined;
  const depth = ctx.depth === null ? null : ctx.depth - recursion;
  const result = own.call(value, depth, optionsForUser(ctx), inspect);
  if (result === value) return undefined;
  if (typeof result !== 'string') return formatValue(ctx, result, recursion);
  return result.replaceAll('\n', `\n${' '.repeat(ctx.indentation)}`);
}

function formatValue(ctx, value, recursion, inTypedArray) {
  if (value === null) return ctx.stylize('null', 'null');
  if (typeof value !== 'object' && typeof value !== 'function') return text.primitive(value, ctx);
  if (ctx.customInspect) {
    const shown = inspectedByItself(ctx, value, recursion);
    if (shown !== undefined) return shown;
  }
  if (ctx.seen.includes(value)) {
    ctx.circular ??= new Map();
    if (!ctx.circular.has(value)) ctx.circular.set(value, ctx.circular.size + 1);
    return ctx.stylize(`[Circular *${ctx.circular.get(value)}]`, 'special');
  }
  return formatObject(ctx, value, recursion, inTypedArray);
}

const isTooDeep = (ctx, recursion) => ctx.depth !== null && recursion > ctx.depth;

// ---- names

function constructorName(value, ctx, recursion, inherited) {
  let first;
  for (let object = value; object; object = Object.getPrototypeOf(object)) {
    const constructor = Object.getOwnPropertyDescriptor(object, 'constructor')?.value;
    if (typeof constructor === 'function' && constructor.name !== '' && isInstance(value, constructor)) {
      if (inherited !== undefined && (first !== object || !BUILT_IN.has(constructor.name))) {
        addInherited(ctx, value, first || value, recursion, inherited);
      }
      return String(constructor.name);
    }
    if (first === undefined) first = Object.getPrototypeOf(object);
  }
  if (first === null) return null;
  const name = internalName(value);
  if (isTooDeep(ctx, recursion)) return `${name} <Complex prototype>`;
  const parent = constructorName(first, ctx, recursion + 1, inherited);
  return parent === null
    ? `${name} <${inspect(first, { ...ctx, customInspect: false, depth: -1 })}>`
    : `${name} <${parent}>`;
}

function isInstance(value, constructor) {
  try {
    return value instanceof constructor;
  } catch {
    return false;
  }
}

function internalName(value) {
  return typeof value === 'function' ? 'Function' : Object.prototype.toString.call(value).slice(8, -1);
}

/** With showHidden: accessors and data a class's prototypes add, up to three levels, not those of built-in classes. */
function addInherited(ctx, main, start, recursion, output) {
  const known = new Set();
  let object = start;
  for (let level = 0; level < 3; level++) {
    if (level !== 0 || main === object) {
      object = Object.getPrototypeOf(object);
      if (object === null) return;
      const constructor = Object.getOwnPropertyDescriptor(object, 'constructor')?.value;
      if (typeof constructor === 'function' && BUILT_IN.has(constructor.name)) return;
    }
    const keys = Reflect.ownKeys(object);
    ctx.seen.push(main);
    for (const key of keys) {
      if (key === 'constructor' || Object.hasOwn(main, key) || known.has(key)) continue;
      const descriptor = Object.getOwnPropertyDescriptor(object, key);
      if (typeof descriptor.value === 'function') continue;
      const shown = formatProperty(ctx, object, recursion, key, OBJECT, descriptor, main);
      output.push(ctx.colors ? `\u001b[2m${shown}\u001b[22m` : shown);
    }
    ctx.seen.pop();
    keys.forEach((key) => known.add(key));
  }
}

/** `Name(size) [tag] `, with a trailing space. */
function prefixOf(constructor, tag, fallback, size = '') {
  if (constructor === null) {
    const also = tag !== '' && fallback !== tag ? `[${tag}] ` : '';
    return `[${fallback}${size}: null prototype] ${also}`;
  }
  return tag !== '' && constructor !== tag ? `${constructor}${size} [${tag}] ` : `${constructor}${size} `;
}

function prefixOfObject(value, constructor, tag) {
  let fallback = '';
  if (constructor === null) {
    fallback = internalName(value);
    if (fallback === tag) fallback = 'Object';
  }
  return prefixOf(constructor, tag, fallback);
}

function tagOf(ctx, value) {
  const tag = value[Symbol.toStringTag];
  if (typeof tag !== 'string' || tag === '') return '';
  const own = ctx.showHidden ? Object.prototype.hasOwnProperty : Object.prototype.propertyIsEnumerable;
  return own.call(value, Symbol.toStringTag) ? '' : tag;
}

function keysOf(ctx, value) {
  const symbols = Object.getOwnPropertySymbols(value);
  if (ctx.showHidden) return [...Object.getOwnPropertyNames(value), ...symbols];
  const keys = Object.keys(value);
  for (const symbol of symbols) if (Object.prototype.propertyIsEnumerable.call(value, symbol)) keys.push(symbol);
  return keys;
}

// ---- objects

/** A kind says `whole` (printed, nothing more to do), or `braces`, `base`, `entries(ctx, value, recursion)` and `keys`. */
function formatObject(ctx, value, recursion, inTypedArray) {
  let inherited = ctx.showHidden && !isTooDeep(ctx, recursion) ? [] : undefined;
  const constructor = constructorName(value, ctx, recursion, inherited);
  if (inherited?.length === 0) inherited = undefined;
  const seen = { constructor, tag: tagOf(ctx, value), inherited, inTypedArray, tooDeep: isTooDeep(ctx, recursion) };
  kinds ??= require('internal/util/inspect_kinds');
  const kind = kinds.kindOf(ctx, value, seen);
  if (kind.whole !== undefined) return kind.whole;
  if (seen.tooDeep) {
    const name = prefixOfObject(value, constructor, seen.tag).slice(0, -1);
    return ctx.stylize(constructor !== null ? `[${name}]` : name, 'special');
  }
  return assemble(ctx, value, recursion + 1, kind, inherited);
}

function assemble(ctx, value, recursion, kind, inherited) {
  const { braces, keys, extras = OBJECT } = kind;
  let { base = '' } = kind;
  ctx.seen.push(value);
  ctx.currentDepth = recursion;
  const output = kind.entries ? kind.entries(ctx, value, recursion) : [];
  for (const key of keys) output.push(formatProperty(ctx, value, recursion, key, extras));
  if (inherited) output.push(...inherited);
  ctx.seen.pop();
  const index = ctx.circular?.get(value);
  if (index !== undefined) {
    const reference = ctx.stylize(`<ref *${index}>`, 'special');
    if (ctx.compact !== true) base = base === '' ? reference : `${reference} ${base}`;
    else braces[0] = `${reference} ${braces[0]}`;
  }
  if (ctx.sorted) sort(ctx, output, extras === OBJECT ? output.length : keys.length);
  const result = text.join(ctx, output, base, braces, extras, recursion, value);
  const total = (ctx.budget[ctx.indentation] || 0) + result.length;
  ctx.budget[ctx.indentation] = total;
  if (total > MOST_CHARACTERS) ctx.depth = -1;
  return result;
}

function sort(ctx, output, count) {
  const order = ctx.sorted === true ? undefined : ctx.sorted;
  output.push(...output.splice(output.length - count, count).sort(order));
}

// ---- properties

function formatGetter(ctx, descriptor, recursion, owner) {
  const label = descriptor.set !== undefined ? 'Getter/Setter' : 'Getter';
  const special = (shown) => ctx.stylize(shown, 'special');
  const wanted = ctx.getters === true || (ctx.getters === 'get' && descriptor.set === undefined) ||
    (ctx.getters === 'set' && descriptor.set !== undefined);
  if (!wanted) return special(`[${label}]`);
  try {
    const value = descriptor.get.call(owner);
    ctx.indentation += 2;
    const shown = typeof value === 'object' && value !== null
      ? `${special(`[${label}]`)} ${formatValue(ctx, value, recursion)}`
      : `${special(`[${label}:`)} ${formatValue(ctx, value, recursion)}${special(']')}`;
    ctx.indentation -= 2;
    return shown;
  } catch (error) {
    return `${special(`[${label}:`)} <Inspection threw (${error.message})>${special(']')}`;
  }
}

function formatKey(ctx, key, descriptor) {
  if (typeof key === 'symbol') return `[${ctx.stylize(text.escapeAll(Symbol.prototype.toString.call(key)), 'symbol')}]`;
  if (key === '__proto__') return "['__proto__']";
  if (descriptor.enumerable === false) return `[${text.escapeAll(String(key))}]`;
  if (IDENTIFIER.test(key)) return ctx.stylize(key, 'name');
  return ctx.stylize(text.quote(String(key)), 'string');
}

function formatProperty(ctx, value, recursion, key, type, given = undefined, owner = value) {
  const descriptor = given || Object.getOwnPropertyDescriptor(value, key) || { value: value[key], enumerable: true };
  let shown;
  let gap = ' ';
  if (descriptor.value !== undefined) {
    const indent = ctx.compact !== true || type !== OBJECT ? 2 : 3;
    ctx.indentation += indent;
    shown = formatValue(ctx, descriptor.value, recursion);
    if (indent === 3 && ctx.breakLength < text.width(shown, ctx.colors)) gap = `\n${' '.repeat(ctx.indentation)}`;
    ctx.indentation -= indent;
  } else if (descriptor.get !== undefined) {
    shown = formatGetter(ctx, descriptor, recursion, owner);
  } else {
    shown = descriptor.set !== undefined ? ctx.stylize('[Setter]', 'special') : ctx.stylize('undefined', 'undefined');
  }
  return type === ARRAY ? shown : `${formatKey(ctx, key, descriptor)}:${gap}${shown}`;
}

inspect.custom = custom;
Object.defineProperty(inspect, 'defaultOptions', {
  get: () => defaults,
  set(options) {
    require('internal/validators').validateObject(options, 'options');
    Object.assign(defaults, options);
  },
});
Object.assign(inspect, require('internal/util/colors'));

module.exports = {
  inspect, formatValue, formatProperty, prefixOf, prefixOfObject, keysOf, plain, defaults, OBJECT, ARRAY, BUILT_IN,
};
