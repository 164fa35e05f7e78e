'use strict';
const assert = require('assert');
const events = require('events');
const { EventEmitter, once, on } = events;
const { test, thrown, recorder } = require('./harness');

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
