import assert from 'node:assert/strict';
import { afterEach, mock, test } from 'node:test';
import { Rejected } from '../../../webroot/client/weir.js';
import { FakeSocket, openConnection, task, turn } from './fake.js';

afterEach(() => mock.restoreAll());
process.on('unhandledRejection', error => assert.fail(`unhandled: ${error}`));

const ADDRESS = 'weir.subscription.billing';
const asked = (socket, op) => socket.frames('send').filter(frame => frame.address === ADDRESS && frame.body.op === op);
const delivery = (n, attempt = 1) => ({
  id: `orders/e1:${n}/${attempt}`,
  attempt,
  event: { specversion: '1.0', id: `i${n}`, type: 'paid', subject: 'a', source: '/t', data: { n }, weirepoch: 'e1', weiroffset: `${n}`, region: 'eu' },
});
const give = (socket, ...deliveries) => socket.answer(asked(socket, 'pull').at(-1), { deliveries });
const items = socket => asked(socket, 'settle').map(frame => frame.body.items[0]);

test('a handler gets data and delivery; what it returns acknowledges, and then the next is asked for', async () => {
  const { connection, socket } = await openConnection();
  const heard = [];
  connection.subscription('billing').consume((data, got) => { heard.push([data.n, got.attempt, got.event]); });
  assert.deepEqual(asked(socket, 'pull')[0].body, { op: 'pull', max: 1, wait: '20s' });
  give(socket, delivery(7, 2));
  await task();
  const [[n, attempt, event]] = heard;
  assert.deepEqual([n, attempt], [7, 2]);
  assert.deepEqual([event.type, event.subject, event.address, event.offset, event.epoch], ['paid', 'a', 'orders', 7, 'e1']);
  assert.deepEqual(event.extensions, { region: 'eu' });
  assert.deepEqual(items(socket), [{ id: 'orders/e1:7/2', outcome: 'ack' }]);
  assert.equal(asked(socket, 'pull').length, 1, 'one at a time');
  socket.answer(asked(socket, 'settle')[0], { results: ['done'] });
  await task();
  assert.equal(asked(socket, 'pull').length, 2);
  connection.close();
});

test('what throws is tried again, Rejected is a dead letter, and whoever settles by hand is not settled again', async () => {
  const { connection, socket } = await openConnection();
  const results = [];
  connection.subscription('billing', { concurrency: 5 }).consume(async ({ n }, got) => {
    if (n === 1) throw new Error('no luck');
    if (n === 2) throw new Rejected('never');
    if (n === 3) results.push(await got.nack({ delay: 1500, error: 'later' }));
    if (n === 4) await got.extend(60_000);
  });
  assert.equal(asked(socket, 'pull')[0].body.max, 5);
  give(socket, delivery(1), delivery(2), delivery(3), delivery(4));
  await task();
  assert.deepEqual(asked(socket, 'pull').at(-1).body.max, 1, 'as many as there is room for');
  assert.deepEqual(items(socket), [
    { id: 'orders/e1:3/1', outcome: 'nack', delay: '1500ms', error: 'later' },
    { id: 'orders/e1:4/1', outcome: 'extend', delay: '60000ms' },
    { id: 'orders/e1:1/1', outcome: 'nack', error: 'no luck' },
    { id: 'orders/e1:2/1', outcome: 'reject', error: 'never' },
  ].map(item => JSON.parse(JSON.stringify(item))));
  for (const frame of asked(socket, 'settle')) socket.answer(frame, { results: ['done'] });
  await task();
  assert.deepEqual(results, ['done']);
  assert.deepEqual(items(socket).slice(4), [{ id: 'orders/e1:4/1', outcome: 'ack' }]);
  connection.close();
});

test('after a reconnect it asks again, and a refusal that will stay ends it', async () => {
  const { connection, socket } = await openConnection({ backoff: { min: 1, max: 1 } });
  const errors = [];
  const consumer = connection.subscription('billing').on('error', error => errors.push(error.code)).consume(() => {});
  socket.drop();
  await new Promise(resolve => connection.once('state', resolve));
  await turn();
  const second = FakeSocket.last().accept();
  await turn();
  assert.equal(asked(second, 'pull').length, 1);
  second.refuse(asked(second, 'pull')[0], 'access_denied');
  await task();
  assert.deepEqual(errors, ['access_denied']);
  assert.equal(asked(second, 'pull').length, 1);
  consumer.consume(() => {});
  assert.equal(asked(second, 'pull').length, 2);
  connection.close();
});

test('close cancels the pull, gives back what crosses it, and waits for what is worked on', async () => {
  const { connection, socket } = await openConnection();
  let finish;
  const consumer = connection.subscription('billing', { concurrency: 2 }).consume(() => new Promise(resolve => (finish = resolve)));
  give(socket, delivery(1));
  await task();
  let closed = false;
  const closing = consumer.close().then(() => (closed = true));
  assert.equal(asked(socket, 'cancel')[0].body.pull, asked(socket, 'pull')[1].replyAddress);
  give(socket, delivery(2));
  await task();
  assert.deepEqual(items(socket), [{ id: 'orders/e1:2/1', outcome: 'nack', delay: '0s', error: 'the consumer closed' }]);
  assert.equal(closed, false);
  finish();
  await task();
  socket.answer(asked(socket, 'settle')[1], { results: ['done'] });
  await closing;
  assert.throws(() => consumer.consume(() => {}), { code: 'closed' });
  connection.close();
});

test('wrong names, options and handlers throw', async () => {
  const { connection } = await openConnection();
  assert.throws(() => connection.subscription('a.b'), /name has 1 to 64/);
  assert.throws(() => connection.subscription('a', { concurrency: 0 }), /from 1 to 100/);
  assert.throws(() => connection.subscription('a', { inFlight: 1 }), /no option 'inFlight'/);
  assert.throws(() => connection.subscription('a').consume(), /handler is a function/);
  connection.close();
});
