'use strict';
// Blob and File: immutable bytes with a media type, read asynchronously.

const { codes } = require('internal/errors');

const kInspect = Symbol.for('nodejs.util.inspect.custom');
const { TextEncoder, TextDecoder } = require('internal/encoding');
const encoder = new TextEncoder();

function bytesOf(part) {
  if (part instanceof Blob) return part[kBytes];
  if (ArrayBuffer.isView(part)) return new Uint8Array(part.buffer.slice(part.byteOffset, part.byteOffset + part.byteLength));
  if (part instanceof ArrayBuffer) return new Uint8Array(part.slice(0));
  return encoder.encode(`${part}`);
}
const kBytes = Symbol('kBytes');

class Blob {
  #type;

  constructor(parts = [], { type = '', endings = 'transparent' } = {}) {
    if (parts === null || typeof parts[Symbol.iterator] !== 'function' || typeof parts === 'string') {
      throw new codes.ERR_INVALID_ARG_TYPE('sources', 'a sequence', parts);
    }
    require('internal/validators').validateOneOf(endings, 'options.endings', ['transparent', 'native']);
    const chunks = [...parts].map(bytesOf);
    const bytes = new Uint8Array(chunks.reduce((sum, each) => sum + each.length, 0));
    let at = 0;
    for (const chunk of chunks) {
      bytes.set(chunk, at);
      at += chunk.length;
    }
    Object.defineProperty(this, kBytes, { value: bytes });
    this.#type = /[^\u0020-\u007e]/.test(type) ? '' : `${type}`.toLowerCase();
  }

  get size() { return this[kBytes].length; }
  get type() { return this.#type; }

  slice(start = 0, end = this.size, type = '') {
    return new Blob([this[kBytes].slice(start, end)], { type });
  }

  async arrayBuffer() { return this[kBytes].slice().buffer; }
  async bytes() { return this[kBytes].slice(); }
  async text() { return new TextDecoder().decode(this[kBytes]); }

  [kInspect](depth, options, inspect) {
    if (depth < 0) return this.constructor.name;
    return `${this.constructor.name} ${inspect({ size: this.size, type: this.type }, options)}`;
  }
}
Object.defineProperty(Blob.prototype, Symbol.toStringTag, { value: 'Blob', configurable: true });

class File extends Blob {
  constructor(parts, name, options = {}) {
    if (arguments.length < 2) throw new codes.ERR_MISSING_ARGS('sources', 'fileName');
    super(parts, options);
    Object.defineProperty(this, 'name', { value: `${name}`, enumerable: true });
    Object.defineProperty(this, 'lastModified', { value: options.lastModified ?? Date.now(), enumerable: true });
  }
}
Object.defineProperty(File.prototype, Symbol.toStringTag, { value: 'File', configurable: true });

module.exports = { Blob, File };
