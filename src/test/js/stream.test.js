import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openConnection, turn } from './fake.js';

test('events are read in order, and leaving the loop leaves the address', async () => {
  const { connection, socket } = await openConnection();
  const emitter = connection.emitter('a');
  const seen = [];
  const reading = (async () => {
    for await (const event of emitter.events('x')) {
      seen.push(event.data);
      if (event.data === 3) break;
    }
  })();
  for (const n of [1, 2, 3, 4]) socket.event('a', 'x', n);
  await reading;
  assert.deepEqual(seen, [1, 2, 3]);
  assert.deepEqual(emitter.eventNames(), []);
  connection.close();
});

test('above the limit the iteration ends with too_slow, after what was kept', async () => {
  const { connection, socket } = await openConnection();
  const stream = connection.emitter('a').events('x', { limit: 2 });
  for (const n of [1, 2, 3]) socket.event('a', 'x', n);
  assert.equal((await stream.next()).value.data, 1);
  assert.equal((await stream.next()).value.data, 2);
  await assert.rejects(stream.next(), { code: 'too_slow' });
  assert.deepEqual(await stream.next(), { value: undefined, done: true });
  connection.close();
});

test('drop-oldest drops and counts', async () => {
  const { connection, socket } = await openConnection();
  const stream = connection.emitter('a').events('*', { limit: 2, overflow: 'drop-oldest' });
  for (const n of [1, 2, 3]) socket.event('a', 'x', n);
  assert.equal((await stream.next()).value.data, 2);
  assert.equal(stream.dropped, 1);
  connection.close();
});

test('a signal ends a waiting reader, an error as well', async () => {
  const { connection, socket } = await openConnection();
  const emitter = connection.emitter('a');
  const abort = new AbortController();
  const waiting = emitter.events('x', { signal: abort.signal }).next();
  abort.abort(new Error('enough'));
  await assert.rejects(waiting, { message: 'enough' });
  await assert.rejects(emitter.events('x', { signal: abort.signal }).next(), { message: 'enough' });
  const refused = emitter.events('x').next();
  socket.refuse({ address: 'a' }, 'access_denied');
  await assert.rejects(refused, { code: 'access_denied' });
  await turn();
  assert.deepEqual(emitter.eventNames(), []);
  connection.close();
});

test('wrong options are refused', async () => {
  const { connection } = await openConnection();
  assert.throws(() => connection.emitter('a').events('x', { limit: 0 }), /limit/);
  assert.throws(() => connection.emitter('a').events('x', { overflow: 'block' }), /'error' or 'drop-oldest'/);
  connection.close();
});
