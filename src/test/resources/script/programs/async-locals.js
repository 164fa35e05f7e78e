'use strict';
// AsyncLocalStorage: what belongs to a request is there in everything that follows from it.
const { AsyncLocalStorage, AsyncResource } = require('async_hooks');
const { EventEmitter } = require('events');
const { setTimeout: pause, setImmediate: turn } = require('timers/promises');
const { promisify } = require('util');

const als = new AsyncLocalStorage();
const other = new AsyncLocalStorage();
const said = [];
const say = (what) => said.push(`${what}: ${als.getStore()} ${other.getStore()}`);

async function main() {
  say('outside');
  console.log(als.run('r', (a, b) => { say('run'); return a + b; }, 1, 2));
  try {
    als.run('thrown', () => { throw new Error('out'); });
  } catch (error) {
    say(`after ${error.message}`);
  }
  als.run('a', () => {
    other.run('b', () => {
      say('both');
      als.exit(() => say('exit'));
      als.run(undefined, () => say('undefined'));
      say('back');
    });
    say('one');
  });
  await als.run('await', async () => {
    say('before await');
    await null;
    say('after await');
    await pause(1);
    say('after pause');
    await turn();
    say('after turn');
    await (async () => { await 1; say('inner'); })();
    try {
      await Promise.reject(new Error('x'));
    } catch {
      say('caught');
    } finally {
      say('finally');
    }
    await { then(done) { say('thenable'); done(); } };
    say('after thenable');
  });
  say('after all');

  // Who calls then says what it runs in, not who settles.
  let settle;
  const shared = new Promise((resolve) => { settle = resolve; });
  const chains = [
    als.run('first', () => shared.then(() => say('then'))),
    als.run('second', () => shared.then(() => say('then')).then(() => say('then then'))),
    als.run('third', async () => { await shared; say('awaited'); }),
    als.run('fourth', () => shared.finally(() => say('finally'))),
    als.run('fifth', () => Promise.all([shared, 1]).then(() => say('all'))),
    als.run('sixth', () => Promise.race([shared, new Promise(() => {})]).then(() => say('race'))),
  ];
  als.run('settler', settle);
  await Promise.all(chains);
  als.run('resolve', () => Promise.resolve().then(() => { throw new Error(); }).catch(() => say('catch')));
  await null; await null; await null;

  // Everything that calls back later.
  await new Promise((done) => als.run('later', () => {
    const heard = [];
    const one = (what) => {
      heard.push(`${what} in ${als.getStore()}`);
      if (heard.length === 6) done(said.push(...heard.sort()));
    };
    process.nextTick(one, 'nextTick');
    queueMicrotask(() => one('queueMicrotask'));
    setTimeout(one, 1, 'setTimeout');
    setImmediate(one, 'setImmediate');
    const every = setInterval(() => { clearInterval(every); one('setInterval'); }, 1);
    setTimeout(() => process.nextTick(() => setImmediate(() => one('nested'))), 1);
  }));
  await new Promise((done) => {
    const timer = als.run('made', () => setTimeout(() => { say('refreshed'); done(); }, 5));
    als.run('refresher', () => timer.refresh());
  });
  await als.run('promisified', () => promisify(setTimeout)(1)).then(() => say('outside again'));

  // Listeners run in what emits.
  const emitter = new EventEmitter();
  als.run('on', () => emitter.on('x', () => say('listener')));
  als.run('emit', () => emitter.emit('x'));
  const bound = als.run('bound', () => AsyncResource.bind(() => say('bound listener')));
  emitter.on('x', bound);
  als.run('emit', () => emitter.emit('x'));

  // Generators run in what asks for the next value.
  async function* generate() { say('generator'); yield 1; say('generator'); yield 2; }
  const values = als.run('made', () => generate());
  await als.run('asked', async () => { for await (const value of values) say(value); });
  function* plain() { say('plain'); yield 1; say('plain'); }
  const steps = als.run('made', () => plain());
  als.run('one', () => steps.next());
  als.run('two', () => steps.next());

  // Resources carry what they were made in.
  class Job extends AsyncResource {
    constructor(work) { super('JOB'); this.work = work; }
    go(...args) { return this.runInAsyncScope(this.work, this, ...args); }
  }
  const job = als.run('job', () => new Job(function (n) { say('in job'); return `${this.constructor.name} ${n}`; }));
  console.log(als.run('caller', () => job.go(7)));
  console.log(typeof job.asyncId(), typeof job.triggerAsyncId(), job.asyncId() !== job.triggerAsyncId());
  console.log(job.emitDestroy() === job);
  const with7 = als.run('binds', () => job.bind((a) => { say('job bind'); return a; }));
  console.log(with7(7), with7.length);
  const snapshot = als.run('snapshot', () => AsyncLocalStorage.snapshot());
  console.log(als.run('other', () => snapshot((a) => { say('in snapshot'); return a; }, 'value')));
  const fixed = als.run('fixed', () => AsyncLocalStorage.bind((a) => { say('fixed'); return a; }));
  console.log(fixed('arg'));
  als.run('x', () => AsyncResource.bind(function () { console.log(this.me); }, 'T', { me: 'this' })());
  for (const wrong of [() => new AsyncResource(), () => AsyncResource.bind(1), () => new AsyncResource('X', { triggerAsyncId: 'a' }), () => als.run('x', 1)]) {
    try {
      wrong();
      console.log('nothing');
    } catch (error) {
      console.log(error.name, error.code, als.getStore());
    }
  }

  // From here on, as long as this turn lasts and in what follows.
  await als.run('outer', async () => {
    als.enterWith('entered');
    say('enterWith');
    await null;
    say('after enterWith');
    const inner = async () => { als.enterWith('inner'); say('inner'); await null; say('inner after'); };
    const running = inner();
    say('leaked');
    await running;
    say('after inner');
  });
  say('end of run');
  await new Promise((done) => setTimeout(() => {
    als.enterWith('timer');
    setTimeout(() => { say('follows'); done(); }, 1);
  }, 1));
  await new Promise((done) => setTimeout(() => { say('another turn'); done(); }, 1));
  als.enterWith({ toString: () => 'object' });
  say('object');
  als.disable();
  say('disabled');
  als.run('enabled', () => say('enabled'));
  say('last');
}

main().then(() => console.log(said.join('\n')));
