'use strict';
// Values by key that outlive their verticle. They are events of an address with `keep: latest`: the newest of each key is the value,
// one without data deletes it. So there is nothing new to operate, every node and instance sees the same, and who may look is
// said by the address's policy.

const EventEmitter = require('events');

module.exports = (emitterOf, journal, WeirError) =>
  class State extends EventEmitter {
    #address;
    #values = new Map();
    #offsets = new Map();
    #waiting = new Map();
    #emitter;
    #ready;

    constructor(address) {
      super();
      this.#address = address;
      this.#emitter = emitterOf(address);
      this.#emitter.on('*', (data, event) => this.#apply(event));
      this.#emitter.on('recovered', () => (this.#ready = this.#load()));
      this.#emitter.on('error', (error) => this.listenerCount('error') > 0 && this.emit('error', error));
      this.#ready = this.#emitter.ready().then(() => this.#load());
      this.#ready.catch(() => {}); // whoever calls ready() hears of it
    }

    /** Resolves once all values are here. */
    ready() {
      return this.#ready.then(() => this);
    }

    get(key) {
      return this.#values.get(key);
    }

    has(key) {
      return this.#values.has(key);
    }

    keys() {
      return this.#values.keys();
    }

    entries() {
      return this.#values.entries();
    }

    [Symbol.iterator]() {
      return this.#values.entries();
    }

    get size() {
      return this.#values.size;
    }

    /** Keeps a value; resolves once it is durable and get() gives it, or a later one, here. */
    async set(key, value) {
      if (typeof key !== 'string' || key === '') throw new TypeError(`a key of a state is a string that is not empty, not ${typeof key}`);
      if (value === undefined || value === null) throw new TypeError(`a value of a state is not ${value}: use delete('${key}')`);
      await this.#put('set', key, value);
      return this;
    }

    /** Deletes a key; resolves as set() does. */
    async delete(key) {
      const had = this.#values.has(key);
      await this.#put('deleted', key, null);
      return had;
    }

    /** Follows no more. */
    close() {
      this.#emitter.removeAllListeners();
      for (const { reject } of this.#waiting.values()) reject(new WeirError('closed', `the state '${this.#address}' was closed`));
      this.#waiting.clear();
      this.#values.clear();
    }

    async #put(type, key, value) {
      await this.#ready;
      const { offset } = await this.#emitter.emit(type, value, { key });
      if (offset === undefined) {
        throw new WeirError('unknown_address', `'${this.#address}' keeps nothing: its policy needs keep: latest`);
      }
      if ((this.#offsets.get(key) ?? 0) < offset) await new Promise((resolve, reject) => this.#waiting.set(`${key}\n${offset}`, { resolve, reject }));
    }

    async #load() {
      const known = new Set();
      for await (const event of journal.events(this.#address)) {
        known.add(event.subject);
        this.#apply(event);
      }
    }

    #apply({ subject: key, data: value, offset }) {
      if (key === undefined || offset <= (this.#offsets.get(key) ?? 0)) return;
      const before = this.#values.get(key);
      this.#offsets.set(key, offset);
      if (value === null || value === undefined) this.#values.delete(key);
      else this.#values.set(key, value);
      for (const [waited, { resolve }] of this.#waiting) {
        const end = waited.lastIndexOf('\n');
        if (waited.slice(0, end) === key && Number(waited.slice(end + 1)) <= offset) {
          this.#waiting.delete(waited);
          resolve();
        }
      }
      this.emit('change', key, value ?? undefined, before);
    }
  };
