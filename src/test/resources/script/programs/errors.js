// Errors: how they are printed, what they carry, what assert says of them.
const assert = require('assert');
const util = require('util');

const bare = (error) => {
  error.stack = error.stack.split('\n    at')[0];
  return error;
};
class OrderError extends Error {
  constructor(message, options) {
    super(message, options);
    this.name = 'OrderError';
    this.orderId = 7;
  }
}
console.log(bare(new Error('plain')), bare(new TypeError('typed')), [bare(new Error('in a list'))]);
console.log(bare(new OrderError('no stock', { cause: bare(new RangeError('count')) })));
console.log(bare(Object.assign(new Error('with code'), { code: 'E_CODE', details: { a: 1 } })));
console.log(bare(new AggregateError([bare(new Error('one')), bare(new Error('two'))], 'several')));
const trials = [
  () => assert.strictEqual(1, 2),
  () => assert.deepStrictEqual({ a: 1, b: [1, 2, 3] }, { a: 1, b: [1, 2, 4] }),
  () => assert.strictEqual('a longer text', 'a longer test'),
  () => assert.notStrictEqual(1, 1),
  () => assert.deepEqual([1, 2], [1, 3], 'own words'),
  () => assert.throws(() => {}),
  () => assert.throws(() => { throw new Error('wrong'); }, /right/),
  () => assert.throws(() => { throw new Error('wrong'); }, { message: 'right' }),
  () => assert.match('abc', /x/),
  () => assert.ifError(new Error('late')),
  () => assert.fail('on purpose'),
  () => assert(false, 'said so'),
  () => Buffer.from(5),
  () => new URL('nonsense'),
  () => require('path').join(5),
  () => new (require('events'))().on('x', 5),
  () => structuredClone(() => {}),
  () => util.promisify('x'),
  () => Buffer.alloc(2).readUInt32LE(0),
  () => Buffer.alloc(8).writeUInt8(300),
];
for (const trial of trials) {
  try {
    trial();
    console.log('nothing');
  } catch (error) {
    console.log(`${error.name} ${error.code}\n${error.message}`);
  }
}
assert.rejects(Promise.reject(new Error('async')), { message: 'async' }).then(() => console.log('rejected as expected'));
