import assert from 'node:assert/strict';
import { afterEach, mock, test } from 'node:test';
import { openConnection, task, turn } from './fake.js';

afterEach(() => mock.restoreAll());
process.on('unhandledRejection', error => assert.fail(`unhandled: ${error}`));

test('emit is one publish frame, and resolves with what the server says', async () => {
  const { connection, socket } = await openConnection();
  const emitted = connection.emitter('orders').emit('placed', { amount: 12 }, { key: 'c7', id: 'e1', extensions: { tenant: 't' } });
  const [frame] = socket.frames('publish');
  const source = frame.headers['ce-source'];
  assert.match(source, /^\/clients\/[0-9a-f-]{36}$/);
  assert.deepEqual({ ...frame, replyAddress: frame.replyAddress.length }, {
    type: 'publish', address: 'orders', body: { amount: 12 }, replyAddress: 36,
    headers: { 'ce-type': 'placed', 'ce-id': 'e1', 'ce-source': source, 'ce-subject': 'c7', 'ce-tenant': 't' },
  });
  socket.answer(frame, { id: 'e1', offset: 4, epoch: 'x' });
  assert.deepEqual(await emitted, { id: 'e1', offset: 4, epoch: 'x' });
  connection.close();
});

test('what is for later travels as attributes, and is taken back by its id', async () => {
  const { connection, socket } = await openConnection();
  const emitter = connection.emitter('orders');
  const emitted = emitter.emit('remind', 1, { id: 'e1', deliverAt: new Date('2030-01-01T00:00:00Z') });
  const soon = [emitter.emit('remind', 2, { deliverAfter: 1500.2 }), emitter.emit('remind', 3, { deliverAfter: '2h' })];
  const frames = socket.frames('publish');
  assert.equal(frames[0].headers['ce-deliverat'], '2030-01-01T00:00:00.000Z');
  assert.deepEqual(frames.slice(1).map(frame => frame.headers['ce-deliverafter']), ['1501ms', '2h']);
  frames.forEach((frame, n) => socket.answer(frame, { id: `e${n + 1}`, deliverat: '2030-01-01T00:00:00.000Z' }));
  assert.deepEqual(await emitted, { id: 'e1', deliverat: '2030-01-01T00:00:00.000Z' });
  await Promise.all(soon);
  const cancelled = emitter.cancel('e1');
  const late = emitter.cancel('e2');
  const [first, second] = socket.frames('publish').slice(3);
  assert.deepEqual({ ...first, replyAddress: 0 }, { type: 'publish', address: 'orders', headers: { 'weir-cancel': 'e1' }, body: null, replyAddress: 0 });
  socket.answer(first, { id: 'e1', cancelled: true });
  socket.refuse(second, 'too_late');
  assert.equal(await cancelled, undefined);
  await assert.rejects(late, { code: 'too_late', retryable: false });
  connection.close();
});

test('more than one datum is a TypeError with the mend, and nothing is sent', async () => {
  const { connection, socket } = await openConnection();
  const emitter = connection.emitter('a');
  assert.throws(() => emitter.emit('moved', 1, 2), /emit takes one datum.*emit\('moved', \[x, y\]\)/);
  assert.throws(() => emitter.emit('moved', 1, {}, 3), TypeError);
  assert.throws(() => emitter.emit('moved', 1, { subjekt: 's' }), /'subjekt' is none of id, subject/);
  assert.throws(() => emitter.emit('moved', 1, new Date()), TypeError);
  assert.equal(socket.frames().length, 0);
  connection.close();
});

test('a refusal that is awaited rejects, and error listeners hear nothing', async () => {
  const { connection, socket } = await openConnection();
  const errors = [];
  const emitter = connection.emitter('a').on('error', error => errors.push(error));
  const emitted = emitter.emit('x');
  socket.refuse(socket.frames('publish')[0], 'access_denied');
  await assert.rejects(emitted, { name: 'WeirError', code: 'access_denied', retryable: false });
  await assert.rejects(emitter.emit('error', 1), { code: 'reserved_type' });
  await turn();
  assert.deepEqual(errors, []);
  connection.close();
});

test('a refusal nobody awaits goes to the error listeners', async () => {
  const { connection, socket } = await openConnection();
  const errors = [];
  const emitter = connection.emitter('a').on('error', error => errors.push(error.code));
  emitter.emit('x');
  for (const type of ['error', 'newListener', 'removeListener', 'connect', 'recovered', '*']) emitter.emit(type);
  socket.refuse(socket.frames('publish')[0], 'too_fast');
  await task();
  assert.deepEqual(errors.sort(), [...Array(6).fill('reserved_type'), 'too_fast']);
  assert.equal(socket.frames('publish').length, 1);
  connection.close();
});

test('without an error listener the console says it', async () => {
  const warn = mock.method(console, 'warn', () => {});
  const { connection } = await openConnection();
  connection.emitter('a').emit('error');
  await task();
  assert.match(warn.mock.calls[0].arguments[0], /'a': reserved_type/);
  connection.close();
});

