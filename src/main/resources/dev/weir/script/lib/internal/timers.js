'use strict';
// Node's timers: one list per duration, lists by the time their first one is due, so that the order is Node's. The host has one
// timer for all, armed for the earliest list; it then steps through what is due, one callback per step, so that ticks and
// promise jobs run between any two.

const loop = binding('loop');
const { invalidType } = loop;
const now = () => loop.millis();
const TIMEOUT_MAX = 2 ** 31 - 1;

const lists = new Map(); // by duration
let queue = []; // the lists, by expiry, then by age
let listIds = 0;
let armedFor = Infinity;
let referenced = 0; // timers and immediates that keep a program running
let timerIds = 1;
const known = new Map(); // timers whose primitive was asked for

function count(by) {
  const before = referenced;
  referenced += by;
  if (before === 0) loop.alive(true);
  else if (referenced === 0) loop.alive(false);
}

function sortQueue() {
  queue.sort((a, b) => a.expiry - b.expiry || a.id - b.id);
}

function arm() {
  const next = queue.length === 0 ? Infinity : queue[0].expiry;
  if (next < armedFor) {
    armedFor = next;
    loop.arm(Math.max(1, next - now()));
  }
}

function insert(timer, start) {
  const duration = timer._idleTimeout;
  timer._idleStart = start;
  let list = lists.get(duration);
  if (list === undefined) {
    list = { duration, expiry: start + duration, id: listIds++, timers: new Set() };
    lists.set(duration, list);
    queue.push(list);
    sortQueue();
  }
  list.timers.add(timer);
  timer._list = list;
  if (!stepping) arm();
}

function unlink(timer) {
  const list = timer._list;
  if (list === null) return;
  timer._list = null;
  list.timers.delete(timer);
  if (list.timers.size === 0 && list !== current) drop(list);
}

function drop(list) {
  lists.delete(list.duration);
  queue = queue.filter((each) => each !== list);
}

class Timeout {
  constructor(callback, after, args, repeats) {
    let duration = after * 1;
    if (!(duration >= 1 && duration <= TIMEOUT_MAX)) {
      if (duration > TIMEOUT_MAX) {
        process.emitWarning(`${duration} does not fit into a 32-bit signed integer.\nTimeout duration was set to 1.`, 'TimeoutOverflowWarning');
      }
      duration = 1;
    }
    this._idleTimeout = Math.trunc(duration);
    this._idleStart = null;
    this._onTimeout = loop.carry(callback);
    this._timerArgs = args;
    this._repeat = repeats ? this._idleTimeout : null;
    this._destroyed = false;
    this._list = null;
    this._refed = true;
    Object.defineProperty(this, '_list', { enumerable: false });
    count(1);
    insert(this, now());
  }
  ref() {
    if (!this._refed && !this._destroyed) count(1);
    this._refed = true;
    return this;
  }
  unref() {
    if (this._refed && !this._destroyed) count(-1);
    this._refed = false;
    return this;
  }
  hasRef() {
    return this._refed;
  }
  refresh() {
    if (this._destroyed && this._onTimeout === null) return this;
    unlink(this);
    if (this._destroyed) {
      this._destroyed = false;
      if (this._refed) count(1);
    }
    insert(this, now());
    return this;
  }
  close() {
    destroy(this);
    this._onTimeout = null;
    return this;
  }
  [Symbol.toPrimitive]() {
    this._id ??= timerIds++;
    if (!this._destroyed) known.set(this._id, this);
    return this._id;
  }
  [Symbol.dispose ?? Symbol('dispose')]() {
    this.close();
  }
}

function destroy(timer) {
  if (timer._destroyed) return;
  timer._destroyed = true;
  unlink(timer);
  if (timer._refed) count(-1);
  if (timer._id !== undefined) known.delete(timer._id);
}

// ---- what is due ---------------------------------------------------------------------------------------------------------
let stepping = false;
let current = null; // the list being run
let time = 0;

function begin() {
  armedFor = Infinity;
  stepping = true;
  current = null;
  time = now();
}

