import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';
import { backoff, mayReconnect } from '../../../webroot/client/backoff.js';
import { endpointOf } from '../../../webroot/client/endpoint.js';
import { connect } from '../../../webroot/client/weir.js';
import { connection, FakeSocket, openConnection, turn } from './fake.js';

beforeEach(() => mock.timers.enable({ apis: ['setTimeout', 'setInterval', 'Date'] }));
afterEach(() => {
  mock.timers.reset();
  mock.restoreAll();
});

const pass = async millis => {
  mock.timers.tick(millis);
  await turn();
};

test('states: connecting, open, waiting, open again, closed', async () => {
  const made = await connection();
  const seen = [];
  made.on('state', state => seen.push(state));
  for (const type of ['connect', 'disconnect', 'reconnect', 'waiting']) made.on(type, () => seen.push(`(${type})`));
  assert.equal(made.state, 'connecting');
  FakeSocket.last().accept().drop();
  await pass(10_000);
  FakeSocket.last().drop();
  await pass(10_000);
  FakeSocket.last().accept();
  made.close();
  assert.deepEqual(seen, [
    'open', '(connect)', 'waiting', '(disconnect)', '(waiting)', 'connecting', 'waiting', '(waiting)',
    'connecting', 'open', '(reconnect)', 'closed', '(disconnect)',
  ]);
});

test('the next attempt goes to the next node', async () => {
  await connection({ urls: ['http://one', 'https://two/eventbus', 'ws://three:1/bus/websocket'] });
  for (let i = 0; i < 3; i++) {
    FakeSocket.last().drop();
    await pass(10_000);
  }
  assert.deepEqual(FakeSocket.all.map(socket => socket.url), [
    'ws://one/eventbus/websocket', 'wss://two/eventbus/websocket', 'ws://three:1/bus/websocket', 'ws://one/eventbus/websocket',
  ]);
});

test('the wait doubles up to its bound, half of it at random', () => {
  assert.deepEqual([0, 1, 2, 20].map(n => backoff(n, {}, () => 1)), [250, 500, 1000, 10_000]);
  assert.deepEqual([0, 20].map(n => backoff(n, {}, () => 0)), [125, 5000]);
  assert.deepEqual([1000, 1001, 1006, 1012, 1013, 3000, 4100, 4500].filter(code => !mayReconnect(code)), []);
  assert.deepEqual([1008, 4400, 4499].filter(mayReconnect), []);
});

test('a terminal close code ends it, and everything that waits', async () => {
  const { connection: made, socket } = await openConnection();
  const lost = [];
  made.on('disconnect', info => lost.push([info.code, info.terminal]));
  const ready = made.emitter('a').on('x', () => {}).ready();
  socket.drop(4401, 'bad token');
  assert.equal(made.state, 'closed');
  assert.deepEqual(lost, [[4401, true]]);
  await assert.rejects(ready, { code: 'closed' });
  await assert.rejects(made.request('b'), { code: 'closed' });
  await pass(60_000);
  assert.equal(FakeSocket.all.length, 1);
});

test('after a reconnect: registrations first, then what was said meanwhile, from the position heard last', async () => {
  const { connection: made, socket } = await openConnection();
  const recovered = [];
  const plain = made.emitter('plain').on('x', () => {}).on('recovered', info => recovered.push(info));
  made.emitter('kept').on('x', () => {}).on('recovered', info => recovered.push(info));
  socket.confirm('plain');
  socket.confirm('kept', { 'weir-epoch': 'e', 'weir-offset': '4' });
  socket.event('kept', 'x', 1, { 'weir-epoch': 'e', 'weir-offset': '5' });
  socket.drop();
  plain.emit('x', 'meanwhile').catch(() => {});
  assert.equal(made.queued, 1);
  await pass(10_000);
  const again = FakeSocket.last().accept();
  assert.deepEqual(again.frames().map(frame => [frame.type, frame.address, frame.headers['weir-since'] ?? frame.headers['weir-rewind']]), [
    ['register', 'plain', '0'], ['register', 'kept', 'e:5'], ['publish', 'plain', undefined],
  ]);
  again.confirm('plain');
  again.confirm('kept', { 'weir-epoch': 'e', 'weir-offset': '9', 'weir-recovered': 'true' });
  assert.deepEqual(recovered, [
    { address: 'plain', recovered: false, reason: undefined }, { address: 'kept', recovered: true, reason: undefined },
  ]);
  made.close();
});

