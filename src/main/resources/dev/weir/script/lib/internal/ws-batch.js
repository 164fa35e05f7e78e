'use strict';

// A message for many clients is collected while the script calls send() for each of them and goes to Java in one call: the
// message once and the numbers of the sockets. Order per socket holds, because whatever else is done with a socket sends first
// what was collected.

const host = binding('ws');
const MOST = 4096;

const numbers = new Int32Array(MOST);
let due = false;
// The message being handled: a Buffer that nobody changes between two sends. Other Buffers may change, so each goes on its own.
let received;

/** What is collected: `message` is what all of them get while `count` is not 0. `room` says whether one more fits. */
const batch = { message: undefined, binary: false, count: 0, numbers, room: false };

function flush() {
  const many = batch.count;
  if (many === 0) return;
  const { message, binary } = batch;
  batch.count = 0;
  batch.room = false;
  batch.message = undefined;
  if (many === 1) {
    if (typeof message === 'string') host.single(message, null, 0, 0, binary, numbers[0]);
    else host.single(null, message.buffer, message.byteOffset, message.byteLength, binary, numbers[0]);
  } else if (typeof message === 'string') host.broadcast(message, null, 0, 0, binary, numbers.buffer, many);
  else host.broadcast(null, message.buffer, message.byteOffset, message.byteLength, binary, numbers.buffer, many);
}

function flushDue() {
  due = false;
  flush();
}

/** Begins a batch with one socket, or adds one to it. */
function add(data, binary, number) {
  if (batch.count !== 0 && (data !== batch.message || binary !== batch.binary || batch.count === MOST)) flush();
  if (batch.count === 0) {
    batch.message = data;
    batch.binary = binary;
    batch.room = true;
    if (!due) {
      due = true;
      process.nextTick(flushDue);
    }
  }
  numbers[batch.count++] = number;
  if (batch.count === MOST) batch.room = false;
}

module.exports = {
  host,
  batch,
  add,
  flush,
  handling(data) {
    received = data;
  },
  /** Whether `data` stays what it is until the end of this task. */
  steady: (data) => typeof data === 'string' || data === received,
};
