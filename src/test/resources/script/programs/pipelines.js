// Lines of text through a pipeline: split, parse, filter, count.
const { Readable, Transform, Writable } = require('stream');
const { pipeline } = require('stream/promises');

const log = Readable.from([
  'GET /a 200 12\nGET /b 50', '0 700\nPOST /a 201 33\n', 'broken line\nGET /b 200 8\n', 'GET /c 404 1',
]);

const lines = new Transform({
  readableObjectMode: true,
  construct(callback) {
    this.rest = '';
    callback();
  },
  transform(chunk, encoding, callback) {
    const parts = (this.rest + chunk).split('\n');
    this.rest = parts.pop();
    for (const line of parts) this.push(line);
    callback();
  },
  flush(callback) {
    if (this.rest) this.push(this.rest);
    callback();
  },
});

async function* parsed(source) {
  for await (const line of source) {
    const found = /^(\w+) (\S+) (\d+) (\d+)$/.exec(line);
    if (!found) console.log('skipped', JSON.stringify(line));
    else yield { method: found[1], path: found[2], status: +found[3], millis: +found[4] };
  }
}

const counts = new Map();
const count = new Writable({
  objectMode: true,
  write({ path, millis, status }, encoding, callback) {
    const entry = counts.get(path) ?? { n: 0, millis: 0, failed: 0 };
    counts.set(path, { n: entry.n + 1, millis: entry.millis + millis, failed: entry.failed + (status >= 500 ? 1 : 0) });
    callback();
  },
});

async function main() {
  await pipeline(log, lines, parsed, count);
  console.log(counts);
  try {
    await pipeline(Readable.from(['x']), async function* (source) {
      for await (const chunk of source) throw new Error(`cannot take ${chunk}`);
    }, new Writable({ write() {} }));
  } catch (error) {
    console.log(error.message);
  }
}
main();