test('what was under way when the connection was lost is rejected: nobody knows', async () => {
  const { connection: made, socket } = await openConnection();
  const emitted = made.emitter('a').emit('x');
  socket.drop();
  await assert.rejects(emitted, { code: 'unavailable', message: /may or may not/ });
  made.close();
});

test('the queue is bounded by number and bytes', async () => {
  const made = await connection({ queue: { count: 2, bytes: 2000 } });
  const emitter = made.emitter('a');
  const first = emitter.emit('x', 1);
  await assert.rejects(emitter.emit('x', 'y'.repeat(3000)), { code: 'busy' });
  const second = emitter.emit('x', 2);
  await assert.rejects(emitter.emit('x', 3), { code: 'busy', retryable: true });
  const socket = FakeSocket.last().accept();
  socket.frames('publish').forEach(frame => socket.answer(frame, {}));
  assert.deepEqual(socket.frames('publish').map(frame => frame.body), [1, 2]);
  await Promise.all([first, second]);
  made.close();
});

test('an answer that does not come is a timeout; a request counts from now, offline too', async () => {
  const made = await connection({ timeout: 1000 });
  const offline = made.request('pricing', { sku: 1 }, { timeout: 300 });
  mock.timers.tick(300);
  await assert.rejects(offline, { code: 'timeout' });
  assert.equal(made.queued, 0);
  const socket = FakeSocket.last().accept();
  const online = made.emitter('a').emit('x');
  mock.timers.tick(1000);
  await assert.rejects(online, { code: 'timeout' });
  const asked = made.request('pricing', { sku: 1 }, { type: 'quote', headers: { a: 'b' } });
  const [frame] = socket.frames('send');
  assert.deepEqual(frame.headers, { a: 'b', 'ce-type': 'quote' });
  socket.answer(frame, { price: 2 });
  assert.deepEqual(await asked, { price: 2 });
  made.close();
});

test('who listens at an address for requests answers with event.reply', async () => {
  const { connection: made, socket } = await openConnection();
  made.emitter('pricing').on('message', (data, event) => event.reply({ price: data.n * 2 }));
  socket.say({ type: 'rec', address: 'pricing', body: { n: 4 }, headers: {}, replyAddress: 'r-1' });
  assert.deepEqual(socket.frames('send'), [{ type: 'send', address: 'r-1', headers: {}, body: { price: 8 } }]);
  made.close();
});

test('the token goes first, is asked for at each connection, and renewed before it ends', async () => {
  let n = 0;
  const jwt = seconds => `h.${btoa(JSON.stringify({ exp: seconds, n: ++n }))}.s`;
  const { connection: made, socket } = await openConnection({ token: () => jwt(Date.now() / 1000 + 100) });
  made.emitter('a').on('x', () => {});
  assert.deepEqual(socket.sent.map(frame => frame.type), ['ping', 'register']);
  assert.match(socket.sent[0].headers.authorization, /^Bearer h\./);
  await pass(70_000);
  const shown = socket.sent.filter(frame => frame.headers.authorization);
  assert.equal(shown.length, 2);
  socket.drop();
  await pass(10_000);
  assert.match(FakeSocket.last().accept().sent[0].headers.authorization, /^Bearer/);
  assert.equal(n, 3);
  made.close();
});

test('a renewal that fails is an error, tried again, and brings back what ended meanwhile', async () => {
  const errors = [];
  let offline = false;
  const { connection: made, socket } = await openConnection({
    token: async () => {
      if (offline) throw new Error('no network');
      return `h.${btoa(JSON.stringify({ exp: Date.now() / 1000 + 100 }))}.s`;
    },
  });
  made.on('error', error => errors.push(error.message));
  made.emitter('a').on('error', () => {}).on('x', () => {});
  socket.say({ type: 'registered', address: 'a', headers: {} });
  offline = true;
  await pass(71_000);
  assert.deepEqual(errors.slice(0, 1), ['no network']);
  socket.refuse({ address: 'a' }, 'not_logged_in');
  await turn();
  offline = false;
  const before = socket.sent.length;
  await pass(6_000);
  const later = socket.sent.slice(before);
  assert.ok(later.some(frame => frame.headers.authorization));
  assert.ok(later.some(frame => frame.type === 'register' && frame.address === 'a'));
  made.close();
});

