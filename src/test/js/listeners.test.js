import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { afterEach, mock, test } from 'node:test';
import { openConnection } from './fake.js';

afterEach(() => mock.restoreAll());

/** The same script on Node's emitter and on ours, where `fire` is what makes an event happen. */
async function beside(script) {
  const node = new EventEmitter();
  const theirs = [];
  script(node, theirs, (type, data) => node.emit(type, data));
  const { connection, socket } = await openConnection();
  const ours = [];
  script(connection.emitter('a'), ours, (type, data) => socket.event('a', type, data));
  connection.close();
  assert.deepEqual(ours, theirs);
  return ours;
}

test('order, once, prepend and removal are those of Node', async () => {
  const heard = await beside((emitter, log, fire) => {
    const second = data => log.push(['second', data]);
    emitter.on('x', data => log.push(['first', data])).on('x', second);
    emitter.prependListener('x', () => log.push(['before']));
    emitter.prependOnceListener('x', () => log.push(['once before']));
    emitter.once('x', () => log.push(['once']));
    fire('x', 1);
    emitter.off('x', second);
    fire('x', 2);
    log.push(emitter.listenerCount('x'), emitter.eventNames());
  });
  assert.equal(heard.length, 9);
});

test('newListener and removeListener are told as in Node', async () => {
  await beside((emitter, log, fire) => {
    const listener = () => log.push('heard');
    emitter.on('newListener', type => log.push(['new', type, emitter.listenerCount('x')]));
    emitter.on('removeListener', type => log.push(['removed', type, emitter.listenerCount('x')]));
    emitter.on('x', listener).once('x', listener);
    fire('x');
    emitter.removeAllListeners('x');
    emitter.removeAllListeners();
    log.push(emitter.eventNames());
  });
});

test('the list in force when an event begins hears it', async () => {
  await beside((emitter, log, fire) => {
    const late = () => log.push('late');
    const gone = () => log.push('gone');
    emitter.on('x', () => emitter.on('x', late).off('x', gone));
    emitter.on('x', gone);
    fire('x');
    fire('x');
  });
});

test('the same listener twice is heard twice, and off removes one', async () => {
  await beside((emitter, log, fire) => {
    const listener = () => log.push('heard');
    emitter.on('x', listener).on('x', listener).off('x', listener);
    fire('x');
    log.push(emitter.listenerCount('x', listener));
  });
});

test('too many listeners warn once, naming the mend', async () => {
  const warn = mock.method(console, 'warn', () => {});
  const { connection } = await openConnection();
  const emitter = connection.emitter('a');
  for (let i = 0; i < 13; i++) emitter.on('x', () => {});
  assert.equal(warn.mock.callCount(), 1);
  assert.match(warn.mock.calls[0].arguments[0], /11 listeners of 'x' on 'a'.*setMaxListeners/);
  assert.equal(emitter.setMaxListeners(0).getMaxListeners(), 0);
  assert.throws(() => emitter.setMaxListeners(-1), TypeError);
  connection.close();
});

test('an exception in a listener is reported and the others are heard', async () => {
  const reported = [];
  globalThis.reportError = error => reported.push(error.message);
  const { connection, socket } = await openConnection();
  const heard = [];
  connection.emitter('a').on('x', () => { throw new Error('sync'); }).on('x', async () => { throw new Error('async'); })
    .on('x', data => heard.push(data));
  socket.event('a', 'x', 7);
  await null;
  await null;
  assert.deepEqual(heard, [7]);
  assert.deepEqual(reported, ['sync', 'async']);
  delete globalThis.reportError;
  connection.close();
});

test('what is no listener and no type is refused', async () => {
  const { connection } = await openConnection();
  const emitter = connection.emitter('a');
  assert.throws(() => emitter.on('x'), /a listener is a function/);
  assert.throws(() => emitter.on('', () => {}), /a string that is not empty/);
  assert.throws(() => emitter.emit(7), TypeError);
  assert.throws(() => connection.emitter(''), /1 to 200 characters/);
  connection.close();
});
