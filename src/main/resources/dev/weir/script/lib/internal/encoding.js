'use strict';
// TextEncoder and TextDecoder. UTF-8 and UTF-16 are the engine's own; Node's labels, errors and latin1 are added here.

const { codes } = require('internal/errors');
const native = binding('native') ?? globalThis;

const LABELS = new Map();
function label(encoding, ...names) {
  for (const name of [encoding, ...names]) LABELS.set(name, encoding);
}
label('utf-8', 'utf8', 'unicode-1-1-utf-8', 'unicode11utf8', 'unicode20utf8', 'x-unicode20utf8');
label('utf-16le', 'utf-16', 'ucs-2', 'unicode', 'csunicode', 'iso-10646-ucs-2', 'unicodefeff');
label('utf-16be', 'unicodefffe');
label('windows-1252', 'latin1', 'iso-8859-1', 'iso8859-1', 'iso88591', 'iso_8859-1', 'l1', 'ascii', 'us-ascii', 'cp1252',
  'x-cp1252', 'ansi_x3.4-1968', 'cp819', 'ibm819', 'csisolatin1', 'iso-ir-100', 'iso_8859-1:1987');
// what windows-1252 has in 0x80 to 0x9f
const WINDOWS_1252 = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';

const kInspect = Symbol.for('nodejs.util.inspect.custom');
const bytesOf = (input) => {
  if (input === undefined) return new Uint8Array(0);
  if (ArrayBuffer.isView(input)) return new Uint8Array(input.buffer, input.byteOffset, input.byteLength);
  if (require('util/types').isAnyArrayBuffer(input)) return new Uint8Array(input);
  throw new codes.ERR_INVALID_ARG_TYPE('list', ['ArrayBuffer', 'ArrayBufferView'], input);
};

class TextEncoder {
  #encoder = new native.TextEncoder();

  get encoding() {
    return 'utf-8';
  }

  encode(input = '') {
    return this.#encoder.encode(`${input}`);
  }

  encodeInto(source, target) {
    require('internal/validators').validateString(source, 'src');
    if (!require('util/types').isUint8Array(target)) throw new codes.ERR_INVALID_ARG_TYPE('dest', 'Uint8Array', target);
    const { read, written } = this.#encoder.encodeInto(source, target);
    return { read, written };
  }

  [kInspect](depth, options, inspect) {
    return inspect({ __proto__: { constructor: TextEncoder }, encoding: this.encoding }, options);
  }
}

class TextDecoder {
  #encoding;
  #fatal;
  #ignoreBOM;
  #decoder;

  constructor(encoding = 'utf-8', options = {}) {
    const known = LABELS.get(`${encoding}`.trim().toLowerCase());
    if (known === undefined) throw new codes.ERR_ENCODING_NOT_SUPPORTED(encoding);
    require('internal/validators').validateObject(options, 'options', { array: true, func: true, nullable: true });
    this.#encoding = known;
    this.#fatal = Boolean(options?.fatal);
    this.#ignoreBOM = Boolean(options?.ignoreBOM);
    if (known !== 'windows-1252') {
      this.#decoder = new native.TextDecoder(known, { fatal: this.#fatal, ignoreBOM: this.#ignoreBOM });
    }
  }

  get encoding() { return this.#encoding; }
  get fatal() { return this.#fatal; }
  get ignoreBOM() { return this.#ignoreBOM; }

  decode(input = undefined, options = {}) {
    const bytes = bytesOf(input);
    if (this.#decoder === undefined) return windows1252(bytes);
    try {
      return this.#decoder.decode(bytes, { stream: Boolean(options?.stream) });
    } catch (error) {
      if (!this.#fatal) throw error;
      throw new codes.ERR_ENCODING_INVALID_ENCODED_DATA(this.#encoding);
    }
  }
}
for (const [Class, names] of [[TextEncoder, ['encoding', 'encode', 'encodeInto']],
  [TextDecoder, ['encoding', 'fatal', 'ignoreBOM', 'decode']]]) {
  for (const name of names) Object.defineProperty(Class.prototype, name, { enumerable: true });
  Object.defineProperty(Class.prototype, Symbol.toStringTag, { value: Class.name, configurable: true });
}

function windows1252(bytes) {
  let text = '';
  for (const byte of bytes) text += byte >= 0x80 && byte < 0xa0 ? WINDOWS_1252[byte - 0x80] : String.fromCharCode(byte);
  return text;
}

module.exports = { TextEncoder, TextDecoder };
