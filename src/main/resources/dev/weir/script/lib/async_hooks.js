'use strict';
// AsyncLocalStorage and AsyncResource. A frame has the stores of all storages and never changes. The engine keeps one and hands it on to
// what follows a promise; what calls back otherwise is made to by `loop.carry`, from the first store on.

const frames = binding('async');
const loop = binding('loop');
const { codes } = require('internal/errors');
const { validateFunction, validateString } = require('internal/validators');

const ROOT = new Map();
const frame = () => frames.get() ?? ROOT;

/** Runs work with a frame. */
function within(next, work, self, args) {
  const before = frame();
  frames.set(next);
  try {
    return Reflect.apply(work, self, args);
  } finally {
    frames.set(before);
  }
}

/** A function that runs in the frame in which this was called. */
function carry(work) {
  const here = frame();
  return function (...args) {
    return within(here, work, this, args);
  };
}

let tracks = false;
function track() {
  if (tracks) return;
  tracks = true;
  loop.track(carry, () => frames.set(ROOT));
}

function having(storage, store) {
  track();
  return new Map(frame()).set(storage, store);
}

class AsyncLocalStorage {
  #enabled = false;

  static bind(work) {
    return AsyncResource.bind(work);
  }

  static snapshot() {
    const here = frame();
    return (work, ...args) => within(here, work, undefined, args);
  }

  run(store, work, ...args) {
    this.#enabled = true;
    return within(having(this, store), work, null, args);
  }

  exit(work, ...args) {
    if (!this.#enabled) return Reflect.apply(work, null, args);
    this.disable();
    try {
      return within(having(this, undefined), work, null, args);
    } finally {
      this.#enabled = true;
    }
  }

  enterWith(store) {
    this.#enabled = true;
    frames.set(having(this, store));
  }

  getStore() {
    return this.#enabled ? frame().get(this) : undefined;
  }

  disable() {
    this.#enabled = false;
  }
}

let ids = 1;

class AsyncResource {
  #frame = frame();
  #id = ++ids;
  #trigger;

  constructor(type, options = {}) {
    validateString(type, 'type');
    const trigger = typeof options === 'number' ? options : options.triggerAsyncId ?? 1;
    if (!Number.isSafeInteger(trigger) || trigger < -1) throw new codes.ERR_INVALID_ASYNC_ID('triggerAsyncId', trigger);
    this.#trigger = trigger;
  }

  static bind(work, type, self) {
    validateFunction(work, 'fn');
    return new AsyncResource(type || work.name || 'bound-anonymous-fn').bind(work, self);
  }

  runInAsyncScope(work, self, ...args) {
    return within(this.#frame, work, self, args);
  }

  bind(work, self) {
    validateFunction(work, 'fn');
    const resource = this;
    const bound = self === undefined
      ? function (...args) {
        return resource.runInAsyncScope(work, this, ...args);
      }
      : (...args) => resource.runInAsyncScope(work, self, ...args);
    return Object.defineProperty(bound, 'length', { configurable: true, enumerable: false, value: work.length, writable: false });
  }

  emitDestroy() {
    return this;
  }

  asyncId() {
    return this.#id;
  }

  triggerAsyncId() {
    return this.#trigger;
  }
}

module.exports = { AsyncLocalStorage, AsyncResource };