test('listeners get the data first, then the event; star hears all; types are filtered here', async () => {
  const { connection, socket } = await openConnection();
  const heard = [];
  const emitter = connection.emitter('a');
  emitter.on('x', (data, event) => heard.push(['x', data, event.subject, Object.isFrozen(event)]));
  emitter.on('*', (data, event) => heard.push(['*', event.type, data]));
  socket.event('a', 'x', { n: 1 }, { 'ce-subject': 's' });
  socket.event('a', 'y', 2);
  socket.say({ type: 'rec', address: 'a', body: 3 });
  assert.deepEqual(heard, [['x', { n: 1 }, 's', true], ['*', 'x', { n: 1 }], ['*', 'y', 2], ['*', 'message', 3]]);
  connection.close();
});

test('an event of a reserved type from outside does not look like a local one', async () => {
  const { connection, socket } = await openConnection();
  const heard = [];
  connection.emitter('a').on('error', () => heard.push('error')).on('*', (data, event) => heard.push(event.type));
  socket.event('a', 'error', 1);
  assert.deepEqual(heard, ['error'], 'only the star listener, which names the type');
  connection.close();
});

test('bytes travel as data_base64 both ways', async () => {
  const { connection, socket } = await openConnection();
  const heard = [];
  const emitter = connection.emitter('a').on('x', data => heard.push(data));
  const bytes = Uint8Array.from({ length: 100_000 }, (_, i) => i % 256);
  emitter.emit('x', bytes).catch(() => {});
  const [frame] = socket.frames('publish');
  assert.equal(frame.headers['ce-datacontenttype'], 'application/octet-stream');
  socket.event('a', 'x', frame.body);
  socket.event('a', 'x', { data_base64: 'AQ==', more: 1 });
  assert.deepEqual(heard, [bytes, { data_base64: 'AQ==', more: 1 }]);
  connection.close();
});

test('once without a listener is the promise of the next event', async () => {
  const { connection, socket } = await openConnection();
  const emitter = connection.emitter('a');
  const next = emitter.once('x');
  socket.event('a', 'y', 1);
  socket.event('a', 'x', 2);
  assert.equal((await next).data, 2);
  const abort = new AbortController();
  const never = emitter.once('x', { signal: abort.signal });
  abort.abort();
  await assert.rejects(never, { name: 'AbortError' });
  assert.deepEqual(emitter.eventNames(), []);
  connection.close();
});

test('ready waits for the server, and a refusal reaches it and the error listeners', async () => {
  const { connection, socket } = await openConnection();
  const orders = connection.emitter('orders').on('x', () => {});
  assert.deepEqual(socket.frames('register'), [{ type: 'register', address: 'orders', headers: { 'weir-rewind': '0' } }]);
  const ready = orders.ready();
  socket.confirm('orders');
  await ready;
  await orders.ready();
  const errors = [];
  const closed = connection.emitter('closed').on('error', error => errors.push(error.code)).on('x', () => {});
  const refused = closed.ready();
  socket.refuse({ address: 'closed' }, 'access_denied');
  await assert.rejects(refused, { code: 'access_denied', address: 'closed' });
  assert.deepEqual(errors, ['access_denied']);
  await assert.rejects(connection.emitter('b').ready(), { code: 'no_listener' });
  connection.close();
});

test('one registration per address: with the first listener of any emitter, until the last', async () => {
  const { connection, socket } = await openConnection();
  const listener = () => {};
  const [one, two] = [connection.emitter('a').on('x', listener), connection.emitter('a').on('error', () => {}).on('x', listener)];
  one.off('x', listener);
  await task();
  assert.deepEqual(socket.frames().map(frame => frame.type), ['register']);
  two.off('x', listener);
  two.on('y', listener);
  await task();
  assert.deepEqual(socket.frames().map(frame => frame.type), ['register'], 'back within the task');
  two.removeAllListeners();
  await task();
  assert.deepEqual(socket.frames().map(frame => frame.type), ['register', 'unregister']);
  connection.close();
});

test('listeners() asks the system, with the token', async () => {
  const asked = [];
  const fetch = async (url, { headers }) => {
    asked.push(url, headers);
    return url.endsWith('closed')
      ? { ok: false, status: 403, json: async () => ({ code: 'access_denied', detail: 'no' }) }
      : { ok: true, json: async () => ({ address: 'chat.a', listeners: 3 }) };
  };
  const { connection } = await openConnection({ fetch, token: 't' });
  assert.equal(await connection.emitter('chat.a').listeners(), 3);
  assert.deepEqual(asked, ['http://one:8080/v1/addresses/chat.a', { authorization: 'Bearer t' }]);
  await assert.rejects(connection.emitter('closed').listeners(), { code: 'access_denied', message: 'no' });
  connection.close();
});
