'use strict';
// Deep equality as assert.deepEqual (loose) and assert.deepStrictEqual / util.isDeepStrictEqual (strict) define it.

const types = require('util/types');

const tagOf = (value) => Object.prototype.toString.call(value);
const isEnumerable = (value, key) => Object.prototype.propertyIsEnumerable.call(value, key);
const isObject = (value) => typeof value === 'object' && value !== null;
const isURL = (value) => typeof value.href === 'string' && value.constructor?.name === 'URL';

function sameBytes(a, b) {
  if (a.byteLength !== b.byteLength) return false;
  const bytes = (each) => (ArrayBuffer.isView(each)
    ? new Uint8Array(each.buffer, each.byteOffset, each.byteLength)
    : new Uint8Array(each));
  const left = bytes(a);
  const right = bytes(b);
  return left.every((byte, i) => byte === right[i]);
}

/** One comparison: strictness, and the pairs under way, which count as equal when met again (cycles). */
class Comparison {
  constructor(strict) {
    this.strict = strict;
    this.pairs = [];
  }

  equal(a, b) {
    if (a === b) return a !== 0 || Object.is(a, b) || !this.strict;
    if (this.strict) {
      if (typeof a === 'number') return Number.isNaN(a) && Number.isNaN(b);
      if (!isObject(a) || !isObject(b)) return false;
      if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return false;
    } else if (!isObject(a) || !isObject(b)) {
      // eslint-disable-next-line eqeqeq -- what loose means
      return !isObject(a) && !isObject(b) && (a == b || (Number.isNaN(a) && Number.isNaN(b)));
    }
    return tagOf(a) === tagOf(b) && this.#sameKind(a, b) && this.#sameContent(a, b);
  }

  #sameKind(a, b) {
    if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length;
    if (tagOf(a) === '[object Object]' && !(a instanceof Error) && !types.isBoxedPrimitive(a) && !isURL(a)) {
      return !isSpecial(b);
    }
    if (types.isDate(a)) return types.isDate(b) && a.getTime() === b.getTime();
    if (types.isRegExp(a)) {
      return types.isRegExp(b) && a.source === b.source && a.flags === b.flags && a.lastIndex === b.lastIndex;
    }
    if (ArrayBuffer.isView(a)) return this.#sameView(a, b);
    if (types.isSet(a)) return types.isSet(b) && a.size === b.size;
    if (types.isMap(a)) return types.isMap(b) && a.size === b.size;
    if (types.isAnyArrayBuffer(a)) return types.isAnyArrayBuffer(b) && sameBytes(a, b);
    if (a instanceof Error) return b instanceof Error && this.#sameError(a, b);
    if (types.isBoxedPrimitive(a)) {
      return types.isBoxedPrimitive(b) && typeof a.valueOf() === typeof b.valueOf() && Object.is(a.valueOf(), b.valueOf());
    }
    if (isURL(a)) return isURL(b) && a.href === b.href;
    return !isSpecial(b);
  }

  #sameView(a, b) {
    if (!ArrayBuffer.isView(b) || a[Symbol.toStringTag] !== b[Symbol.toStringTag]) return false;
    if (!this.strict && (types.isFloat32Array(a) || types.isFloat64Array(a))) {
      return a.length === b.length && a.every((each, i) => each === b[i]); // 0 and -0 are loosely equal
    }
    return sameBytes(a, b);
  }

  #sameError(a, b) {
    return ['message', 'name', 'cause', 'errors'].every((key) => {
      const shown = isEnumerable(a, key);
      if (shown !== isEnumerable(b, key)) return false;
      return shown || (key === 'message' || key === 'name' ? a[key] === b[key] : this.equal(a[key], b[key]));
    });
  }

  #keysOf(value) {
    const keys = Object.keys(value).filter((key) => !(Array.isArray(value) || types.isTypedArray(value)) || !/^\d+$/.test(key));
    if (this.strict) keys.push(...Object.getOwnPropertySymbols(value).filter((key) => isEnumerable(value, key)));
    return keys;
  }

  #sameContent(a, b) {
    const keys = this.#keysOf(a);
    if (keys.length !== this.#keysOf(b).length || !keys.every((key) => isEnumerable(b, key))) return false;
    if (this.pairs.some(([left, right]) => left === a && right === b)) return true;
    this.pairs.push([a, b]);
    const same = keys.every((key) => this.equal(a[key], b[key])) && this.#sameItems(a, b);
    this.pairs.pop();
    return same;
  }

  #sameItems(a, b) {
    if (Array.isArray(a)) {
      for (let i = 0; i < a.length; i++) {
        if (Object.hasOwn(a, i) !== Object.hasOwn(b, i)) return false;
        if (!this.equal(a[i], b[i])) return false;
      }
      return true;
    }
    if (types.isSet(a)) return this.#sameSet(a, b);
    return types.isMap(a) ? this.#sameMap(a, b) : true;
  }

  #sameSet(a, b) {
    const rest = [];
    for (const value of a) {
      if (b.has(value)) continue;
      if (this.strict && !isObject(value)) return false;
      rest.push(value);
    }
    return rest.length === 0 || this.#matchAll(rest, [...b].filter((value) => !a.has(value)), (x, y) => this.equal(x, y));
  }

  #sameMap(a, b) {
    const rest = [];
    for (const [key, value] of a) {
      if (b.has(key) && this.equal(value, b.get(key))) continue;
      if (!isObject(key) && (this.strict || b.has(key))) return false;
      rest.push([key, value]);
    }
    if (rest.length === 0) return true;
    const others = [...b].filter(([key, value]) => !(a.has(key) && this.equal(a.get(key), value)));
    return this.#matchAll(rest, others, ([k1, v1], [k2, v2]) => this.equal(k1, k2) && this.equal(v1, v2));
  }

  #matchAll(left, right, same) {
    const free = [...right];
    return left.every((each) => {
      const index = free.findIndex((other) => same(each, other));
      if (index >= 0) free.splice(index, 1);
      return index >= 0;
    });
  }
}

function isSpecial(value) {
  return Array.isArray(value) || ArrayBuffer.isView(value) || types.isSet(value) || types.isMap(value) ||
    types.isDate(value) || types.isRegExp(value) || types.isAnyArrayBuffer(value) || types.isBoxedPrimitive(value) ||
    value instanceof Error;
}

module.exports = {
  isDeepEqual: (a, b) => new Comparison(false).equal(a, b),
  isDeepStrictEqual: (a, b) => new Comparison(true).equal(a, b),
};
