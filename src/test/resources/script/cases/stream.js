'use strict';
const assert = require('assert');
const { Readable, Writable, Duplex, Transform, PassThrough, pipeline, finished, addAbortSignal, Stream } = require('stream');
const promises = require('stream/promises');
const { test, thrown, event } = require('./harness');

const collect = async (stream) => {
  const chunks = [];
  for await (const chunk of stream) chunks.push(chunk);
  return chunks;
};
const sink = (options = {}) => {
  const seen = [];
  const stream = new Writable({ objectMode: true, write(chunk, encoding, callback) { seen.push(chunk); callback(); }, ...options });
  return Object.assign(stream, { seen });
};
const upper = () => new Transform({ transform(chunk, encoding, callback) { callback(null, chunk.toString().toUpperCase()); } });

test('a readable is read by for await', async () => {
  assert.deepStrictEqual(await collect(Readable.from(['a', 'b'])), ['a', 'b']);
});
test('Readable.from takes iterables, async generators and one string or buffer as one chunk', async () => {
  assert.deepStrictEqual(await collect(Readable.from('whole')), ['whole']);
  assert.deepStrictEqual((await collect(Readable.from(Buffer.from('buf')))).map(String), ['buf']);
  assert.deepStrictEqual(await collect(Readable.from((async function* () { yield 1; yield 2; })())), [1, 2]);
});
test('data events flow, end and close follow', async () => {
  const said = [];
  const stream = Readable.from(['x', 'y']);
  stream.on('data', (chunk) => said.push(chunk)).on('end', () => said.push('end'));
  await event(stream, 'close');
  assert.deepStrictEqual(said, ['x', 'y', 'end']);
});
test('bytes are buffers, setEncoding makes them strings', async () => {
  const make = () => new Readable({ read() { this.push(Buffer.from('é')); this.push(null); } });
  assert.strictEqual(Buffer.isBuffer((await collect(make()))[0]), true);
  assert.deepStrictEqual(await collect(make().setEncoding('utf8')), ['é']);
});
test('a character split over chunks is put together', async () => {
  const bytes = Buffer.from('€');
  const stream = new Readable({ read() {} }).setEncoding('utf8');
  for (const byte of bytes) stream.push(Buffer.from([byte]));
  stream.push(null);
  assert.strictEqual((await collect(stream)).join(''), '€');
});
test('read is called as data is wanted, not before', async () => {
  let reads = 0;
  const stream = new Readable({ objectMode: true, highWaterMark: 1, read() { this.push(++reads > 3 ? null : reads); } });
  assert.strictEqual(reads, 0);
  assert.deepStrictEqual(await collect(stream), [1, 2, 3]);
});
test('paused mode: readable and read(n)', async () => {
  const stream = new Readable({ read() {} });
  stream.push('abcdef');
  stream.push(null);
  await event(stream, 'readable');
  assert.strictEqual(String(stream.read(2)), 'ab');
  assert.strictEqual(String(stream.read(3)), 'cde');
  assert.strictEqual(String(stream.read()), 'f');
  assert.strictEqual(stream.read(), null);
});
test('pause and resume', async () => {
  const stream = Readable.from([1, 2, 3]);
  const seen = [];
  stream.on('data', (chunk) => {
    seen.push(chunk);
    stream.pause();
    assert.strictEqual(stream.isPaused(), true);
    setImmediate(() => stream.resume());
  });
  await event(stream, 'end');
  assert.deepStrictEqual(seen, [1, 2, 3]);
});
test('unshift puts a chunk back', async () => {
  const stream = Readable.from(['b']);
  stream.unshift('a');
  assert.deepStrictEqual(await collect(stream), ['a', 'b']);
});
test('push after the end is an error', async () => {
  const stream = new Readable({ read() {} });
  stream.push(null);
  const failed = event(stream, 'error');
  stream.push('late');
  const [error] = await failed;
  assert.strictEqual(error.code, 'ERR_STREAM_PUSH_AFTER_EOF');
  assert.strictEqual(error.message, 'stream.push() after EOF');
});
test('a wrong chunk is an error that names what is allowed', async () => {
  const stream = new Readable({ read() {} });
  const failed = event(stream, 'error');
  stream.push(5);
  const [error] = await failed;
  assert.strictEqual(error.code, 'ERR_INVALID_ARG_TYPE');
});
test('destroy gives error and close once, and read nothing more', async () => {
  const stream = Readable.from([1, 2]);
  const said = [];
  stream.on('error', (error) => said.push(error.message)).on('close', () => said.push('close')).on('end', () => said.push('end'));
  stream.destroy(new Error('gone'));
  stream.destroy(new Error('twice'));
  await event(stream, 'close');
  assert.deepStrictEqual(said, ['gone', 'close']);
  assert.strictEqual(stream.destroyed, true);
  assert.strictEqual(stream.errored.message, 'gone');
});
test('leaving for await destroys the stream', async () => {
  const stream = Readable.from([1, 2, 3]);
  for await (const chunk of stream) if (chunk === 2) break;
  assert.strictEqual(stream.destroyed, true);
});
test('an error in a generator becomes the stream\'s error', async () => {
  const stream = Readable.from((async function* () { yield 1; throw new Error('generator'); })());
  await assert.rejects(collect(stream), { message: 'generator' });
});
test('write gets chunk, encoding and callback; finish comes after the last', async () => {
  const said = [];
  const stream = new Writable({ write(chunk, encoding, callback) { said.push(String(chunk), encoding); setImmediate(callback); } });
  stream.write('a');
  stream.end('b', () => said.push('end callback'));
  await event(stream, 'finish');
  assert.deepStrictEqual(said.slice(0, 4), ['a', 'buffer', 'b', 'buffer']);
});
test('decodeStrings: false keeps strings, defaultEncoding names them', () => {
  const said = [];
  const stream = new Writable({ decodeStrings: false, write(chunk, encoding, callback) { said.push(chunk, encoding); callback(); } });
  stream.write('a');
  stream.write('6162', 'hex');
  assert.deepStrictEqual(said, ['a', 'utf8', '6162', 'hex']);
});
test('write answers false at the high water mark, drain tells when to go on', async () => {
  const stream = new Writable({ highWaterMark: 3, write(chunk, encoding, callback) { setImmediate(callback); } });
  assert.strictEqual(stream.write('ab'), true);
  assert.strictEqual(stream.write('cd'), false);
  assert.strictEqual(stream.writableNeedDrain, true);
  assert.strictEqual(stream.writableLength, 4);
  await event(stream, 'drain');
  assert.strictEqual(stream.writableLength, 0);
});
test('cork gathers writes for writev', async () => {
  const batches = [];
  const stream = new Writable({ writev(chunks, callback) { batches.push(chunks.map((each) => String(each.chunk))); callback(); } });
  stream.cork();
  stream.write('a');
  stream.write('b');
  assert.deepStrictEqual(batches, []);
  stream.uncork();
  assert.deepStrictEqual(batches, [['a', 'b']]);
});
test('write after end is an error', async () => {
  const stream = sink();
  stream.end();
  const failed = event(stream, 'error');
  stream.write('late');
  const [error] = await failed;
  assert.strictEqual(error.code, 'ERR_STREAM_WRITE_AFTER_END');
  assert.strictEqual(error.message, 'write after end');
});
test('null is never written', () => {
  assert.strictEqual(thrown(() => sink().write(null)).code, 'ERR_STREAM_NULL_VALUES');
});
test('an error of write destroys the stream, callbacks get it', async () => {
  const stream = new Writable({ write(chunk, encoding, callback) { callback(new Error('disk')); } });
  const [fromEvent, fromCallback] = await Promise.all([event(stream, 'error'), new Promise((resolve) => { stream.write('x', resolve); })]);
  assert.strictEqual(fromEvent[0].message, 'disk');
  assert.strictEqual(fromCallback.message, 'disk');
  assert.strictEqual(stream.destroyed, true);
});
test('construct runs before the first write, final before finish', async () => {
  const said = [];
  const stream = new Writable({
    construct(callback) { said.push('construct'); setImmediate(callback); },
    write(chunk, encoding, callback) { said.push('write'); callback(); },
    final(callback) { said.push('final'); callback(); },
    destroy(error, callback) { said.push('destroy'); callback(error); },
  });
  stream.on('finish', () => said.push('finish'));
  stream.end('x');
  await event(stream, 'close');
  assert.deepStrictEqual(said, ['construct', 'write', 'final', 'finish', 'destroy']);
});
test('pipe carries backpressure: the source pauses until the sink drains', async () => {
  let ahead = 0;
  let most = 0;
  let next = 0;
  const source = new Readable({ objectMode: true, highWaterMark: 1, read() { most = Math.max(most, ++ahead); this.push(next < 50 ? next++ : null); } });
  const slow = sink({ highWaterMark: 2, write(chunk, encoding, callback) { ahead--; slow.seen.push(chunk); setImmediate(callback); } });
  source.pipe(slow);
  await event(slow, 'finish');
  assert.strictEqual(slow.seen.length, 50);
  assert.ok(most < 10, `${most} ahead`);
});
test('unpipe stops, several sinks get all', async () => {
  const source = new PassThrough({ objectMode: true });
  const [a, b] = [sink(), sink()];
  source.pipe(a);
  source.pipe(b);
  source.write(1);
  await event(source, 'resume').catch(() => {});
  await new Promise(setImmediate);
  source.unpipe(a);
  source.write(2);
  source.end();
  await event(b, 'finish');
  assert.deepStrictEqual(b.seen, [1, 2]);
  assert.deepStrictEqual(a.seen, [1]);
});
test('transform and flush', async () => {
  const stream = new Transform({
    transform(chunk, encoding, callback) { this.push(`<${chunk}>`); callback(); },
    flush(callback) { callback(null, 'end'); },
  });
  stream.write('a');
  stream.end('b');
  assert.strictEqual((await collect(stream)).join(''), '<a><b>end');
});
test('a transform may drop, split and change the type of chunks', async () => {
  const lines = new Transform({
    readableObjectMode: true,
    transform(chunk, encoding, callback) { for (const line of String(chunk).split('\n')) if (line) this.push({ line }); callback(); },
  });
  lines.end('a\n\nb');
  assert.deepStrictEqual(await collect(lines), [{ line: 'a' }, { line: 'b' }]);
});
test('PassThrough passes', async () => {
  const stream = new PassThrough();
  stream.end('same');
  assert.strictEqual(String(await collect(stream)), 'same');
});
test('a duplex reads and writes independently', async () => {
  const written = [];
  const stream = new Duplex({
    read() { this.push('r'); this.push(null); },
    write(chunk, encoding, callback) { written.push(String(chunk)); callback(); },
  });
  stream.end('w');
  assert.strictEqual(String(await collect(stream)), 'r');
  assert.deepStrictEqual(written, ['w']);
  assert.strictEqual(stream instanceof Readable && stream instanceof Writable, true);
});
test('pipeline joins streams and calls back once', async () => {
  const out = sink();
  const error = await new Promise((resolve) => { pipeline(Readable.from(['a', 'b']), upper(), out, resolve); });
  assert.strictEqual(error, undefined);
  assert.deepStrictEqual(out.seen.map(String), ['A', 'B']);
});
test('pipeline destroys all streams when one fails', async () => {
  const source = new Readable({ read() {} });
  const bad = new Transform({ transform(chunk, encoding, callback) { callback(new Error('bad chunk')); } });
  const out = sink();
  const result = new Promise((resolve) => { pipeline(source, bad, out, resolve); });
  source.push('x');
  assert.strictEqual((await result).message, 'bad chunk');
  assert.deepStrictEqual([source.destroyed, bad.destroyed, out.destroyed], [true, true, true]);
});
test('pipeline takes generators', async () => {
  const out = sink();
  await promises.pipeline(
    async function* () { yield 'x'; yield 'y'; },
    async function* (source) { for await (const chunk of source) yield chunk + chunk; },
    out,
  );
  assert.deepStrictEqual(out.seen, ['xx', 'yy']);
});
test('promises.pipeline is stopped by a signal', async () => {
  const controller = new AbortController();
  const running = promises.pipeline(new Readable({ read() {} }), sink(), { signal: controller.signal });
  controller.abort();
  await assert.rejects(running, { name: 'AbortError', code: 'ABORT_ERR' });
});
test('finished tells the end of a stream, and a premature close', async () => {
  const stream = Readable.from([1]);
  const done = new Promise((resolve) => { finished(stream, resolve); });
  stream.resume();
  assert.strictEqual(await done, undefined);
  const broken = new Readable({ read() {} });
  const failed = new Promise((resolve) => { finished(broken, resolve); });
  broken.destroy();
  const error = await failed;
  assert.strictEqual(error.code, 'ERR_STREAM_PREMATURE_CLOSE');
  assert.strictEqual(error.message, 'Premature close');
});
test('promises.finished resolves and rejects', async () => {
  const out = sink();
  setImmediate(() => out.end());
  await promises.finished(out);
  const bad = sink();
  setImmediate(() => bad.destroy(new Error('sink')));
  await assert.rejects(promises.finished(bad), { message: 'sink' });
});
test('addAbortSignal destroys a stream', async () => {
  const controller = new AbortController();
  const stream = addAbortSignal(controller.signal, new Readable({ read() {} }));
  const failed = event(stream, 'error');
  controller.abort();
  const [error] = await failed;
  assert.strictEqual(error.name, 'AbortError');
  assert.strictEqual(stream.destroyed, true);
});
test('a signal may be an option', async () => {
  const controller = new AbortController();
  const stream = new Writable({ signal: controller.signal, write() {} });
  const failed = event(stream, 'error');
  controller.abort();
  assert.strictEqual((await failed)[0].name, 'AbortError');
});
test('readable operators: map, filter, take, drop, flatMap', async () => {
  const numbers = () => Readable.from([1, 2, 3, 4]);
  assert.deepStrictEqual(await numbers().map((each) => each * 2).toArray(), [2, 4, 6, 8]);
  assert.deepStrictEqual(await numbers().filter((each) => each % 2 === 0).toArray(), [2, 4]);
  assert.deepStrictEqual(await numbers().take(2).toArray(), [1, 2]);
  assert.deepStrictEqual(await numbers().drop(3).toArray(), [4]);
  assert.deepStrictEqual(await numbers().flatMap((each) => [each, each]).take(4).toArray(), [1, 1, 2, 2]);
});
test('readable operators: reduce, some, every, find, forEach', async () => {
  const numbers = () => Readable.from([1, 2, 3, 4]);
  assert.strictEqual(await numbers().reduce((sum, each) => sum + each, 0), 10);
  assert.strictEqual(await numbers().some((each) => each > 3), true);
  assert.strictEqual(await numbers().every((each) => each > 3), false);
  assert.strictEqual(await numbers().find((each) => each > 2), 3);
  const seen = [];
  await numbers().forEach((each) => seen.push(each));
  assert.deepStrictEqual(seen, [1, 2, 3, 4]);
});
test('compose makes one duplex of several', async () => {
  const shout = require('stream').compose(upper(), new Transform({ transform(chunk, encoding, callback) { callback(null, `${chunk}!`); } }));
  shout.end('hey');
  assert.strictEqual(String(await collect(shout)), 'HEY!');
});
test('Duplex.from takes a function', async () => {
  const doubled = Duplex.from(async function* (source) { for await (const chunk of source) yield String(chunk).repeat(2); });
  doubled.end('ab');
  assert.strictEqual((await collect(doubled)).join(''), 'abab');
});
test('state is told by properties', async () => {
  const stream = new PassThrough({ highWaterMark: 5 });
  assert.deepStrictEqual([stream.readable, stream.writable, stream.readableFlowing, stream.writableHighWaterMark], [true, true, null, 5]);
  stream.end('abc');
  assert.deepStrictEqual([stream.writableEnded, stream.readableLength, stream.readableEnded], [true, 3, false]);
  await collect(stream);
  assert.deepStrictEqual([stream.readableEnded, stream.writableFinished, stream.closed], [true, true, true]);
});
test('a subclass implements the underscore methods', async () => {
  class Counter extends Readable {
    #next = 0;

    _read() { this.push(this.#next < 3 ? String(this.#next++) : null); }
  }
  assert.strictEqual((await collect(new Counter())).join(''), '012');
  const [error] = await new Promise((resolve) => { new Readable().on('error', (...args) => resolve(args)).resume(); });
  assert.strictEqual(error.code, 'ERR_METHOD_NOT_IMPLEMENTED');
  assert.strictEqual(error.message, 'The _read() method is not implemented');
});
test('default high water marks are 16 KiB and 16 objects', () => {
  assert.strictEqual(new Readable().readableHighWaterMark, 65536 / 4);
  assert.strictEqual(new Writable({ objectMode: true }).writableHighWaterMark, 16);
  assert.strictEqual(require('stream').getDefaultHighWaterMark(true), 16);
  assert.strictEqual(thrown(() => new Readable({ highWaterMark: -1 })).code, 'ERR_INVALID_ARG_VALUE');
});
test('the module is the legacy Stream class with everything in it', () => {
  assert.strictEqual(require('stream'), Stream);
  assert.strictEqual(require('stream').promises, promises);
  assert.strictEqual(new Readable() instanceof Stream, true);
  assert.strictEqual(new Readable() instanceof require('events'), true);
});
test('stream/consumers read a whole stream', async () => {
  const consumers = require('stream/consumers');
  assert.strictEqual(await consumers.text(Readable.from(['a', 'b'])), 'ab');
  assert.deepStrictEqual(await consumers.json(Readable.from(['{"a":', '1}'])), { a: 1 });
  assert.strictEqual(String(await consumers.buffer(Readable.from(['x']))), 'x');
});
