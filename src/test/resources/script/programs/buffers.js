// Bytes: encodings, numbers, searching, a small binary protocol.
const { StringDecoder } = require('string_decoder');

for (const encoding of ['utf8', 'hex', 'base64', 'base64url', 'latin1', 'utf16le']) {
  const text = Buffer.from('Grüße, €?>').toString(encoding);
  console.log(encoding, text, Buffer.from(text, encoding).length);
}
function encode(type, payload) {
  const body = Buffer.from(JSON.stringify(payload));
  const frame = Buffer.alloc(7 + body.length);
  frame.writeUInt8(type, 0);
  frame.writeUInt32BE(body.length, 1);
  body.copy(frame, 7);
  frame.writeUInt16LE(body.reduce((sum, byte) => (sum + byte) & 0xffff, 0), 5);
  return frame;
}
function* decode(bytes) {
  for (let at = 0; at < bytes.length;) {
    const length = bytes.readUInt32BE(at + 1);
    yield { type: bytes[at], sum: bytes.readUInt16LE(at + 5), data: JSON.parse(bytes.subarray(at + 7, at + 7 + length).toString()) };
    at += 7 + length;
  }
}
const wire = Buffer.concat([encode(1, { hello: 'wörld' }), encode(2, [1, 2, 3])]);
console.log(wire);
console.log([...decode(wire)]);
const numbers = Buffer.alloc(24);
numbers.writeDoubleBE(Math.PI, 0);
numbers.writeBigInt64LE(-5n, 8);
numbers.writeIntBE(-123456789, 16, 6);
console.log(numbers.toString('hex'), numbers.readDoubleBE(0), numbers.readBigInt64LE(8), numbers.readIntBE(16, 6));
const text = Buffer.from('the quick brown fox');
console.log(text.indexOf('quick'), text.lastIndexOf('o'), text.includes('cat'), text.slice(4, 9).toString(), text.equals(Buffer.from('the quick brown fox')));
console.log(Buffer.compare(Buffer.from('a'), Buffer.from('b')), JSON.stringify(Buffer.from('hi')), Buffer.byteLength('€'), Buffer.from('abcd').swap16());
const decoder = new StringDecoder('utf8');
const euro = Buffer.from('5 €!');
for (const byte of euro) process.stdout.write(`[${decoder.write(Buffer.from([byte]))}]`);
console.log(decoder.end());
console.log(new TextDecoder().decode(new TextEncoder().encode('täxt')), btoa('weir'), atob('d2Vpcg=='));
