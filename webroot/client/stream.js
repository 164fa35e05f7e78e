import { WeirError } from './errors.js';

/**
 * Events as an async iterable: `for await (const event of orders.events('placed'))`. Events cannot be asked to wait for their
 * reader, so they wait here, at most `limit` of them. What happens then is said by `overflow`: `error` (the default) ends the
 * iteration with the code `too_slow`, after the events that were kept; `drop-oldest` drops, and counts in `dropped`.
 */
export class EventStream {
  dropped = 0;
  #emitter;
  #type;
  #limit;
  #overflow;
  #buffer = [];
  #reader;
  #failure;
  #done = false;
  #signal;

  constructor(emitter, type, { limit = 1024, overflow = 'error', signal } = {}) {
    if (!(limit >= 1)) throw new TypeError(`events: limit is a number from 1, not ${limit}`);
    if (!['error', 'drop-oldest'].includes(overflow)) {
      throw new TypeError(`events: overflow is 'error' or 'drop-oldest', not '${overflow}'`);
    }
    this.#emitter = emitter;
    this.#type = type;
    this.#limit = limit;
    this.#overflow = overflow;
    this.#signal = signal;
    if (signal?.aborted) return void this.#end(signal.reason);
    signal?.addEventListener('abort', this.#aborted, { once: true });
    emitter.on(type, this.#heard);
    emitter.on('error', this.#failed);
  }

  [Symbol.asyncIterator]() {
    return this;
  }

  next() {
    if (this.#reader) return Promise.reject(new WeirError('busy', 'next() was called before the last one was answered'));
    if (this.#buffer.length > 0) return Promise.resolve({ value: this.#buffer.shift(), done: false });
    if (this.#failure !== undefined) return this.#fail();
    if (this.#done) return Promise.resolve({ value: undefined, done: true });
    return new Promise((resolve, reject) => (this.#reader = { resolve, reject }));
  }

  return(value) {
    this.#buffer = [];
    this.#failure = undefined;
    this.#end();
    return Promise.resolve({ value, done: true });
  }

  #fail() {
    const failure = this.#failure;
    this.#failure = undefined;
    return Promise.reject(failure);
  }

  #heard = (data, event) => {
    const reader = this.#takeReader();
    if (reader) return reader.resolve({ value: event, done: false });
    if (this.#buffer.length >= this.#limit) {
      if (this.#overflow === 'error') {
        return this.#end(new WeirError('too_slow', `${this.#limit} events waited for their reader, which is the limit`));
      }
      this.#buffer.shift();
      this.dropped++;
    }
    this.#buffer.push(event);
  };

  #failed = error => this.#end(error);

  #aborted = () => {
    this.#buffer = [];
    this.#end(this.#signal.reason);
  };

  #end(failure) {
    if (this.#done) return;
    this.#done = true;
    this.#failure = failure;
    this.#signal?.removeEventListener('abort', this.#aborted);
    this.#emitter.off(this.#type, this.#heard);
    this.#emitter.off('error', this.#failed);
    const reader = this.#takeReader();
    if (!reader) return;
    if (this.#failure === undefined) reader.resolve({ value: undefined, done: true });
    else this.#fail().catch(reader.reject);
  }

  #takeReader() {
    const reader = this.#reader;
    this.#reader = undefined;
    return reader;
  }
}
