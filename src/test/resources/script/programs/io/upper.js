// An upper-casing file pipeline: read, change, write, with backpressure all the way.
const fs = require('fs');
const { Transform, pipeline } = require('stream');
const { pipeline: piped } = require('stream/promises');

const from = `${__dirname}/lower.txt`;
const to = `${__dirname}/upper.txt`;
fs.writeFileSync(from, 'a line of text, and grüne\n'.repeat(20000));

const upper = () => new Transform({
  transform(chunk, encoding, callback) {
    callback(null, chunk.toString().toUpperCase());
  },
});

pipeline(fs.createReadStream(from, { encoding: 'utf8' }), upper(), fs.createWriteStream(to), async (error) => {
  console.log('done', error === undefined || error === null);
  const text = fs.readFileSync(to, 'utf8');
  console.log(text.length, text.slice(0, 26).trim(), text === fs.readFileSync(from, 'utf8').toUpperCase());
  await piped(fs.createReadStream(to, { start: 2, end: 5 }), async function* (source) {
    for await (const chunk of source) yield chunk.toString().toLowerCase();
  }, fs.createWriteStream(to, { flags: 'a' }));
  console.log(fs.statSync(to).size - text.length, fs.readFileSync(to, 'utf8').slice(-4));
  try {
    await piped(fs.createReadStream(`${__dirname}/missing.txt`), upper(), fs.createWriteStream(to));
  } catch (failure) {
    console.log(failure.code, failure.syscall, failure.path.endsWith('missing.txt'));
  }
});
