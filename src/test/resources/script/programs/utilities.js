// util, path, structuredClone, async plumbing.
const util = require('util');
const path = require('path');

const slow = (n, callback) => setImmediate(callback, n < 0 ? new RangeError('negative') : null, Math.sqrt(n));
async function main() {
  const sqrt = util.promisify(slow);
  console.log(await sqrt(16), await sqrt(-1).catch((error) => error.message));
  await new Promise((resolve) => {
    util.callbackify(async (a, b) => a + b)(1, 2, (error, sum) => {
      console.log(error, sum);
      resolve();
    });
  });
  const original = { when: new Date(0), set: new Set([1]), map: new Map([['k', [1]]]), bytes: new Uint8Array([1, 2]), nested: { deep: [undefined, null] } };
  original.self = original;
  const copy = structuredClone(original);
  console.log(copy, copy !== original, copy.self === copy, util.isDeepStrictEqual(copy, original));
  console.log(util.isDeepStrictEqual({ a: [1, { b: 2 }] }, { a: [1, { b: 2 }] }), util.isDeepStrictEqual([1], ['1']));
  console.log(util.types.isPromise(Promise.resolve()), util.types.isRegExp(/x/), util.types.isUint8Array(Buffer.alloc(1)));
}
console.log(path.join('/a', '..', 'b', './c.txt'), path.resolve('/x', 'y', '../z'), path.relative('/a/b', '/a/c/d'), path.parse('/home/u/f.tar.gz'));
console.log(path.win32.join('C:\\a', '..', 'b'), path.posix === path, path.extname('.bashrc'), path.basename('/q/w.html', '.html'));
const { values, positionals } = util.parseArgs({ args: ['-v', '--out=file', 'in'], options: { verbose: { type: 'boolean', short: 'v' }, out: { type: 'string' } }, allowPositionals: true });
console.log(values, positionals);
main();
