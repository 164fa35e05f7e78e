'use strict';
// An order system whose emitter spans nodes. It has three parts, which may run in one verticle, or each in a process of its own,
// anywhere in the cluster: they share an emitter and nothing else.
//
//   desk       takes orders (a request), waits for what the others say of them, ships or cancels
//   warehouse  packs what it has, takes back what was cancelled
//   billing    takes the money, gives it back when the order was cancelled
//
// addresses:
//   - {match: shop.orders, publish: nobody, subscribe: anyone}
//   - {match: shop.desk, request: anyone}
// verticles:
//   - {deploy: "js:conf/verticles/orders.js", config: {parts: [desk, warehouse, billing]}}

const weir = require('weir');

const {
  parts = ['desk', 'warehouse', 'billing'],
  orders: address = 'shop.orders',
  desk: counter = 'shop.desk',
  patience = '30s', // an order that nobody has packed and paid by then is cancelled
  stock = { apples: 100, pears: 50 },
  limit = 1000, // what billing lends
} = weir.config;

const orders = weir.emitter(address);
orders.on('error', (error) => weir.log.warn('%s: %s', address, error.message));

function desk() {
  const REFUSED = ['sold-out', 'declined'];
  const open = new Map();
  let last = 0;

  const decided = weir.aggregator({
    until: (events) => events.some(({ type }) => REFUSED.includes(type)) || ['packed', 'paid'].every((type) => events.some((each) => each.type === type)),
    within: patience,
  });
  decided.on('complete', ({ key, by, events }) => {
    const refusal = events.find(({ type }) => REFUSED.includes(type));
    const order = open.get(key);
    open.delete(key);
    if (by === 'condition' && refusal === undefined) orders.emit('shipped', order, { key });
    else orders.emit('cancelled', { ...order, reason: refusal?.type ?? 'late' }, { key });
  });

  // Every desk hears of all orders; each looks after its own.
  for (const type of ['placed', 'packed', 'paid', ...REFUSED]) {
    orders.on(type, (data, event) => open.has(event.subject) && decided.add(event));
  }

  weir.reply(counter, async (order) => {
    if (typeof order?.item !== 'string' || !(order.count >= 1) || !(order.price >= 0)) {
      throw new weir.WeirError('invalid_event', 'an order is {item, count, price}: a name, 1 or more, 0 or more');
    }
    const id = `${process.pid}-${Date.now().toString(36)}-${++last}`;
    open.set(id, { item: order.item, count: order.count, price: order.price });
    await orders.emit('placed', open.get(id), { key: id });
    return { id };
  });
}

function warehouse() {
  const left = { ...stock };
  const packed = new Map();

  orders.on('placed', ({ item, count }, { subject: key }) => {
    if ((left[item] ?? 0) < count) return void orders.emit('sold-out', { left: left[item] ?? 0 }, { key });
    left[item] -= count;
    packed.set(key, { item, count });
    orders.emit('packed', { left: left[item] }, { key });
  });
  orders.on('shipped', (data, { subject: key }) => packed.delete(key));
  orders.on('cancelled', (data, { subject: key }) => {
    const back = packed.get(key);
    if (back === undefined) return;
    packed.delete(key);
    left[back.item] += back.count;
    orders.emit('unpacked', { left: left[back.item] }, { key });
  });
}

function billing() {
  const paid = new Map();

  orders.on('placed', ({ count, price }, { subject: key }) => {
    const amount = count * price;
    if (amount > limit) return void orders.emit('declined', { limit }, { key });
    paid.set(key, amount);
    orders.emit('paid', { amount }, { key });
  });
  orders.on('shipped', (data, { subject: key }) => paid.delete(key));
  orders.on('cancelled', (data, { subject: key }) => {
    if (!paid.has(key)) return;
    orders.emit('refunded', { amount: paid.get(key) }, { key });
    paid.delete(key);
  });
}

const known = { desk, warehouse, billing };
for (const part of parts) {
  if (known[part] === undefined) throw new TypeError(`parts: there is no '${part}'; there are ${Object.keys(known).join(', ')}`);
  known[part]();
}
