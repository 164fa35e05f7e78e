'use strict';
// events.once and events.on (a promise, an async iterator) over emitters and event targets, and addAbortListener.

const { AbortError, codes } = require('internal/errors');
const { validateAbortSignal, validateFunction, validateInteger } = require('internal/validators');
const { kResistStopPropagation } = require('internal/event_target');

const kWatermarkData = Symbol.for('nodejs.watermarkData');
const AsyncIteratorPrototype = Object.getPrototypeOf(Object.getPrototypeOf(async function* () {}).prototype);
const dispose = Symbol.dispose ?? Symbol.for('Symbol.dispose');
const onceEvenIfStopped = { __proto__: null, once: true, [kResistStopPropagation]: true };

function listen(emitter, name, listener, flags) {
  if (typeof emitter.on === 'function') {
    if (flags?.once) emitter.once(name, listener);
    else emitter.on(name, listener);
  } else if (typeof emitter.addEventListener === 'function') {
    emitter.addEventListener(name, listener, flags);
  } else {
    throw new codes.ERR_INVALID_ARG_TYPE('emitter', 'EventEmitter', emitter);
  }
}

function unlisten(emitter, name, listener, flags) {
  if (typeof emitter.removeListener === 'function') emitter.removeListener(name, listener);
  else if (typeof emitter.removeEventListener === 'function') emitter.removeEventListener(name, listener, flags);
  else throw new codes.ERR_INVALID_ARG_TYPE('emitter', 'EventEmitter', emitter);
}

function addAbortListener(signal, listener) {
  if (signal === undefined) throw new codes.ERR_INVALID_ARG_TYPE('signal', 'AbortSignal', signal);
  validateAbortSignal(signal, 'signal');
  validateFunction(listener, 'listener');
  let remove = () => {};
  if (signal.aborted) {
    queueMicrotask(() => listener());
  } else {
    signal.addEventListener('abort', listener, onceEvenIfStopped);
    remove = () => signal.removeEventListener('abort', listener);
  }
  return {
    __proto__: null,
    [dispose]() {
      remove();
    },
  };
}

const abortedBy = (signal) => new AbortError(undefined, { cause: signal?.reason });

async function once(emitter, name, options = {}) {
  const signal = options?.signal;
  validateAbortSignal(signal, 'options.signal');
  if (signal?.aborted) throw abortedBy(signal);
  return new Promise((resolve, reject) => {
    const onError = (error) => {
      emitter.removeListener(name, onEvent);
      if (signal != null) unlisten(signal, 'abort', onAbort);
      reject(error);
    };
    const onEvent = (...args) => {
      if (typeof emitter.removeListener === 'function') emitter.removeListener('error', onError);
      if (signal != null) unlisten(signal, 'abort', onAbort);
      resolve(args);
    };
    function onAbort() {
      unlisten(emitter, name, onEvent);
      unlisten(emitter, 'error', onError);
      reject(abortedBy(signal));
    }
    listen(emitter, name, onEvent, onceEvenIfStopped);
    if (name !== 'error' && typeof emitter.once === 'function') emitter.once('error', onError);
    if (signal != null) listen(signal, 'abort', onAbort, onceEvenIfStopped);
  });
}

/** A first-in first-out list whose shift costs the same however long it is. */
class Queue {
  #items = [];
  #head = 0;

  get length() {
    return this.#items.length - this.#head;
  }

  push(item) {
    this.#items.push(item);
  }

  shift() {
    const item = this.#items[this.#head];
    this.#items[this.#head++] = undefined;
    if (this.#head > 1024 && this.#head * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
    return item;
  }
}

/** The state of one `on` iterator: events nobody asked for yet, or questions no event answered yet. */
class Arrivals {
  events = new Queue();
  waiting = new Queue();
  listeners = [];
  paused = false;
  finished = false;
  error = null;
  abortListener = undefined;

  constructor(emitter, low, high) {
    this.emitter = emitter;
    this.low = low;
    this.high = high;
  }

  listen(name, handler) {
    listen(this.emitter, name, handler);
    this.listeners.push([name, handler]);
  }

  arrived(value) {
    if (this.waiting.length > 0) {
      this.waiting.shift().resolve({ value, done: false });
      return;
    }
    this.events.push(value);
    if (!this.paused && this.events.length > this.high) {
      this.paused = true;
      this.emitter.pause();
    }
  }

  failed(error) {
    if (this.waiting.length > 0) this.waiting.shift().reject(error);
    else this.error = error;
    this.close();
  }

  next() {
    if (this.events.length > 0) {
      const value = this.events.shift();
      if (this.paused && this.events.length < this.low) {
        this.emitter.resume();
        this.paused = false;
      }
      return Promise.resolve({ value, done: false });
    }
    if (this.error) {
      const { error } = this;
      this.error = null;
      return Promise.reject(error);
    }
    if (this.finished) return this.close();
    return new Promise((resolve, reject) => this.waiting.push({ resolve, reject }));
  }

  close() {
    this.abortListener?.[dispose]();
    while (this.listeners.length > 0) unlisten(this.emitter, ...this.listeners.pop());
    this.finished = true;
    const done = { value: undefined, done: true };
    while (this.waiting.length > 0) this.waiting.shift().resolve(done);
    return Promise.resolve(done);
  }
}

function on(emitter, event, options = {}) {
  const { signal } = options;
  validateAbortSignal(signal, 'options.signal');
  if (signal?.aborted) throw abortedBy(signal);
  const high = options.highWaterMark ?? options.highWatermark ?? Number.MAX_SAFE_INTEGER;
  validateInteger(high, 'options.highWaterMark', 1);
  const low = options.lowWaterMark ?? options.lowWatermark ?? 1;
  validateInteger(low, 'options.lowWaterMark', 1);

  const arrivals = new Arrivals(emitter, low, high);
  const onError = (error) => arrivals.failed(error);
  const iterator = Object.setPrototypeOf(
    {
      next: () => arrivals.next(),
      return: () => arrivals.close(),
      throw(error) {
        if (!(error instanceof Error)) {
          throw new codes.ERR_INVALID_ARG_TYPE('EventEmitter.AsyncIterator', 'Error', error);
        }
        arrivals.failed(error);
      },
      [Symbol.asyncIterator]() {
        return this;
      },
      [kWatermarkData]: {
        get size() { return arrivals.events.length; },
        get low() { return low; },
        get high() { return high; },
        get isPaused() { return arrivals.paused; },
      },
    },
    AsyncIteratorPrototype,
  );
  arrivals.listen(event, (...args) => arrivals.arrived(args));
  if (event !== 'error' && typeof emitter.on === 'function') arrivals.listen('error', onError);
  for (const name of options?.close ?? []) arrivals.listen(name, () => arrivals.close());
  if (signal) arrivals.abortListener = addAbortListener(signal, () => arrivals.failed(abortedBy(signal)));
  return iterator;
}

module.exports = { once, on, addAbortListener };