// Runs the next one that is due; false when there is none.
function step() {
  for (;;) {
    if (current === null && !nextList()) return finish();
    const timer = current.timers.values().next().value;
    if (timer === undefined) {
      drop(current);
      current = null;
    } else if (time - timer._idleStart < timer._idleTimeout) {
      current.expiry = Math.max(timer._idleStart + timer._idleTimeout, time + 1);
      current.id = listIds++;
      sortQueue();
      current = null;
    } else {
      loop.step(() => fire(timer));
      return true;
    }
  }
}

function nextList() {
  if (queue.length === 0 || queue[0].expiry > time) return false;
  current = queue[0];
  return true;
}

function finish() {
  stepping = false;
  arm();
  return false;
}

function fire(timer) {
  const list = timer._list;
  timer._list = null;
  list.timers.delete(timer);
  const start = timer._repeat === null ? 0 : now();
  try {
    const args = timer._timerArgs;
    if (args === undefined) timer._onTimeout();
    else timer._onTimeout(...args);
  } finally {
    if (!timer._destroyed && timer._list === null) {
      if (timer._repeat !== null) {
        timer._idleTimeout = timer._repeat;
        insert(timer, start);
      } else {
        destroy(timer);
      }
    }
  }
}

// ---- immediates ------------------------------------------------------------------------------------------------------------
let immediates = new Set();
let running = new Set();

class Immediate {
  constructor(callback, args) {
    this._onImmediate = loop.carry(callback);
    this._argv = args;
    this._destroyed = false;
    this._refed = true;
    count(1);
    if (immediates.size === 0) loop.immediates();
    immediates.add(this);
  }
  ref() {
    if (!this._refed && !this._destroyed) count(1);
    this._refed = true;
    return this;
  }
  unref() {
    if (this._refed && !this._destroyed) count(-1);
    this._refed = false;
    return this;
  }
  hasRef() {
    return this._refed;
  }
}

function dispose(immediate) {
  if (immediate._destroyed) return;
  immediate._destroyed = true;
  immediate._onImmediate = null;
  immediates.delete(immediate);
  running.delete(immediate);
  if (immediate._refed) count(-1);
}

function beginImmediates() {
  for (const each of immediates) running.add(each);
  immediates = new Set();
}

function stepImmediate() {
  const immediate = running.values().next().value;
  if (immediate === undefined) return false;
  loop.step(() => {
    const callback = immediate._onImmediate;
    running.delete(immediate);
    try {
      callback.apply(immediate, immediate._argv);
    } finally {
      dispose(immediate);
    }
  });
  return true;
}

// ---- the functions ---------------------------------------------------------------------------------------------------------
function check(callback) {
  if (typeof callback !== 'function') throw invalidType('callback', 'of type function', callback);
}

function setTimeout(callback, after, ...args) {
  check(callback);
  return new Timeout(callback, after, args.length === 0 ? undefined : args, false);
}

function setInterval(callback, after, ...args) {
  check(callback);
  return new Timeout(callback, after, args.length === 0 ? undefined : args, true);
}

function setImmediate(callback, ...args) {
  check(callback);
  return new Immediate(callback, args);
}

function clearTimeout(timer) {
  if (timer instanceof Timeout) {
    timer.close();
  } else if (typeof timer === 'number' || typeof timer === 'string') {
    known.get(Number(timer))?.close();
  }
}

function clearImmediate(immediate) {
  if (immediate instanceof Immediate) dispose(immediate);
}

for (const [call, name] of [[setTimeout, 'setTimeout'], [setImmediate, 'setImmediate']]) {
  Object.defineProperty(call, Symbol.for('nodejs.util.promisify.custom'), {
    enumerable: true,
    get: () => require('timers/promises')[name],
  });
}

module.exports = {
  begin,
  step,
  beginImmediates,
  stepImmediate,
  Timeout,
  Immediate,
  setTimeout,
  setInterval,
  setImmediate,
  clearTimeout,
  clearInterval: clearTimeout,
  clearImmediate,
};
