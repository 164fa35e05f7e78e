// Async listeners that fail.
const { EventEmitter } = require('events');

const jobs = new EventEmitter({ captureRejections: true });
jobs.on('job', async (n) => {
  await null;
  if (n % 2) throw new Error(`job ${n} failed`);
  console.log('job', n, 'done');
});
jobs.on('error', (error) => console.log('error event:', error.message));
for (let i = 0; i < 4; i++) jobs.emit('job', i);

class Careful extends EventEmitter {
  [Symbol.for('nodejs.rejection')](error, type, ...args) {
    console.log('rejected', error.message, 'in', type, 'with', args);
  }
}
const careful = new Careful({ captureRejections: true });
careful.on('work', async () => { throw new TypeError('no'); });
careful.emit('work', { id: 7 }, 'x');
console.log('emitted');
