'use strict';
// Bytes as base64 and hexadecimal text and back: texts of all kinds, right and wrong, always the same ones.
const { createHash } = require('crypto');
const { StringDecoder } = require('string_decoder');

let seed = 7;
const random = (below) => {
  seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
  return (seed >>> 8) % below;
};
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_';
const ALPHABETS = [LETTERS, `${LETTERS}=`, `${LETTERS} \n\r\t`, `${LETTERS}*.,!@`, `${LETTERS}\u0141\u013d\u20ac\u00e9`, '0123456789abcdefABCDEF', '0123456789abcdefgABCDEF\u0161\u0130 '];
const text = () => {
  const alphabet = ALPHABETS[random(ALPHABETS.length)];
  return Array.from({ length: random(40) }, () => alphabet[random(alphabet.length)]).join('') + '='.repeat(random(3));
};

const lines = [];
for (let i = 0; i < 300; i++) {
  const given = text();
  for (const encoding of ['base64', 'base64url', 'hex']) {
    const bytes = Buffer.from(given, encoding);
    lines.push(`${encoding} ${JSON.stringify(given)} ${bytes.length} ${Array.from(bytes).join()}`);
    lines.push(['base64', 'base64url', 'hex'].map((to) => bytes.toString(to, random(3), bytes.length - random(3))).join(' '));
    const room = Buffer.alloc(8, 0xaa);
    lines.push(`${room.write(given, random(4), encoding)} ${room.toString('hex')} ${Buffer.byteLength(given, encoding)}`);
  }
}
for (let at = 0; at < lines.length; at += 300) {
  console.log(at, createHash('sha256').update(lines.slice(at, at + 300).join('\n')).digest('hex'));
}

const all = Buffer.from(Array.from({ length: 256 }, (_, i) => i));
console.log(all.toString('base64'));
console.log(all.toString('base64url'));
console.log(all.toString('hex'));
console.log(all.subarray(3, 9).toString('hex'), all.subarray(250).toString('base64'), Buffer.alloc(0).toString('hex') === '');
console.log(Buffer.from(all.toString('hex'), 'hex').equals(all), Buffer.from(all.toString('base64url'), 'base64').equals(all));
const changed = Buffer.from('00ff', 'hex');
changed[0] = 7;
console.log(changed, changed.buffer instanceof ArrayBuffer, changed.buffer.byteLength >= 2, Buffer.isBuffer(changed));
console.log(new Uint16Array(Buffer.from('AQIDBA==', 'base64').subarray(0, 4)).join());
const decoder = new StringDecoder('base64');
console.log(decoder.write(all.subarray(0, 4)) + decoder.write(all.subarray(4, 9)) + decoder.end(all.subarray(9, 11)));
console.log(atob('aGVsbG8='), btoa('hello'), all.base64Slice(0, 5), all.hexSlice(254));
console.log(createHash('md5').update('x').digest('base64'), Buffer.from('68656c6c6f', 'hex').toString());
