import { LOCAL_TYPES } from './codec.js';
import { Emission } from './emission.js';
import { WeirError } from './errors.js';
import { checkType, Listeners } from './listeners.js';
import { EventStream } from './stream.js';

const EMIT_OPTIONS = ['id', 'subject', 'key', 'time', 'deliverAt', 'deliverAfter', 'extensions', 'headers', 'trace', 'timeout'];

/**
 * Node's `EventEmitter` for an address: listeners are local and synchronous, `emit` goes to everyone who listens anywhere. One's own
 * events come back through the server, in order with everyone's.
 */
export class Emitter {
  #address;
  #session;
  #count;
  #listeners;
  #registration;
  #counted = 0;

  /** @param count asks the system how many listen to an address */
  constructor(address, session, count) {
    this.#address = address;
    this.#session = session;
    this.#count = count;
    this.#listeners = new Listeners(this, `'${address}'`);
  }

  get address() {
    return this.#address;
  }

  on(type, listener) {
    return this.#add(type, listener, {});
  }

  addListener(type, listener) {
    return this.#add(type, listener, {});
  }

  prependListener(type, listener) {
    return this.#add(type, listener, { first: true });
  }

  prependOnceListener(type, listener) {
    return this.#add(type, listener, { first: true, once: true });
  }

  /** With a listener as in Node; without one the promise of the next event of that type. */
  once(type, listener) {
    if (typeof listener === 'function') return this.#add(type, listener, { once: true });
    return this.#next(type, listener);
  }

  off(type, listener) {
    this.#listeners.remove(type, listener);
    return this.#changed();
  }

  removeListener(type, listener) {
    return this.off(type, listener);
  }

  removeAllListeners(type) {
    this.#listeners.removeAll(type);
    return this.#changed();
  }

  listenerCount(type, listener) {
    return this.#listeners.count(type, listener);
  }

  eventNames() {
    return this.#listeners.types();
  }

  setMaxListeners(n) {
    this.#listeners.max = n;
    return this;
  }

  getMaxListeners() {
    return this.#listeners.max;
  }

  /** Sends an event to everyone who listens; the promise is that of the server's answer. */
  emit(type, data, ...rest) {
    checkType(type);
    const options = emitOptions(rest);
    const outcome = LOCAL_TYPES.has(type) || type === '*'
      ? Promise.reject(new WeirError('reserved_type', `'${type}' is local to an emitter and never travels; choose another type`))
      : this.#session.publish(this.#address, type, data, options);
    return new Emission((resolve, reject) => outcome.then(resolve, reject)).orElse(error => this.fail(error));
  }

  /** Takes back an event that was emitted for later; rejects with `too_late` when it was delivered, `not_found` when none is known. */
  cancel(id) {
    return this.#session.cancel(this.#address, id);
  }

  /** Events as an async iterable; see EventStream for its options. */
  events(type = '*', options) {
    return new EventStream(this, type, options);
  }

  [Symbol.asyncIterator]() {
    return this.events();
  }

  /** Resolves once the server has confirmed the registration; rejects when it refuses. Needs a listener. */
  ready() {
    if (this.#registration) return this.#registration.ready();
    return Promise.reject(new WeirError('no_listener', `nothing listens to '${this.#address}' here yet: call on() before ready()`));
  }

  /** How many listeners the address has in the whole system. */
  listeners() {
    return this.#count(this.#address);
  }

  /**
   * Who is on the address: watched from the first call on, the same object until it is closed. `key` is by what the server knows a
   * client without a token again, in another tab for one; a secret.
   */
  presence(options = {}) {
    const unknown = Object.keys(options).find(name => name !== 'key');
    if (unknown !== undefined) throw new TypeError(`presence: there is no option '${unknown}'; there is key`);
    return this.#session.presence(this.#address, options);
  }

  // ---- for the session and the connection

  /** An event has come. */
  deliver(event) {
    if (!LOCAL_TYPES.has(event.type) && event.type !== '*') this.#listeners.fire(event.type, event.data, event);
    this.#listeners.fire('*', event.data, event);
    this.#changed();
  }

  /** Something local has happened. */
  tell(type, ...args) {
    this.#listeners.fire(type, ...args);
    this.#changed();
  }

  /** Something has failed that nobody waits for. Never silent: without an `error` listener the console says it. */
  fail(error) {
    if (!this.#listeners.fire('error', error)) console.warn(`weir: '${this.#address}': ${error.code ?? error.name}: ${error.message}`);
    this.#changed();
  }

  // ---- inside

  #add(type, listener, how) {
    this.#listeners.add(type, listener, how);
    return this.#changed();
  }

  #next(type, { signal } = {}) {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const settle = (action, value) => {
        this.off(type, heard).off('error', failed);
        signal?.removeEventListener('abort', aborted);
        action(value);
      };
      const heard = (data, event) => settle(resolve, event ?? data);
      const failed = error => settle(reject, error);
      const aborted = () => settle(reject, signal.reason);
      signal?.addEventListener('abort', aborted);
      this.on(type, heard);
      if (type !== 'error') this.on('error', failed);
    });
  }

  /** Registers with the first listener that needs it, unregisters with the last. A session that counts them is told of each. */
  #changed() {
    const { travelling } = this.#listeners;
    if (travelling !== this.#counted) {
      this.#session.counted?.(this, travelling - this.#counted);
      this.#counted = travelling;
    }
    const needed = travelling > 0;
    if (needed && !this.#registration) this.#registration = this.#session.join(this);
    if (!needed && this.#registration) {
      this.#registration = undefined;
      this.#session.leave(this);
    }
    return this;
  }
}

function emitOptions(rest) {
  const [options = {}] = rest;
  const plain = options !== null && typeof options === 'object' && [Object.prototype, null].includes(Object.getPrototypeOf(options));
  const unknown = plain ? Object.keys(options).find(name => !EMIT_OPTIONS.includes(name)) : undefined;
  if (rest.length <= 1 && plain && unknown === undefined) return options;
  const mend = "emit takes one datum; put several values into one array or object: emit('moved', [x, y])";
  throw new TypeError(unknown === undefined ? mend : `${mend}. Or, if options were meant: '${unknown}' is none of ${EMIT_OPTIONS.join(', ')}`);
}
