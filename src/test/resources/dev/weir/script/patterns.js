'use strict';
// What programs made of events always need, without a node: runs here with require('weir') and in Node with the file of the patterns.
const EventEmitter = require('events');
const weir = require(process.argv[2] ?? 'weir');
const say = (...words) => console.log(words.map((word) => (typeof word === 'string' ? word : JSON.stringify(word))).join(' '));
const pause = (time) => new Promise((resolve) => setTimeout(resolve, time));

async function aggregator() {
  const orders = new EventEmitter();
  const whole = weir.aggregator({ all: ['paid', 'packed'], by: ({ data }) => data.id, within: '40ms', atMost: 3 });
  whole.on('complete', ({ key, by, whole, events }) => say('aggregate', key, by, whole, events.map(({ type }) => type)));
  whole.listen(orders);
  orders.emit('paid', { id: 1 });
  orders.emit('paid', { id: 2 });
  orders.emit('packed', { id: 1 });
  await pause(80);
  for (const id of [3, 4, 5, 6]) orders.emit('paid', { id });
  say(whole.open);
  whole.close();
  say(orders.eventNames());
  const two = weir.aggregator({ until: (events) => events.length === 2 });
  two.on('complete', ({ key, by }) => say('two', key, by));
  two.add({ type: 'a', subject: 'k' });
  two.add({ type: 'b', subject: 'k' });
  for (const wrong of [{}, { al: [] }]) {
    try {
      weir.aggregator(wrong);
    } catch (error) {
      say(error.name, error.message);
    }
  }
}

async function buffer() {
  const rows = weir.buffer({ pause: 20, size: 3, longest: '5s' }, async ({ items, by }) => {
    await pause(1);
    if (items.includes('bad')) throw new Error('not this');
    say('batch', by, items);
  });
  rows.on('error', (error, items) => say('error', error.message, items));
  rows.add(1);
  rows.add(2);
  await rows.add(3);
  await rows.add(4);
  rows.add('bad').catch((error) => say('caught', error.message));
  await rows.flush();
  rows.add(5);
  await rows.close();
  say(rows.size);
  await rows.add(6).catch((error) => say(error.message));
}

async function breaker() {
  let down = true;
  const service = async (what) => {
    if (what === 'slow') await pause(200);
    if (down) throw new Error('down');
    return `fine ${what}`;
  };
  const make = (name, wait) => {
    const ask = weir.breaker(service, { name, failures: 0.5, of: 2, pause: wait, probes: 1, within: '30ms' });
    ask.on('transition', ({ from, to }) => say(name, from, '->', to));
    return (what) => ask(what).then(say, (error) => say(error.code ?? error.message)).then(() => say(ask.state));
  };
  const long = make('long', '1h');
  for (const n of [1, 2, 3]) await long(n);
  const short = make('short', 1);
  for (const n of [1, 2]) await short(n);
  await pause(30);
  down = false;
  await short('again');
  await short('slow');
  await short('slow');
}

async function retry() {
  say(await weir.retry(async (attempt) => {
    if (attempt < 3) throw new Error(`attempt ${attempt}`);
    return attempt;
  }, { backoff: ['1ms', 2], attempts: 5, onFailed: ({ attempt, error, pause: wait }) => say(attempt, error.message, wait) }));
  await weir.retry(() => { throw new Error('for ever'); }, { backoff: [1], attempts: 2 }).catch((error) => say(error.message));
  await weir.retry(() => { throw new Error('once'); }, { when: () => false }).catch((error) => say(error.message));
}

async function safeEmit() {
  const emitter = new EventEmitter();
  emitter.on('x', () => { throw new Error('first'); });
  emitter.on('x', async () => { throw new Error('later'); });
  emitter.once('x', (a, b) => say('heard', a, b));
  const outcome = weir.safeEmit(emitter, 'x', 1, 2);
  say(outcome.heard, outcome.failures.length);
  await outcome.settled;
  say(outcome.failures.map(({ message }) => message), emitter.listenerCount('x'));
}

function tracer() {
  const emitter = new EventEmitter();
  emitter.on('placed', () => {});
  const traced = weir.tracer(emitter, { name: 'orders', depth: 1, print: (text) => say(text.replace(/\(?[^( ]*patterns.js:[0-9:]+\)?/, 'HERE')) });
  say(emitter.emit('placed', { n: 1 }, 'two', () => {}));
  traced.close();
  emitter.emit('placed');
}

async function monitor() {
  const emitter = new EventEmitter().setMaxListeners(0);
  const watching = weir.monitor({ every: 4 }).watch(emitter, 'leaky').watch('cache', () => 7);
  let looks = 0;
  const grown = new Promise((resolve) => watching.on('growth', ({ name, from, to }) => resolve([name, from < to])));
  watching.on('look', () => {
    looks++;
    emitter.on('x', () => {});
  });
  const alive = setInterval(() => {}, 1000);
  say(await grown);
  clearInterval(alive);
  watching.close();
  say(looks >= 12, watching.names(), watching.series('cache').every(({ count }) => count === 7));
}

(async () => {
  for (const each of [aggregator, buffer, breaker, retry, safeEmit, tracer, monitor]) {
    say('#', each.name);
    await each();
  }
})();
