'use strict';
const assert = require('assert');
const events = require('events');
const { EventEmitter, once, on } = events;
const { test, thrown, recorder, warnings } = require('./harness');

test('listeners are called in the order of their registration, synchronously, with all arguments', () => {
  const emitter = new EventEmitter();
  const said = [];
  emitter.on('e', (...args) => said.push(['a', ...args]));
  emitter.on('e', (...args) => said.push(['b', ...args]));
  assert.strictEqual(emitter.emit('e', 1, 2, 3, 4), true);
  assert.deepStrictEqual(said, [['a', 1, 2, 3, 4], ['b', 1, 2, 3, 4]]);
});
test('emit answers whether somebody listened', () => {
  const emitter = new EventEmitter();
  assert.strictEqual(emitter.emit('nobody'), false);
  emitter.on('e', () => {});
  assert.strictEqual(emitter.emit('e'), true);
});
test('this of a function is the emitter, of an arrow function it is not', () => {
  const emitter = new EventEmitter();
  let self;
  emitter.on('e', function () { self = this; });
  emitter.emit('e');
  assert.strictEqual(self, emitter);
});
test('on, once and the prepend forms answer the emitter', () => {
  const emitter = new EventEmitter();
  const listener = () => {};
  for (const method of ['on', 'addListener', 'once', 'prependListener', 'prependOnceListener', 'off', 'removeListener']) {
    assert.strictEqual(emitter[method]('e', listener), emitter);
  }
  assert.strictEqual(emitter.setMaxListeners(5), emitter);
  assert.strictEqual(emitter.removeAllListeners(), emitter);
});
test('on and addListener, off and removeListener are the same functions', () => {
  assert.strictEqual(EventEmitter.prototype.on, EventEmitter.prototype.addListener);
  assert.strictEqual(EventEmitter.prototype.off, EventEmitter.prototype.removeListener);
});
test('the same listener may be added several times and is called as often', () => {
  const emitter = new EventEmitter();
  const listener = recorder();
  emitter.on('e', listener).on('e', listener);
  emitter.emit('e');
  assert.strictEqual(listener.calls.length, 2);
  emitter.off('e', listener);
  assert.strictEqual(emitter.listenerCount('e'), 1);
});
test('once hears one event and is removed before it is called', () => {
  const emitter = new EventEmitter();
  let calls = 0;
  emitter.once('e', () => {
    calls++;
    emitter.emit('e');
  });
  emitter.emit('e');
  emitter.emit('e');
  assert.strictEqual(calls, 1);
  assert.strictEqual(emitter.listenerCount('e'), 0);
});
test('prependListener and prependOnceListener come first', () => {
  const emitter = new EventEmitter();
  const said = [];
  emitter.on('e', () => said.push('last'));
  emitter.prependListener('e', () => said.push('second'));
  emitter.prependOnceListener('e', () => said.push('first'));
  emitter.emit('e');
  emitter.emit('e');
  assert.deepStrictEqual(said, ['first', 'second', 'last', 'second', 'last']);
});
test('removeListener takes the newest of equal listeners', () => {
  const emitter = new EventEmitter();
  const said = [];
  const twice = () => said.push('twice');
  emitter.on('e', twice);
  emitter.on('e', () => said.push('between'));
  emitter.on('e', twice);
  emitter.off('e', twice);
  emitter.emit('e');
  assert.deepStrictEqual(said, ['twice', 'between']);
});
test('removeListener finds a listener added by once', () => {
  const emitter = new EventEmitter();
  const listener = recorder();
  emitter.once('e', listener);
  emitter.off('e', listener);
  emitter.emit('e');
  assert.strictEqual(listener.calls.length, 0);
});
test('listeners removed during an emit are still called by it, added ones are not', () => {
  const emitter = new EventEmitter();
  const said = [];
  const b = () => said.push('b');
  emitter.on('e', () => {
    said.push('a');
    emitter.off('e', b);
    emitter.on('e', () => said.push('c'));
  });
  emitter.on('e', b);
  emitter.emit('e');
  assert.deepStrictEqual(said, ['a', 'b']);
  emitter.emit('e');
  assert.deepStrictEqual(said, ['a', 'b', 'a', 'c']);
});
test('removeAllListeners forgets one event or all', () => {
  const emitter = new EventEmitter();
  emitter.on('a', () => {}).on('b', () => {}).on('b', () => {});
  emitter.removeAllListeners('b');
  assert.deepStrictEqual(emitter.eventNames(), ['a']);
  emitter.on('b', () => {}).removeAllListeners();
  assert.deepStrictEqual(emitter.eventNames(), []);
});
test('newListener is told before a listener is added', () => {
  const emitter = new EventEmitter();
  const said = [];
  emitter.once('newListener', (type, listener) => {
    said.push(type, typeof listener, emitter.listenerCount('e'));
    emitter.on('e', () => said.push('inserted'));
  });
  emitter.on('e', () => said.push('added'));
  emitter.emit('e');
  assert.deepStrictEqual(said, ['e', 'function', 0, 'inserted', 'added']);
});
test('newListener gets the original of a once listener', () => {
  const emitter = new EventEmitter();
  const original = () => {};
  let told;
  emitter.on('newListener', (type, listener) => { told = listener; });
  emitter.once('e', original);
  assert.strictEqual(told, original);
});
test('removeListener is told after a listener was removed', () => {
  const emitter = new EventEmitter();
  const listener = () => {};
  const told = [];
  emitter.on('removeListener', (type, gone) => told.push(type, gone === listener, emitter.listenerCount('e')));
  emitter.on('e', listener);
  emitter.off('e', listener);
  assert.deepStrictEqual(told, ['e', true, 0]);
});
test('removeAllListeners tells of each one, newest first', () => {
  const emitter = new EventEmitter();
  const [a, b] = [() => {}, () => {}];
  const told = [];
  emitter.on('removeListener', (type, gone) => told.push(gone === a ? 'a' : gone === b ? 'b' : 'other'));
  emitter.on('e', a).on('e', b);
  emitter.removeAllListeners('e');
  assert.deepStrictEqual(told, ['b', 'a']);
});
test('an error nobody listens for is thrown', () => {
  const error = new Error('boom');
  assert.strictEqual(thrown(() => new EventEmitter().emit('error', error)), error);
});
test('an error event with something else is wrapped', () => {
  const error = thrown(() => new EventEmitter().emit('error', { reason: 1 }));
  assert.strictEqual(error.code, 'ERR_UNHANDLED_ERROR');
  assert.strictEqual(error.message, 'Unhandled error. ({ reason: 1 })');
  assert.deepStrictEqual(error.context, { reason: 1 });
  assert.strictEqual(thrown(() => new EventEmitter().emit('error')).message, 'Unhandled error. (undefined)');
  assert.strictEqual(thrown(() => new EventEmitter().emit('error', 'text')).message, "Unhandled error. ('text')");
});
test('errorMonitor sees errors before they are thrown or handled', () => {
  const emitter = new EventEmitter();
  const monitor = recorder();
  emitter.on(events.errorMonitor, monitor);
  const error = new Error('seen');
  assert.strictEqual(thrown(() => emitter.emit('error', error)), error);
  emitter.on('error', () => {});
  emitter.emit('error', error);
  assert.deepStrictEqual(monitor.calls, [[error], [error]]);
});
test('a listener that is no function is refused', () => {
  const error = thrown(() => new EventEmitter().on('e', null));
  assert.strictEqual(error.code, 'ERR_INVALID_ARG_TYPE');
  assert.strictEqual(error.message, 'The "listener" argument must be of type function. Received null');
});
test('an error thrown by a listener stops the emit and reaches who emitted', () => {
  const emitter = new EventEmitter();
  const after = recorder();
  emitter.on('e', () => { throw new RangeError('listener'); });
  emitter.on('e', after);
  assert.strictEqual(thrown(() => emitter.emit('e')).message, 'listener');
  assert.strictEqual(after.calls.length, 0);
});
test('eventNames lists strings and symbols in order', () => {
  const emitter = new EventEmitter();
  const symbol = Symbol('s');
  emitter.on('foo', () => {}).on('bar', () => {}).on(symbol, () => {});
  assert.deepStrictEqual(emitter.eventNames(), ['foo', 'bar', symbol]);
});
test('listeners answers originals, rawListeners the wrappers of once', () => {
  const emitter = new EventEmitter();
  const listener = recorder();
  emitter.once('e', listener);
  assert.deepStrictEqual(emitter.listeners('e'), [listener]);
  const [raw] = emitter.rawListeners('e');
  assert.notStrictEqual(raw, listener);
  assert.strictEqual(raw.listener, listener);
  raw.listener(1);
  assert.strictEqual(emitter.listenerCount('e'), 1);
  raw(2);
  assert.strictEqual(emitter.listenerCount('e'), 0);
  assert.deepStrictEqual(listener.calls, [[1], [2]]);
});
test('listeners answers a copy', () => {
  const emitter = new EventEmitter();
  emitter.on('e', () => {});
  emitter.listeners('e').length = 0;
  assert.strictEqual(emitter.listenerCount('e'), 1);
});
test('listenerCount counts all, or those of one listener', () => {
  const emitter = new EventEmitter();
  const listener = () => {};
  emitter.on('e', listener).once('e', listener).on('e', () => {});
  assert.strictEqual(emitter.listenerCount('e'), 3);
  assert.strictEqual(emitter.listenerCount('e', listener), 2);
  assert.strictEqual(events.listenerCount(emitter, 'e'), 3);
  assert.strictEqual(emitter.listenerCount('other'), 0);
});
test('event names may be __proto__, toString and such', () => {
  const emitter = new EventEmitter();
  const listener = recorder();
  emitter.on('__proto__', listener).on('toString', listener);
  emitter.emit('__proto__', 1);
  emitter.emit('toString', 2);
  assert.deepStrictEqual(listener.calls, [[1], [2]]);
  assert.deepStrictEqual(emitter.eventNames(), ['__proto__', 'toString']);
});
test('too many listeners are warned of once per event', async () => {
  const emitter = new EventEmitter();
  const seen = await warnings(() => { for (let i = 0; i < 13; i++) emitter.on('e', () => {}); });
  assert.strictEqual(seen.length, 1);
  assert.strictEqual(seen[0].name, 'MaxListenersExceededWarning');
  assert.strictEqual(seen[0].message, 'Possible EventEmitter memory leak detected. 11 e listeners added to [EventEmitter]. ' +
    'MaxListeners is 10. Use emitter.setMaxListeners() to increase limit');
  assert.strictEqual(seen[0].emitter, emitter);
  assert.strictEqual(seen[0].type, 'e');
  assert.strictEqual(seen[0].count, 11);
});
test('setMaxListeners moves the bound, 0 means none', async () => {
  const emitter = new EventEmitter().setMaxListeners(0);
  assert.strictEqual(emitter.getMaxListeners(), 0);
  const seen = await warnings(() => { for (let i = 0; i < 20; i++) emitter.on('e', () => {}); });
  assert.strictEqual(seen.length, 0);
  const error = thrown(() => emitter.setMaxListeners(-1));
  assert.strictEqual(error.message, 'The value of "setMaxListeners" is out of range. It must be >= 0. Received -1');
});
test('defaultMaxListeners is everybody else\'s bound', () => {
  const before = EventEmitter.defaultMaxListeners;
  EventEmitter.defaultMaxListeners = 3;
  assert.strictEqual(new EventEmitter().getMaxListeners(), 3);
  assert.strictEqual(thrown(() => { EventEmitter.defaultMaxListeners = 'x'; }).code, 'ERR_INVALID_ARG_TYPE');
  EventEmitter.defaultMaxListeners = before;
});
test('events.setMaxListeners and getMaxListeners work for emitters and targets', () => {
  const [emitter, target] = [new EventEmitter(), new EventTarget()];
  events.setMaxListeners(5, emitter, target);
  assert.strictEqual(emitter.getMaxListeners(), 5);
  assert.strictEqual(events.getMaxListeners(target), 5);
  assert.strictEqual(thrown(() => events.setMaxListeners(1, {})).code, 'ERR_INVALID_ARG_TYPE');
});
test('getEventListeners works for emitters and targets', () => {
  const [emitter, target] = [new EventEmitter(), new EventTarget()];
  const listener = () => {};
  emitter.on('e', listener);
  target.addEventListener('e', listener);
  assert.deepStrictEqual(events.getEventListeners(emitter, 'e'), [listener]);
  assert.deepStrictEqual(events.getEventListeners(target, 'e'), [listener]);
  assert.deepStrictEqual(events.getEventListeners(target, 'other'), []);
});
test('classes and old inheritance get emitters of their own', () => {
  class Door extends EventEmitter {}
  function Old() { EventEmitter.call(this); }
  require('util').inherits(Old, EventEmitter);
  for (const emitter of [new Door(), new Old(), Object.setPrototypeOf({}, EventEmitter.prototype)]) {
    const listener = recorder();
    emitter.on('open', listener);
    emitter.emit('open', 1);
    assert.deepStrictEqual(listener.calls, [[1]]);
  }
  assert.strictEqual(new Door().listenerCount('open'), 0);
});
test('the module is the class', () => {
  assert.strictEqual(events, EventEmitter);
  assert.strictEqual(events.EventEmitter, EventEmitter);
  assert.strictEqual(require('node:events'), events);
});
test('captureRejections turns a rejection into an error event', async () => {
  const emitter = new EventEmitter({ captureRejections: true });
  emitter.on('e', async () => { throw new Error('async'); });
  const failed = once(emitter, 'error');
  emitter.emit('e');
  const [error] = await failed.catch((reason) => [reason]);
  assert.strictEqual(error.message, 'async');
});
test('a Symbol.for(nodejs.rejection) method gets rejections with event and arguments', async () => {
  const emitter = new EventEmitter({ captureRejections: true });
  const told = new Promise((resolve) => { emitter[Symbol.for('nodejs.rejection')] = (...args) => resolve(args); });
  emitter.on('e', async () => { throw new Error('mine'); });
  emitter.emit('e', 1, 2);
  const [error, ...rest] = await told;
  assert.strictEqual(error.message, 'mine');
  assert.deepStrictEqual(rest, ['e', 1, 2]);
  assert.strictEqual(events.captureRejectionSymbol, Symbol.for('nodejs.rejection'));
});
test('captureRejections must be a boolean', () => {
  assert.strictEqual(thrown(() => new EventEmitter({ captureRejections: 'yes' })).message,
    'The "options.captureRejections" property must be of type boolean. Received type string (\'yes\')');
  assert.strictEqual(thrown(() => { EventEmitter.captureRejections = 1; }).code, 'ERR_INVALID_ARG_TYPE');
});
test('events.once resolves with the arguments', async () => {
  const emitter = new EventEmitter();
  process.nextTick(() => emitter.emit('e', 42, 'x'));
  assert.deepStrictEqual(await once(emitter, 'e'), [42, 'x']);
  assert.strictEqual(emitter.listenerCount('error'), 0);
});
test('events.once rejects on error, unless it waits for that', async () => {
  const emitter = new EventEmitter();
  process.nextTick(() => emitter.emit('error', new Error('kaboom')));
  await assert.rejects(once(emitter, 'e'), { message: 'kaboom' });
  assert.strictEqual(emitter.listenerCount('e'), 0);
  process.nextTick(() => emitter.emit('error', 'value'));
  assert.deepStrictEqual(await once(emitter, 'error'), ['value']);
});
test('events.once is stopped by a signal', async () => {
  const controller = new AbortController();
  const emitter = new EventEmitter();
  const waiting = once(emitter, 'e', { signal: controller.signal });
  controller.abort('why');
  await assert.rejects(waiting, { name: 'AbortError', code: 'ABORT_ERR', message: 'The operation was aborted', cause: 'why' });
  assert.strictEqual(emitter.listenerCount('e'), 0);
  await assert.rejects(once(emitter, 'e', { signal: AbortSignal.abort() }), { name: 'AbortError' });
});
test('events.once waits for event targets', async () => {
  const target = new EventTarget();
  process.nextTick(() => target.dispatchEvent(new Event('e')));
  const [event] = await once(target, 'e');
  assert.strictEqual(event.type, 'e');
  await assert.rejects(once({}, 'e'), { code: 'ERR_INVALID_ARG_TYPE' });
});
test('events.on is an async iterator of events, in order, none lost', async () => {
  const emitter = new EventEmitter();
  const seen = [];
  process.nextTick(() => {
    emitter.emit('e', 1);
    emitter.emit('e', 2, 'b');
    process.nextTick(() => emitter.emit('e', 3));
  });
  for await (const args of on(emitter, 'e')) {
    seen.push(args);
    if (args[0] === 3) break;
  }
  assert.deepStrictEqual(seen, [[1], [2, 'b'], [3]]);
  assert.strictEqual(emitter.listenerCount('e'), 0);
  assert.strictEqual(emitter.listenerCount('error'), 0);
});
test('events.on throws what error events carry, after the events before it', async () => {
  const emitter = new EventEmitter();
  const iterator = on(emitter, 'e');
  emitter.emit('e', 1);
  emitter.emit('error', new Error('later'));
  assert.deepStrictEqual(await iterator.next(), { value: [1], done: false });
  await assert.rejects(iterator.next(), { message: 'later' });
  assert.deepStrictEqual(await iterator.next(), { value: undefined, done: true });
});
test('events.on ends with its close events and with return', async () => {
  const emitter = new EventEmitter();
  process.nextTick(() => {
    emitter.emit('e', 1);
    emitter.emit('end');
  });
  const seen = [];
  for await (const [value] of on(emitter, 'e', { close: ['end'] })) seen.push(value);
  assert.deepStrictEqual(seen, [1]);
  const iterator = on(emitter, 'e');
  const pending = iterator.next();
  await iterator.return();
  assert.deepStrictEqual(await pending, { value: undefined, done: true });
});
test('events.on is stopped by a signal', async () => {
  const controller = new AbortController();
  const iterator = on(new EventEmitter(), 'e', { signal: controller.signal });
  process.nextTick(() => controller.abort());
  await assert.rejects(iterator.next(), { name: 'AbortError' });
  assert.strictEqual(thrown(() => on(new EventEmitter(), 'e', { signal: AbortSignal.abort() })).name, 'AbortError');
});
test('events.on pauses and resumes an emitter at its watermarks', async () => {
  const emitter = new EventEmitter();
  const said = [];
  emitter.pause = () => said.push('pause');
  emitter.resume = () => said.push('resume');
  const iterator = on(emitter, 'e', { highWaterMark: 2, lowWaterMark: 1 });
  for (let i = 0; i < 3; i++) emitter.emit('e', i);
  assert.deepStrictEqual(said, ['pause']);
  for (let i = 0; i < 3; i++) await iterator.next();
  assert.deepStrictEqual(said, ['pause', 'resume']);
});
test('addAbortListener listens even when propagation is stopped, and is disposed of', () => {
  const controller = new AbortController();
  const heard = recorder();
  controller.signal.addEventListener('abort', (event) => event.stopImmediatePropagation());
  events.addAbortListener(controller.signal, heard);
  const gone = recorder();
  events.addAbortListener(controller.signal, gone)[Symbol.dispose]();
  controller.abort();
  assert.strictEqual(heard.calls.length, 1);
  assert.strictEqual(gone.calls.length, 0);
});
test('an event target calls each listener once, in order, with this', () => {
  const target = new EventTarget();
  const said = [];
  const listener = function (event) { said.push(['fn', event.type, this === target, event.target === target]); };
  target.addEventListener('e', listener);
  target.addEventListener('e', listener);
  target.addEventListener('e', { handleEvent(event) { said.push(['object', event.type]); } });
  assert.strictEqual(target.dispatchEvent(new Event('e')), true);
  assert.deepStrictEqual(said, [['fn', 'e', true, true], ['object', 'e']]);
});
test('event target listeners may be once, captured apart, removed and signalled', () => {
  const target = new EventTarget();
  const [a, b, c] = [recorder(), recorder(), recorder()];
  const controller = new AbortController();
  target.addEventListener('e', a, { once: true });
  target.addEventListener('e', b);
  target.addEventListener('e', b, true);
  target.addEventListener('e', c, { signal: controller.signal });
  target.dispatchEvent(new Event('e'));
  controller.abort();
  target.removeEventListener('e', b);
  target.dispatchEvent(new Event('e'));
  assert.deepStrictEqual([a, b, c].map((each) => each.calls.length), [1, 3, 1]);
});
test('stopImmediatePropagation and preventDefault', () => {
  const target = new EventTarget();
  const after = recorder();
  target.addEventListener('e', (event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
  });
  target.addEventListener('e', after);
  assert.strictEqual(target.dispatchEvent(new Event('e', { cancelable: true })), false);
  assert.strictEqual(target.dispatchEvent(new Event('e')), true);
  assert.strictEqual(after.calls.length, 0);
});
test('an event is dispatched once at a time, and must be one', () => {
  const target = new EventTarget();
  const event = new Event('e');
  let nested;
  target.addEventListener('e', () => { nested = thrown(() => target.dispatchEvent(event)); });
  target.dispatchEvent(event);
  assert.strictEqual(nested.code, 'ERR_EVENT_RECURSION');
  assert.strictEqual(thrown(() => target.dispatchEvent({ type: 'e' })).code, 'ERR_INVALID_ARG_TYPE');
  assert.strictEqual(thrown(() => new Event()).code, 'ERR_MISSING_ARGS');
});
test('CustomEvent carries detail', () => {
  const event = new CustomEvent('e', { detail: { a: 1 } });
  assert.deepStrictEqual(event.detail, { a: 1 });
  assert.strictEqual(event instanceof Event, true);
});
test('AbortSignal tells its reason: default, given, timeout, any', async () => {
  const controller = new AbortController();
  let seen = 0;
  controller.signal.onabort = () => { seen++; };
  const any = AbortSignal.any([new AbortController().signal, controller.signal]);
  controller.abort();
  controller.abort('again');
  assert.strictEqual(seen, 1);
  assert.strictEqual(controller.signal.reason.name, 'AbortError');
  assert.strictEqual(controller.signal.reason.code, 20);
  assert.strictEqual(any.aborted, true);
  assert.strictEqual(any.reason, controller.signal.reason);
  assert.strictEqual(thrown(() => controller.signal.throwIfAborted()), controller.signal.reason);
  const timeout = AbortSignal.timeout(1);
  const alive = setTimeout(() => {}, 10_000);
  await once(timeout, 'abort');
  clearTimeout(alive);
  assert.strictEqual(timeout.reason.name, 'TimeoutError');
  assert.strictEqual(thrown(() => new AbortSignal()).code, 'ERR_ILLEGAL_CONSTRUCTOR');
});
