'use strict';
// structuredClone: copies what HTML's algorithm copies, keeps cycles and shared references, refuses the rest.

const { codes } = require('internal/errors');
const types = require('util/types');

const ERRORS = new Map([Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError].map((each) => [each.name, each]));

function uncloneable(value) {
  const { DOMException } = require('internal/dom_exception');
  const shown = typeof value === 'function' ? String(value) : typeof value === 'symbol' ? String(value) : `#<${value.constructor?.name ?? 'Object'}>`;
  return new DOMException(`${shown} could not be cloned.`, 'DataCloneError');
}

class Cloner {
  #copies = new Map();

  constructor(transferred) {
    this.transferred = transferred;
  }

  clone(value) {
    if (typeof value === 'symbol' || typeof value === 'function') throw uncloneable(value);
    if (typeof value !== 'object' || value === null) return value;
    return this.#copies.get(value) ?? this.#copy(value);
  }

  #keep(value, copy) {
    this.#copies.set(value, copy);
    return copy;
  }

  #copy(value) {
    if (types.isBoxedPrimitive(value)) {
      if (types.isSymbolObject(value)) throw uncloneable(value.valueOf());
      return this.#keep(value, Object(value.valueOf()));
    }
    if (types.isDate(value)) return this.#keep(value, new Date(value.getTime()));
    if (types.isRegExp(value)) return this.#keep(value, new RegExp(value.source, value.flags));
    if (types.isAnyArrayBuffer(value)) return this.#keep(value, this.#buffer(value));
    if (ArrayBuffer.isView(value)) return this.#view(value);
    if (types.isMap(value)) return this.#map(value);
    if (types.isSet(value)) return this.#set(value);
    if (value instanceof Error) return this.#error(value);
    if (types.isPromise(value) || types.isWeakMap(value) || types.isWeakSet(value) || value instanceof WeakRef ||
        types.isGeneratorObject(value)) {
      throw uncloneable(value);
    }
    return this.#fields(value, this.#keep(value, Array.isArray(value) ? new Array(value.length) : {}));
  }

  #buffer(value) {
    return this.transferred.has(value) && typeof value.transfer === 'function' ? value.transfer() : value.slice(0);
  }

  #view(value) {
    const buffer = this.clone(value.buffer);
    if (types.isDataView(value)) return this.#keep(value, new DataView(buffer, value.byteOffset, value.byteLength));
    const name = types.isUint8Array(value) ? 'Uint8Array' : value[Symbol.toStringTag]; // a Buffer comes out as its class
    return this.#keep(value, new globalThis[name](buffer, value.byteOffset, value.length));
  }

  #map(value) {
    const copy = this.#keep(value, new Map());
    for (const [key, each] of [...value]) copy.set(this.clone(key), this.clone(each));
    return copy;
  }

  #set(value) {
    const copy = this.#keep(value, new Set());
    for (const each of [...value]) copy.add(this.clone(each));
    return copy;
  }

  #error(value) {
    const Class = ERRORS.get(value.name) ?? Error;
    const made = this.#keep(value, new Class('message' in value ? String(value.message) : undefined));
    Object.defineProperty(made, 'stack', { value: String(value.stack), writable: true, configurable: true });
    if ('cause' in value) {
      Object.defineProperty(made, 'cause', { value: this.clone(value.cause), writable: true, configurable: true });
    }
    return made;
  }

  #fields(value, copy) {
    for (const key of Object.keys(value)) {
      const each = this.clone(value[key]);
      // Not by assignment, which would give the copy another prototype.
      if (key === '__proto__') Object.defineProperty(copy, key, { value: each, enumerable: true, configurable: true, writable: true });
      else copy[key] = each;
    }
    return copy;
  }
}

function transferred(list) {
  const all = new Set();
  for (const each of list) {
    if (!types.isArrayBuffer(each)) {
      throw Object.assign(new TypeError('Found invalid object in transferList'), { code: 'ERR_INVALID_TRANSFER_OBJECT' });
    }
    if (all.has(each)) {
      const { DOMException } = require('internal/dom_exception');
      throw new DOMException('Transfer list contains duplicate ArrayBuffer', 'DataCloneError');
    }
    all.add(each);
  }
  return all;
}

function structuredClone(value, options = undefined) {
  if (arguments.length === 0) throw new codes.ERR_MISSING_ARGS('value');
  return new Cloner(transferred([...(options?.transfer ?? [])])).clone(value);
}

module.exports = { structuredClone };
