'use strict';
// URLSearchParams: an ordered list of names and values, kept in step with the URL it belongs to.

const { codes } = require('internal/errors');
const parser = require('internal/url_parser');

const kInspect = Symbol.for('nodejs.util.inspect.custom');
const kAttach = Symbol('kAttach');
const toUSV = (value) => `${value}`.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '\ufffd');

function parse(query) {
  return query.split('&').filter((pair) => pair !== '').map((pair) => {
    const at = pair.indexOf('=');
    const [name, value] = at === -1 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)];
    return [parser.decode(name.replaceAll('+', ' ')), parser.decode(value.replaceAll('+', ' '))];
  });
}

const encode = (text) => encodeURIComponent(text).replace(/[!'()~]/g, (each) => `%${each.charCodeAt(0).toString(16).toUpperCase()}`)
  .replaceAll('%20', '+');

function pairsOf(init) {
  const tuple = () => new codes.ERR_INVALID_TUPLE('Each query pair', '[name, value]');
  return [...init].map((pair) => {
    if (pair == null || typeof pair === 'string' || typeof pair[Symbol.iterator] !== 'function') throw tuple();
    const items = [...pair];
    if (items.length !== 2) throw tuple();
    return [toUSV(items[0]), toUSV(items[1])];
  });
}

class URLSearchParams {
  #list = [];
  #changed = () => {};

  constructor(init = undefined) {
    if (init == null) return;
    if (typeof init === 'object' || typeof init === 'function') {
      const iterate = init[Symbol.iterator];
      if (iterate != null) {
        if (typeof iterate !== 'function') throw new codes.ERR_ARG_NOT_ITERABLE('Query pairs');
        this.#list = pairsOf(init);
      } else {
        this.#list = Reflect.ownKeys(init).filter((key) => Object.prototype.propertyIsEnumerable.call(init, key))
          .map((key) => [toUSV(key), toUSV(init[key])]);
      }
    } else {
      const text = toUSV(init);
      this.#list = parse(text.startsWith('?') ? text.slice(1) : text);
    }
  }

  /** For URL: from now on these are the parameters of that query, and changes are told. */
  [kAttach](query, changed) {
    this.#list = parse(query);
    if (changed) this.#changed = changed;
  }

  get size() { return this.#list.length; }

  #need(given, ...names) {
    if (given.length < names.length) throw new codes.ERR_MISSING_ARGS(...names);
  }

  append(name, value) {
    this.#need(arguments, 'name', 'value');
    this.#list.push([toUSV(name), toUSV(value)]);
    this.#changed();
  }

  delete(name, value = undefined) {
    this.#need(arguments, 'name');
    this.#list = this.#list.filter(([key, each]) => key !== toUSV(name) || (value !== undefined && each !== toUSV(value)));
    this.#changed();
  }

  get(name) {
    this.#need(arguments, 'name');
    return this.#list.find(([key]) => key === toUSV(name))?.[1] ?? null;
  }

  getAll(name) {
    this.#need(arguments, 'name');
    return this.#list.filter(([key]) => key === toUSV(name)).map(([, value]) => value);
  }

  has(name, value = undefined) {
    this.#need(arguments, 'name');
    return this.#list.some(([key, each]) => key === toUSV(name) && (value === undefined || each === toUSV(value)));
  }

  set(name, value) {
    this.#need(arguments, 'name', 'value');
    const key = toUSV(name);
    const first = this.#list.find((pair) => pair[0] === key);
    if (first === undefined) this.#list.push([key, toUSV(value)]);
    else {
      first[1] = toUSV(value);
      this.#list = this.#list.filter((pair) => pair === first || pair[0] !== key);
    }
    this.#changed();
  }

  sort() {
    this.#list.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
    this.#changed();
  }

  forEach(callback, self = undefined) {
    require('internal/validators').validateFunction(callback, 'callback');
    for (const [key, value] of this) callback.call(self, value, key, this);
  }

  * #walk(pick) {
    for (let i = 0; i < this.#list.length; i++) yield pick(this.#list[i]);
  }

  entries() { return this.#walk(([key, value]) => [key, value]); }
  keys() { return this.#walk(([key]) => key); }
  values() { return this.#walk(([, value]) => value); }

  toString() {
    return this.#list.map(([key, value]) => `${encode(key)}=${encode(value)}`).join('&');
  }

  [kInspect](depth, options, inspect) {
    if (typeof depth === 'number' && depth < 0) return options.stylize('[Object]', 'special');
    const shown = this.#list.map(([key, value]) => `${inspect(key, options)} => ${inspect(value, options)}`);
    const length = shown.reduce((sum, each) => sum + each.length + 2, -2);
    if (shown.length === 0) return 'URLSearchParams {}';
    return length > options.breakLength ? `URLSearchParams {\n  ${shown.join(',\n  ')} }` : `URLSearchParams { ${shown.join(', ')} }`;
  }
}
for (const name of ['append', 'delete', 'get', 'getAll', 'has', 'set', 'sort', 'entries', 'forEach', 'keys', 'values',
  'toString', 'size']) {
  Object.defineProperty(URLSearchParams.prototype, name, { enumerable: true });
}
Object.defineProperty(URLSearchParams.prototype, Symbol.iterator,
  { value: URLSearchParams.prototype.entries, writable: true, configurable: true });
Object.defineProperty(URLSearchParams.prototype, Symbol.toStringTag, { value: 'URLSearchParams', configurable: true });

module.exports = { URLSearchParams, kAttach };
