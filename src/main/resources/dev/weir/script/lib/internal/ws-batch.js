'use strict';

// A message for many clients is collected while the script calls send() for each of them and goes to Java in one call: the
// message once and the numbers of the sockets. Order per socket holds, because whatever else is done with a socket sends first
// what was collected.

const host = binding('ws');
const MOST = 4096;

const numbers = new Int32Array(MOST);
let count = 0;
let message;
let isBinary = false;
let due = false;
// The message being handled: a Buffer that nobody changes between two sends. Other Buffers may change, so each goes on its own.
let received;

function flush() {
  if (count === 0) return;
  const sent = message;
  const many = count;
  count = 0;
  message = undefined;
  if (many === 1) {
    if (typeof sent === 'string') host.single(sent, null, 0, 0, isBinary, numbers[0]);
    else host.single(null, sent.buffer, sent.byteOffset, sent.byteLength, isBinary, numbers[0]);
  } else if (typeof sent === 'string') host.broadcast(sent, null, 0, 0, isBinary, numbers.buffer, many);
  else host.broadcast(null, sent.buffer, sent.byteOffset, sent.byteLength, isBinary, numbers.buffer, many);
}

function flushDue() {
  due = false;
  flush();
}

/** Adds a socket to those that get `data`. */
function add(data, binary, number) {
  if (count !== 0 && (data !== message || binary !== isBinary || count === MOST)) flush();
  if (count === 0) {
    message = data;
    isBinary = binary;
    if (!due) {
      due = true;
      process.nextTick(flushDue);
    }
  }
  numbers[count++] = number;
}

module.exports = {
  host,
  add,
  flush,
  handling(data) {
    received = data;
  },
  /** Whether `data` stays what it is until the end of this task. */
  steady: (data) => typeof data === 'string' || data === received,
};