test('a token callback that fails is an error and another attempt', async () => {
  const errors = [];
  let fail = true;
  const made = await connection({ token: async () => { if (fail) throw new Error('no network'); return 't'; } });
  made.on('error', error => errors.push(error.message));
  assert.equal(made.state, 'waiting');
  fail = false;
  await pass(10_000);
  FakeSocket.last().accept();
  assert.equal(made.state, 'open');
  made.close();
});

test('auth_error brings another token, and the refused addresses again', async () => {
  let n = 0;
  const { connection: made, socket } = await openConnection({ token: () => `t${++n}` });
  made.emitter('a').on('error', () => {}).on('x', () => {});
  socket.refuse({ address: 'a' }, 'not_logged_in');
  await turn();
  assert.equal(socket.sent.at(-2).headers.authorization, 'Bearer t2');
  assert.equal(socket.sent.at(-1).type, 'register');
  made.close();
});

test('silence after a pong is a lost connection; a server that never answers pings is left in peace', async () => {
  const { connection: made, socket } = await openConnection();
  await pass(60_000);
  assert.equal(made.state, 'open');
  socket.say({ type: 'pong' });
  assert.equal(typeof made.latency, 'number');
  await pass(21_000);
  assert.equal(made.state, 'waiting');
  assert.equal(socket.closedWith, 4001);
  made.close();
});

test('a socket that does not open in time is given up', async () => {
  const made = await connection();
  await pass(10_000);
  assert.equal(FakeSocket.all[0].closedWith, 4000);
  assert.equal(made.state, 'waiting');
  made.close();
});

test('SockJS where a WebSocket does not open, and WebSocket again after that fails', async () => {
  class FakeSockJS extends FakeSocket {}
  const made = await connection({ SockJS: FakeSockJS });
  FakeSocket.last().drop();
  assert.equal(FakeSocket.last().url, 'http://one:8080/eventbus');
  FakeSocket.last().accept();
  assert.equal(made.transport, 'sockjs');
  FakeSocket.last().drop();
  await pass(10_000);
  assert.ok(FakeSocket.last() instanceof FakeSockJS);
  FakeSocket.last().drop();
  await pass(10_000);
  assert.equal(FakeSocket.last().url, 'ws://one:8080/eventbus/websocket');
  made.close();
});

test('wrong options are refused with the mend', () => {
  assert.throws(() => connect({ url: 'x', WebSocket: FakeSocket }), /no option 'url'; there are urls/);
  assert.throws(() => connect({ WebSocket: FakeSocket }), /urls: "http:\/\/127.0.0.1:8080"/);
  assert.throws(() => connect({ urls: [], WebSocket: FakeSocket }), /urls is empty/);
  assert.throws(() => connect({ urls: 'localhost:8080', WebSocket: FakeSocket }), /is not the URL of a node/);
  assert.throws(() => connect({ urls: 'http://one', token: 7, WebSocket: FakeSocket }), /token is a string or a function/);
  assert.deepEqual(endpointOf('http://one/'), {
    http: 'http://one', sockjs: 'http://one/eventbus', raw: 'ws://one/eventbus/websocket',
  });
});

test('a position that the server tells while nothing comes is where it goes on', async () => {
  const { connection: made, socket } = await openConnection();
  const recovered = [];
  const kept = made.emitter('kept').on('x', () => {}).on('recovered', info => recovered.push(info));
  socket.confirm('kept', { 'weir-epoch': 'e', 'weir-offset': '3', 'weir-recovered': 'true' });
  await kept.ready();
  socket.say({ type: 'position', address: 'kept', headers: { 'weir-epoch': 'e', 'weir-offset': '5' } });
  socket.say({ type: 'position', address: 'gone', headers: { 'weir-epoch': 'e', 'weir-offset': '7' } });
  assert.deepEqual(recovered, []);
  socket.drop();
  await pass(10_000);
  const again = FakeSocket.last().accept();
  assert.deepEqual(again.frames('register').map(frame => frame.headers['weir-since']), ['e:5']);
  again.confirm('kept', { 'weir-epoch': 'f', 'weir-offset': '1', 'weir-recovered': 'false', 'weir-reason': 'epoch_changed' });
  assert.deepEqual(recovered, [{ address: 'kept', recovered: false, reason: 'epoch_changed' }]);
});
