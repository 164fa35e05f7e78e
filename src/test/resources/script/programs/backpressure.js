// A fast source and a slow sink: the source is asked only as fast as the sink takes.
const { Readable, Transform, Writable, pipeline } = require('stream');

let produced = 0;
let consumed = 0;
let farthest = 0;
const source = new Readable({
  objectMode: true,
  highWaterMark: 2,
  read() {
    if (produced === 20) return this.push(null);
    produced++;
    farthest = Math.max(farthest, produced - consumed);
    this.push({ n: produced });
  },
});
const square = new Transform({
  objectMode: true,
  highWaterMark: 2,
  transform(event, encoding, callback) {
    process.nextTick(callback, null, { ...event, square: event.n ** 2 });
  },
});
const sink = new Writable({
  objectMode: true,
  highWaterMark: 2,
  write(event, encoding, callback) {
    consumed++;
    if (event.n % 5 === 0) console.log(event);
    setImmediate(callback);
  },
});
pipeline(source, square, sink, (error) => {
  console.log('end', error ?? 'well', { produced, consumed });
  console.log('never far ahead:', farthest <= 14);
  drain();
});

function drain() {
  const writable = new Writable({ highWaterMark: 10, write(chunk, encoding, callback) { setTimeout(callback, 1); } });
  const answers = [];
  for (let i = 0; i < 4; i++) answers.push(writable.write('abcd'));
  console.log(answers, writable.writableLength, writable.writableNeedDrain);
  writable.once('drain', () => {
    console.log('drained', writable.writableLength);
    writable.end();
  });
  writable.on('finish', () => console.log('finished'));
}
