'use strict';

// Headers of fetch: names without case, values joined by ', ', in the order of names; set-cookie stays apart.

const TOKEN = /^[\^_`a-zA-Z\-0-9!#$%&'*+.|~]+$/;
// eslint-disable-next-line no-control-regex
const BAD = /[\0\r\n]|[^\x00-\xff]/;

function nameOf(name, where) {
  const text = String(name);
  if (!TOKEN.test(text)) throw new TypeError(`Headers.${where}: "${text}" is an invalid header name.`);
  return text.toLowerCase();
}

function valueOf(value, where) {
  const text = String(value).replace(/^[\t\r\n ]+|[\t\r\n ]+$/g, '');
  if (BAD.test(text)) throw new TypeError(`Headers.${where}: "${text}" is an invalid header value.`);
  return text;
}

class Headers {
  #all = new Map();

  #cookies = [];

  constructor(init) {
    if (init === undefined || init === null) return;
    if (typeof init !== 'object') {
      throw new TypeError(`Headers constructor: init (${init}) could not be converted to one of: sequence<sequence<ByteString>>, record<ByteString, ByteString>.`);
    }
    if (typeof init[Symbol.iterator] === 'function') {
      for (const pair of init) {
        const [name, value, ...more] = pair;
        if (more.length > 0 || value === undefined) {
          throw new TypeError('Headers constructor: expected name/value pair to be length 2.');
        }
        this.append(name, value);
      }
    } else for (const name of Reflect.ownKeys(init)) this.append(name, init[name]);
  }

  append(name, value) {
    const key = nameOf(name, 'append');
    const text = valueOf(value, 'append');
    if (key === 'set-cookie') this.#cookies.push(text);
    else this.#all.set(key, this.#all.has(key) ? `${this.#all.get(key)}${key === 'cookie' ? '; ' : ', '}${text}` : text);
  }

  set(name, value) {
    const key = nameOf(name, 'set');
    const text = valueOf(value, 'set');
    if (key === 'set-cookie') this.#cookies = [text];
    else this.#all.set(key, text);
  }

  get(name) {
    const key = nameOf(name, 'get');
    if (key === 'set-cookie') return this.#cookies.length === 0 ? null : this.#cookies.join(', ');
    return this.#all.has(key) ? this.#all.get(key) : null;
  }

  has(name) {
    const key = nameOf(name, 'has');
    return key === 'set-cookie' ? this.#cookies.length > 0 : this.#all.has(key);
  }

  delete(name) {
    const key = nameOf(name, 'delete');
    if (key === 'set-cookie') this.#cookies = [];
    else this.#all.delete(key);
  }

  getSetCookie() {
    return [...this.#cookies];
  }

  forEach(callback, self) {
    for (const [name, value] of this) callback.call(self, value, name, this);
  }

  *entries() {
    const names = [...this.#all.keys()];
    if (this.#cookies.length > 0) names.push('set-cookie');
    for (const name of names.sort()) {
      if (name === 'set-cookie') for (const cookie of this.#cookies) yield [name, cookie];
      else yield [name, this.#all.get(name)];
    }
  }

  *keys() {
    for (const [name] of this.entries()) yield name;
  }

  *values() {
    for (const [, value] of this.entries()) yield value;
  }

  [Symbol.iterator]() {
    return this.entries();
  }

  get [Symbol.toStringTag]() {
    return 'Headers';
  }
}

module.exports = { Headers };
