// An upper-casing file pipeline: each file put into data/in appears in data/out in capitals. Runs under Node as it is.
const fs = require('fs');
const { Transform } = require('stream');
const { pipeline } = require('stream/promises');

const FROM = process.env.UPPER_IN || 'data/in';
const TO = process.env.UPPER_OUT || 'data/out';

/** Text comes as whole characters, since the stream before it has an encoding. */
const upper = () => new Transform({
  decodeStrings: false,
  transform(text, encoding, callback) {
    callback(null, text.toUpperCase());
  },
});

async function convert(name) {
  const part = `${TO}/.${name}.part`;
  await pipeline(fs.createReadStream(`${FROM}/${name}`, { encoding: 'utf8' }), upper(), fs.createWriteStream(part));
  await fs.promises.rename(part, `${TO}/${name}`);
  await fs.promises.unlink(`${FROM}/${name}`);
  console.log(`${name} is in ${TO}`);
}

let busy = false;
let again = false;

/** One file after the other; what appears meanwhile is looked for once more. */
async function look() {
  if (busy) {
    again = true;
    return;
  }
  busy = true;
  do {
    again = false;
    for (const entry of await fs.promises.readdir(FROM, { withFileTypes: true })) {
      if (entry.isFile() && !entry.name.startsWith('.')) {
        await convert(entry.name).catch((error) => console.error(`${entry.name}: ${error.message}`));
      }
    }
  } while (again);
  busy = false;
}

fs.mkdirSync(FROM, { recursive: true });
fs.mkdirSync(TO, { recursive: true });
fs.watch(FROM, look);
look();
