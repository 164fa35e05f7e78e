'use strict';
// Text to bytes and back, for Buffer and StringDecoder: the encodings Node knows.

const native = binding('native') ?? globalThis;
const encoder = new native.TextEncoder();
const decoder = new native.TextDecoder('utf-8', { ignoreBOM: true });
const host = binding('buffer');
const CHUNK = 4096; // arguments of one String.fromCharCode call

const NAMES = new Map();
for (const [name, ...others] of [['utf8', 'utf-8'], ['utf16le', 'utf-16le', 'ucs2', 'ucs-2'], ['latin1', 'binary'],
  ['ascii'], ['hex'], ['base64'], ['base64url']]) {
  for (const each of [name, ...others]) NAMES.set(each, name);
}

/** The canonical name, or undefined for what is no encoding. */
function encodingOf(name) {
  if (name === undefined || name === null || name === '') return 'utf8';
  return NAMES.get(name) ?? NAMES.get(`${name}`.toLowerCase());
}

function fromCodes(codes) {
  let text = '';
  for (let i = 0; i < codes.length; i += CHUNK) text += String.fromCharCode.apply(null, codes.subarray(i, i + CHUNK));
  return text;
}

function fromUtf16(text) {
  const bytes = new Uint8Array(text.length * 2);
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    bytes[i * 2] = code & 255;
    bytes[i * 2 + 1] = code >> 8;
  }
  return bytes;
}

function fromLatin1(text) {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

function toUtf16(bytes) {
  const codes = new Uint16Array(bytes.length >> 1);
  for (let i = 0; i < codes.length; i++) codes[i] = bytes[i * 2] | (bytes[i * 2 + 1] << 8);
  return fromCodes(codes);
}

const DECODE = {
  utf8: (bytes) => decoder.decode(bytes),
  utf16le: toUtf16,
  latin1: fromCodes,
  ascii: (bytes) => fromCodes(bytes.map((byte) => byte & 127)),
  hex: (bytes) => host.hex(bytes.buffer, bytes.byteOffset, bytes.length),
  base64: (bytes) => host.base64(bytes.buffer, bytes.byteOffset, bytes.length),
  base64url: (bytes) => host.base64url(bytes.buffer, bytes.byteOffset, bytes.length),
};

const fromBase64 = (text) => new Uint8Array(host.fromBase64(text));

const ENCODE = {
  utf8: (text) => encoder.encode(text),
  utf16le: fromUtf16,
  latin1: fromLatin1,
  ascii: fromLatin1,
  hex: (text) => new Uint8Array(host.fromHex(text)),
  base64: fromBase64,
  base64url: fromBase64,
};

function utf8Length(text) {
  let length = text.length;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x80) continue;
    if (code < 0x800) length++;
    else {
      length += 2;
      if (code >= 0xd800 && code < 0xdc00) {
        const next = text.charCodeAt(i + 1);
        if (next >= 0xdc00 && next < 0xe000) i++; // two units, four bytes
      }
    }
  }
  return length;
}

/** How many bytes a text takes; for base64 the number its length lets expect, as in Node. */
function byteLength(text, encoding) {
  switch (encoding) {
    case 'utf8': return text.length > 1000 ? encoder.encode(text).length : utf8Length(text);
    case 'utf16le': return text.length * 2;
    case 'hex': return text.length >>> 1;
    case 'base64':
    case 'base64url': return Math.floor((text.replace(/={1,2}$/, '').length * 3) / 4);
    default: return text.length;
  }
}

module.exports = {
  encodingOf,
  byteLength,
  decode: (bytes, encoding) => DECODE[encoding](bytes),
  encode: (text, encoding) => ENCODE[encoding](text),
  encodeUtf8Into: (text, bytes) => encoder.encodeInto(text, bytes).written,
  isUtf8: (bytes) => {
    try {
      new native.TextDecoder('utf-8', { fatal: true }).decode(bytes);
      return true;
    } catch {
      return false;
    }
  },
};
