import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Metrics } from '../../../webroot/apps/board/metrics.js';
import { Room, roomName } from '../../../webroot/apps/chat/room.js';
import { entryOf, filterOf } from '../../../webroot/apps/feed/filter.js';
import { bytes, count, duration, millis, percent } from '../../../webroot/apps/shared/format.js';

const at = second => new Date(second * 1000).toISOString();
const node = (name, second, data) => ({ type: 'node', time: at(second), data: { node: name, ...data } });
const host = (source, second, cpu) => ({ type: 'host', source, time: at(second), data: { cpu, memory: { used: 1, total: 4 } } });

test('metrics: nodes are summed, hosts averaged, rates come from counters', () => {
  const metrics = new Metrics();
  assert.equal(metrics.now().clients, undefined);
  metrics.accept(node('a', 100, { clients: 3, eventsIn: 10, eventsOut: 100, loopLagMillis: 1 }));
  assert.equal(metrics.now().in, undefined, 'one sample has no rate');
  metrics.accept(node('a', 102, { clients: 4, eventsIn: 30, eventsOut: 300, loopLagMillis: 1 }));
  metrics.accept(node('b', 102, { clients: 5, eventsIn: 0, eventsOut: 0, loopLagMillis: 9 }));
  metrics.accept(host('a', 102, 0.2));
  metrics.accept(host('b', 102, 0.4));
  const { clients, in: into, out, lag, cpu, memory } = metrics.now();
  assert.deepEqual([clients, into, out, lag, cpu.toFixed(2), memory], [9, 10, 100, 9, '0.30', 0.25]);
  assert.deepEqual(metrics.series().map(({ ago, clients: n }) => [ago, n]), [[-2, 3], [0, 9]]);
});

test('metrics: what is old, strange or silent does not count', () => {
  const metrics = new Metrics();
  assert.ok(metrics.accept(node('a', 100, { clients: 1 })));
  assert.ok(!metrics.accept(node('a', 100, { clients: 2 })));
  assert.ok(!metrics.accept({ type: 'node', time: 'then', data: {} }));
  assert.ok(!metrics.accept({ type: 'other', time: at(101), data: {} }));
  metrics.accept(node('b', 120, { clients: 7 }));
  assert.deepEqual(metrics.nodes().map(({ node: name }) => name), ['b']);
  metrics.accept(node('b', 300, { clients: 7 }));
  assert.equal(metrics.series().length, 1, 'a minute, no more');
});

test('metrics: a counter that began anew is no negative rate', () => {
  const metrics = new Metrics();
  metrics.accept(node('a', 1, { eventsIn: 500, eventsOut: 1 }));
  metrics.accept(node('a', 2, { eventsIn: 0, eventsOut: 2 }));
  assert.equal(metrics.now().in, 0);
});

const event = (type, subject, data, id = 'i') => ({ type, subject, id, time: at(1), data });

test('room: who comes, goes and is renamed', () => {
  const room = new Room('lobby', 'me');
  const heard = {};
  const presence = { self: '~me', count: 2, members: [], on: (type, listener) => ((heard[type] = listener), presence) };
  const member = (id, name) => ({ id, data: { name } });
  room.follow(presence);
  heard.join(member('~me', 'Me'));
  heard.join(member('x', 'Xi'));
  heard.update(member('x', 'Xena'), member('x', 'Xi'));
  heard.join({ id: 'y', data: 7 });
  heard.leave(member('x', 'Xena'));
  assert.deepEqual(room.entries.map(({ text }) => text), ['Xi came', 'Xi is now Xena', 'nobody came', 'Xena went']);
  presence.members = [member('y', 'Yu'), member('~me', 'Me')];
  assert.deepEqual(room.members(), [{ id: '~me', name: 'Me' }, { id: 'y', name: 'Yu' }]);
  assert.equal(room.count(), 2);
});

test('room: one’s own lines wait until they come back; what is not a message is ignored', () => {
  const room = new Room('lobby', 'me');
  room.sending('e1', 'hi');
  assert.equal(room.waiting().length, 1);
  assert.equal(room.accept(event('said', 'me', { name: 'Me', text: 'hi' }, 'e1')), false);
  assert.equal(room.waiting().length, 0);
  assert.equal(room.accept(event('said', 'x', { name: 'Xi', text: 'yo' })), true);
  for (const data of [null, 'text', { name: 3 }, { name: 'Xi', text: {} }, { text: 'no name' }]) room.accept(event('said', 'x', data));
  room.accept(event('said', undefined, { name: 'Xi', text: 'nobody' }));
  assert.deepEqual(room.entries.map(({ text, own }) => [text, own]), [['hi', true], ['yo', false]]);
  for (let i = 0; i < 300; i++) room.note(`${i}`);
  assert.equal(room.entries.length, 200);
});

test('room names are segments of addresses', () => {
  assert.deepEqual(['Lobby', '#Big Room!', ' .. ', 'a.b', 'Büro'].map(roomName), ['lobby', 'big-room', undefined, 'a-b', 'b-ro']);
});

test('filter: words and attributes, all of them', () => {
  const entries = [
    entryOf(1, { address: 'chat.lobby', type: 'said', subject: 'x', data: { text: 'Hello' } }),
    entryOf(2, { address: 'clicks', type: 'click', data: new Uint8Array(3) }),
    entryOf(3, { address: 'clicks', type: 'click', data: undefined }),
  ];
  const found = text => entries.filter(filterOf(text)).map(({ key }) => key);
  assert.deepEqual([found(''), found('HELLO'), found('address:chat hello'), found('type:click 3 bytes'), found('type:said nothing')],
    [[1, 2, 3], [1], [1], [2], []]);
});

test('numbers as people read them', () => {
  assert.deepEqual([undefined, 0, 3, 3.14159, 1234, 45678, 456789, 1.5e6].map(count), ['–', '0', '3', '3.1', '1,234', '45.7k', '457k', '1.5M']);
  assert.deepEqual([0, 0.04, 3.3, 33.3, undefined].map(millis), ['0', '<0.1', '3.3', '33', '–']);
  assert.deepEqual([0, 0.05, 0.5, 1].map(percent), ['0.0', '5.0', '50', '100']);
  assert.deepEqual([0, 1023, 1536, 5e9].map(bytes), ['0 B', '1023 B', '1.5 KB', '4.7 GB']);
  assert.deepEqual([0, 59, 61, 3700, 90_000].map(duration), ['0 s', '59 s', '1 m 1 s', '1 h 1 m', '1 d 1 h']);
});
