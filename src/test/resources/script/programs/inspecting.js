// What console.log and util.inspect print.
const util = require('util');

class Point {
  #secret = 1;
  constructor(x, y) {
    this.x = x;
    this.y = y;
  }
  get length() { return Math.hypot(this.x, this.y); }
}
class Named extends Point {
  [util.inspect.custom](depth, options, inspect) {
    return `Named<${inspect([this.x, this.y], options)}>`;
  }
}
const order = { id: 7, lines: [{ sku: 'a', count: 1, tags: { x: { deep: { deeper: 1 } } } }], at: new Date(0), note: "it's", empty: {}, none: null, nothing: undefined };
order.self = order;
console.log(order);
console.log(new Point(3, 4), new Named(1, 2), [new Named(5, 6)], Point, Object.create(null));
console.log(new Map([['k', { a: [1, 2] }], [{ o: 1 }, new Set(['s', 1n])]]), new WeakMap(), Symbol('tag'), -0, [1.5, , 'x'], 10n);
console.log(Array.from({ length: 105 }, (_, i) => i));
console.log(['apple', 'pear', 'plum', 'cherry', 'fig', 'quince', 'medlar', 'sloe']);
console.log(function named() {}, () => {}, async () => {}, class extends Point {}, Math.max);
console.log('%s is %d years, %i whole, %f, %j, %o, %O, 100%%', 'Ada', 36.5, 36.5, '1.5', { a: 1 }, [1], { b: { c: {} } }, 'rest', { more: true });
console.log(util.inspect({ a: { b: { c: { d: 1 } } } }, { depth: 0 }), util.inspect({ a: { b: { c: { d: 1 } } } }, { depth: null, compact: false }));
console.log(util.inspect('x'.repeat(20), { maxStringLength: 5 }), util.inspect({ b: 1, a: 2 }, { sorted: true }), util.inspect(1234567.5, { numericSeparator: true }));
console.log(util.inspect({ get a() { return 1; }, set b(v) {} }), util.inspect({ get a() { return { x: 1 }; } }, { getters: true }));
console.log(util.inspect(new Proxy({ p: 1 }, {})), [new Uint8Array(3), Buffer.from('bytes'), new ArrayBuffer(2)]);
console.log(util.inspect({ s: 'tick', n: 1, u: undefined, l: null, d: new Date(0), r: /x/, f() {} }, { colors: true }));
console.log({ text: 'a long line of words that does not fit\ninto one line of eighty columns, so it is broken' });
console.table([{ name: 'a', n: 1 }, { name: 'b', n: 22, more: true }]);
console.group('group');
console.log('in\nside');
console.groupEnd();
console.count();
console.count();
console.dir({ a: { b: { c: {} } } }, { depth: 0 });
