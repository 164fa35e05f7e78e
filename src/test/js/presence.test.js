import assert from 'node:assert/strict';
import { afterEach, mock, test } from 'node:test';
import { FakeSocket, openConnection, task, turn } from './fake.js';

afterEach(() => mock.restoreAll());
process.on('unhandledRejection', error => assert.fail(`unhandled: ${error}`));

const member = (id, data, sessions = 1) => ({ id, data, since: '2026-01-01T00:00:00Z', sessions });
const list = (socket, address, ...members) => socket.say({ type: 'presence', address, count: members.length, truncated: false, members });
const wishes = socket => socket.frames('register').filter(frame => frame.headers['weir-presence']);
const wish = ({ headers }) => [headers['weir-presence'], headers['weir-presence-data']];

function follow(presence) {
  const heard = [];
  for (const type of ['join', 'leave']) presence.on(type, ({ id }) => heard.push(`${type} ${id}`));
  presence.on('update', (now, before) => heard.push(`update ${now.id} ${before.data} ${now.data}`));
  return heard;
}

test('presence registers, watches, and says who is there', async () => {
  const { connection, socket } = await openConnection();
  const presence = connection.emitter('room').presence();
  assert.equal(connection.emitter('room').presence(), presence, 'one for the connection');
  assert.deepEqual(socket.frames('register').map(frame => frame.headers['weir-presence']), [undefined, 'watch']);
  const ready = presence.ready();
  socket.confirm('room');
  socket.answer(wishes(socket)[0], {});
  const heard = follow(presence);
  list(socket, 'room', member('ann', 1));
  await ready;
  assert.deepEqual(heard, [], 'the first list is no news');
  socket.say({ type: 'presence', address: 'room', count: 2, changes: [{ type: 'join', member: member('bob', 2) }] });
  socket.say({ type: 'presence', address: 'room', count: 1, changes: [
    { type: 'update', member: member('bob', 3) }, { type: 'leave', member: member('ann', 1) }] });
  assert.deepEqual(heard, ['join bob', 'update bob 2 3', 'leave ann']);
  assert.deepEqual([presence.members.map(({ id }) => id), presence.count, presence.truncated], [['bob'], 1, false]);
  assert.throws(() => { presence.members[0].id = 'eve'; }, TypeError);
  connection.close();
});

test('join, join again with other data, leave; each resolves when the server has granted it', async () => {
  const { connection, socket } = await openConnection();
  const presence = connection.emitter('room').presence({ key: 'secret' });
  const joined = presence.join({ name: 'Ann' });
  const [, join] = wishes(socket);
  assert.deepEqual(wish(join), ['join', '{"name":"Ann"}']);
  assert.equal(join.headers['weir-presence-key'], 'secret');
  socket.answer(join, { id: '~a' });
  assert.equal(await joined, '~a');
  assert.equal(presence.self, '~a');
  const again = presence.join(null);
  socket.answer(wishes(socket)[2], { id: '~a' });
  assert.equal(await again, '~a');
  const left = presence.leave();
  assert.deepEqual(wishes(socket).map(wish).slice(2), [['join', 'null'], ['watch', undefined]]);
  socket.answer(wishes(socket)[3], {});
  await left;
  assert.equal(presence.self, undefined);
  connection.close();
});

test('after a reconnect it says again what it wants, with the same key, and tells what changed meanwhile', async () => {
  const { connection, socket } = await openConnection({ backoff: { min: 1, max: 1 } });
  const presence = connection.emitter('room').presence();
  const joined = presence.join(1);
  list(socket, 'room', member('ann', 1), member('bob', 1), member('me', 1));
  const heard = follow(presence);
  socket.drop();
  const reopened = new Promise(resolve => connection.on('state', state => state === 'connecting' && resolve()));
  await reopened;
  await turn();
  const next = FakeSocket.last().accept();
  assert.deepEqual(next.frames('register').map(frame => frame.headers['weir-presence']), [undefined, 'join']);
  assert.equal(wishes(next)[0].headers['weir-presence-key'], wishes(socket)[1].headers['weir-presence-key']);
  next.answer(wishes(next)[0], { id: 'me' });
  assert.equal(await joined, 'me', 'what was asked before the loss is granted after it');
  list(next, 'room', member('bob', 2), member('cy', 1), member('me', 1));
  assert.deepEqual(heard, ['leave ann', 'update bob 1 2', 'join cy']);
  connection.close();
});

test('where there are too many only their number is known', async () => {
  const { connection, socket } = await openConnection();
  const presence = connection.emitter('room').presence();
  list(socket, 'room', member('ann', 1));
  const heard = follow(presence);
  socket.say({ type: 'presence', address: 'room', count: 700, truncated: true });
  assert.deepEqual([presence.members, presence.count, presence.truncated], [[], 700, true]);
  list(socket, 'room', member('bob', 1));
  assert.deepEqual([heard, presence.count, presence.truncated], [[], 1, false]);
  connection.close();
});

test('a refusal rejects who awaits it, and else reaches the error listeners', async () => {
  const { connection, socket } = await openConnection();
  const presence = connection.emitter('room').presence();
  const errors = [];
  presence.on('error', error => errors.push(error.code));
  socket.refuse(wishes(socket)[0], 'access_denied');
  await task();
  assert.deepEqual(errors, ['access_denied']);
  const joined = presence.join(1);
  socket.refuse(wishes(socket)[1], 'too_large');
  await assert.rejects(joined, { code: 'too_large' });
  presence.join(2);
  socket.refuse(wishes(socket)[2], 'too_large');
  await task();
  socket.say({ type: 'presence', address: 'room', ended: 'not_logged_in' });
  assert.deepEqual(errors, ['access_denied', 'too_large', 'not_logged_in']);
  connection.close();
});

test('closed: the server is told, the registration ends with the last listener', async () => {
  const { connection, socket } = await openConnection();
  const emitter = connection.emitter('room');
  const presence = emitter.presence();
  const ready = presence.ready();
  presence.close();
  await assert.rejects(ready, { code: 'closed' });
  await assert.rejects(presence.join(1), { code: 'closed' });
  await task();
  assert.deepEqual(socket.frames().map(frame => [frame.type, frame.headers['weir-presence']]), [
    ['register', undefined], ['register', 'watch'], ['register', 'none'], ['unregister', undefined],
  ]);
  assert.notEqual(emitter.presence(), presence);
  const last = emitter.presence().join(1);
  connection.close();
  await assert.rejects(last, { code: 'closed' });
  await assert.rejects(emitter.presence().ready(), { code: 'closed' });
});

test('mistakes are said at once', async () => {
  const { connection } = await openConnection();
  assert.throws(() => connection.emitter('room').presence({ keys: 'x' }), /there is no option 'keys'; there is key/);
  assert.throws(() => connection.emitter('room').presence().on('gone', () => {}), /presence has no event 'gone'; it has join, update/);
  connection.close();
});
