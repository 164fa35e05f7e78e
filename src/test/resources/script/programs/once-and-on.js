// Events as promises and as async iterators.
const { EventEmitter, once, on } = require('events');

const sensor = new EventEmitter();

async function first() {
  const [value, unit] = await once(sensor, 'reading');
  console.log('first', value, unit);
}

async function all() {
  const seen = [];
  for await (const [value] of on(sensor, 'reading', { close: ['end'] })) seen.push(value);
  console.log('all', seen);
}

async function limited() {
  const controller = new AbortController();
  try {
    for await (const [value] of on(sensor, 'reading', { signal: controller.signal })) {
      console.log('limited', value);
      if (value >= 20) controller.abort();
    }
  } catch (error) {
    console.log(error.name, error.code, error.message);
  }
}

async function failing() {
  try {
    await once(sensor, 'never');
  } catch (error) {
    console.log('never came:', error.message);
  }
}

const running = [first(), all(), limited(), failing()];
let n = 0;
const timer = setInterval(() => {
  if (n < 4) sensor.emit('reading', n++ * 10, 'C');
  else {
    clearInterval(timer);
    sensor.emit('end');
    try {
      sensor.emit('error', new Error('broken sensor'));
    } catch (error) {
      console.log('unheard:', error.message);
    }
  }
}, 1);
Promise.all(running).then(() => console.log('done', sensor.eventNames()));
