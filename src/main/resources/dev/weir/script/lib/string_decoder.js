'use strict';
// Decodes a sequence of buffers; bytes of a character that is not complete yet wait for the next one.

const { codes } = require('internal/errors');
const text = require('internal/buffer_text');

/** How many bytes at the end begin a UTF-8 character without completing it. */
function openUtf8(bytes) {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back];
    if ((byte & 0xc0) === 0x80) continue;
    const needed = byte >= 0xf0 && byte < 0xf5 ? 4 : byte >= 0xe0 && byte < 0xf0 ? 3 : byte >= 0xc2 && byte < 0xe0 ? 2 : 1;
    if (needed <= back) return 0;
    return isPossible(byte, bytes[bytes.length - back + 1], back) ? back : 0;
  }
  return 0;
}

/** Whether the second byte can follow the first: overlong forms, surrogates and what is beyond Unicode are wrong at once. */
function isPossible(first, second, seen) {
  if (seen < 2) return true;
  if (first === 0xe0) return second >= 0xa0;
  if (first === 0xed) return second < 0xa0;
  if (first === 0xf0) return second >= 0x90;
  return first !== 0xf4 || second < 0x90;
}

function openUtf16(bytes) {
  const odd = bytes.length % 2;
  const last = bytes[bytes.length - odd - 1];
  return odd + (bytes.length - odd >= 2 && last >= 0xd8 && last <= 0xdb ? 2 : 0);
}

const OPEN = { utf8: openUtf8, utf16le: openUtf16, base64: (bytes) => bytes.length % 3, base64url: (bytes) => bytes.length % 3 };

class Decoder {
  constructor(encoding) {
    const known = text.encodingOf(encoding);
    if (known === undefined) throw new codes.ERR_UNKNOWN_ENCODING(encoding);
    this.encoding = known;
    Object.defineProperty(this, 'open', { value: new Uint8Array(0), writable: true });
  }

  write(input) {
    if (typeof input === 'string') return input;
    if (!ArrayBuffer.isView(input)) {
      throw new codes.ERR_INVALID_ARG_TYPE('buf', ['Buffer', 'TypedArray', 'DataView'], input);
    }
    let bytes = new Uint8Array(input.buffer, input.byteOffset, input.byteLength);
    if (this.open.length > 0) {
      const joined = new Uint8Array(this.open.length + bytes.length);
      joined.set(this.open);
      joined.set(bytes, this.open.length);
      bytes = joined;
    }
    const open = OPEN[this.encoding]?.(bytes) ?? 0;
    const whole = bytes.length - open;
    this.open = bytes.slice(whole);
    return whole === 0 ? '' : text.decode(bytes.subarray(0, whole), this.encoding);
  }

  end(input) {
    const before = input === undefined ? '' : this.write(input);
    const rest = this.open;
    this.open = new Uint8Array(0);
    return rest.length === 0 ? before : before + text.decode(rest, this.encoding);
  }

  text(input, offset) {
    this.open = new Uint8Array(0);
    return this.write(input.slice(offset));
  }

  get lastNeed() {
    if (this.encoding !== 'utf8' || this.open.length === 0) return 0;
    const first = this.open[0];
    return (first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2) - this.open.length;
  }

  get lastTotal() {
    return this.open.length === 0 ? 0 : this.lastNeed + this.open.length;
  }
}

/** Callable without `new`, as old code does with inheritance. */
function StringDecoder(encoding) {
  const decoder = new Decoder(encoding);
  if (new.target !== undefined && new.target !== StringDecoder) Object.setPrototypeOf(decoder, new.target.prototype);
  return decoder;
}
StringDecoder.prototype = Decoder.prototype;
StringDecoder.prototype.constructor = StringDecoder;

module.exports = { StringDecoder };
