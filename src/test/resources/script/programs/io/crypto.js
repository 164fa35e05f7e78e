// Hashes, HMACs and randomness.
const crypto = require('crypto');

const failed = (what) => {
  try {
    console.log('no error', what());
  } catch (error) {
    console.log(error.name, error.code, error.message);
  }
};
for (const name of ['md5', 'sha1', 'sha256', 'sha512', 'SHA256', 'RSA-SHA1', 'sha512-256', 'sha3-256']) {
  const hash = () => crypto.createHash(name).update('grüße').update(Buffer.from([1, 2, 3]));
  console.log(name, hash().digest('hex'), hash().digest('base64'), hash().digest('base64url'), hash().digest().length);
}
console.log(crypto.createHash('md5').update('ff00', 'hex').digest('latin1').length);
const one = crypto.createHash('sha256').update('a');
const two = one.copy().update('b');
console.log(one.digest('hex') === crypto.createHash('sha256').update('a').digest('hex'), two.digest('hex').slice(0, 8));
console.log(crypto.createHmac('sha256', 'key').update('text').digest('hex'));
console.log(crypto.createHmac('sha512', Buffer.from('key')).update('text').digest('base64'));
console.log(crypto.createHmac('md5', '').update('text').digest('hex'));
console.log(crypto.randomUUID().replace(/[0-9a-f]/g, 'x'), crypto.randomBytes(8).length, crypto.randomUUID() !== crypto.randomUUID());
console.log(crypto.getRandomValues(new Uint32Array(4)).length, crypto.randomInt(5) < 5, crypto.randomInt(7, 8));
console.log(crypto.timingSafeEqual(Buffer.from('abc'), Buffer.from('abc')), crypto.timingSafeEqual(Buffer.from('abc'), Buffer.from('abd')));
failed(() => crypto.createHash('foo'));
failed(() => crypto.createHmac('foo', 'key'));
failed(() => crypto.createHash());
failed(() => {
  const hash = crypto.createHash('md5');
  hash.digest();
  hash.update('x');
});
failed(() => crypto.createHash('md5').update(5));
failed(() => crypto.timingSafeEqual(Buffer.alloc(1), Buffer.alloc(2)));
failed(() => crypto.randomBytes(-1));
failed(() => crypto.randomInt(5, 5));
crypto.randomBytes(4, (error, bytes) => {
  console.log(error, bytes.length);
  const hash = crypto.createHash('sha256');
  hash.on('readable', () => {
    const data = hash.read();
    if (data) console.log(data.toString('hex'));
  });
  hash.write('streamed');
  hash.end(' text');
});
