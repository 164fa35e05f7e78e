import { eventOfJson, requestFrame } from './codec.js';
import { WeirError } from './errors.js';
import { Listeners } from './listeners.js';

const PREFIX = 'weir.subscription.';
const WAIT_SECONDS = 20;
const ANSWER_MILLIS = 10_000;
const AGAIN_MILLIS = 1000;
const MOST_CONCURRENT = 100;

/** What a handler throws when the event can never be processed: it becomes a dead letter at once. */
export class Rejected extends Error {
  constructor(reason) {
    super(reason);
    this.name = 'Rejected';
  }
}

/** An event to work on, settled once: by what its handler does, or earlier by one of these methods. */
class Delivery {
  #settle;
  #settled = false;

  constructor({ id, attempt, event }, settle) {
    this.#settle = settle;
    this.id = id;
    this.attempt = attempt;
    this.event = eventOfJson(event, id.slice(0, id.indexOf('/')));
    Object.freeze(this);
  }

  get data() {
    return this.event.data;
  }

  get settled() {
    return this.#settled;
  }

  /** It is done. */
  ack() {
    return this.#end({ outcome: 'ack' });
  }

  /** It failed and is tried again, after `delay` milliseconds or as the subscription says. */
  nack({ delay, error } = {}) {
    return this.#end({ outcome: 'nack', delay: millis(delay), error });
  }

  /** It can never be processed. */
  reject(reason = 'rejected') {
    return this.#end({ outcome: 'reject', error: reason });
  }

  /** It needs so many milliseconds from now, the ack wait of the subscription when left out. */
  extend(time) {
    return this.#settle({ id: this.id, outcome: 'extend', delay: millis(time) });
  }

  #end(outcome) {
    this.#settled = true;
    return this.#settle({ id: this.id, ...outcome });
  }
}

/**
 * A consumer of a subscription: takes deliveries, some at once, and settles each by how its handler ends. Several consumers share the
 * work, wherever they are. What a lost connection interrupts comes again, here or elsewhere.
 */
export class Subscription {
  #name;
  #link;
  #concurrency;
  #listeners;
  #handler;
  #pull;
  #busy = 0;
  #closed = false;
  #again;
  #idle = [];

  /** @param link `{isOpen(), ask(frameTo, options), renew(), forget(subscription)}` */
  constructor(name, concurrency, link) {
    this.#name = name;
    this.#concurrency = concurrency;
    this.#link = link;
    this.#listeners = new Listeners(this, `the subscription '${name}'`);
  }

  get name() {
    return this.#name;
  }

  on(type, listener) {
    this.#listeners.add(type, listener);
    return this;
  }

  off(type, listener) {
    this.#listeners.remove(type, listener);
    return this;
  }

  /** Begins to take deliveries: `(data, delivery) => ...`. What it returns is awaited and acknowledges, what it throws is tried again. */
  consume(handler) {
    if (typeof handler !== 'function') throw new TypeError(`a handler is a function, not ${typeof handler}`);
    if (this.#closed) throw new WeirError('closed', `the subscription '${this.#name}' was closed here`);
    this.#handler = handler;
    this.resume();
    return this;
  }

  /** Takes no more; resolves once what is being worked on is settled. */
  close() {
    const pull = this.#pull;
    if (!this.#closed && pull && this.#link.isOpen()) this.#request({ op: 'cancel', pull: pull.reply }).catch(() => {}); // it ends by itself
    this.#closed = true;
    clearTimeout(this.#again);
    return new Promise(resolve => {
      this.#idle.push(resolve);
      this.#settleIdle();
    });
  }

  // ---- for the session

  /** There is a connection. */
  resume() {
    clearTimeout(this.#again);
    if (this.#closed || !this.#handler || this.#pull || this.#busy >= this.#concurrency || !this.#link.isOpen()) return;
    const pull = (this.#pull = {});
    const asked = { op: 'pull', max: this.#concurrency - this.#busy, wait: `${WAIT_SECONDS}s` };
    this.#request(asked, WAIT_SECONDS * 1000 + ANSWER_MILLIS, reply => (pull.reply = reply)).then(
      ({ deliveries }) => this.#pulled(deliveries),
      error => this.#failed(error),
    );
  }

  /** The connection is closed for good. */
  end() {
    this.#closed = true;
    clearTimeout(this.#again);
  }

  // ---- inside

  #request(body, timeout = ANSWER_MILLIS, named = () => {}) {
    const frame = reply => {
      named(reply);
      return requestFrame(PREFIX + this.#name, body, {}, reply);
    };
    return this.#link.ask(frame, { timeout });
  }

  #pulled(deliveries) {
    this.#pull = undefined;
    for (const each of deliveries) {
      if (this.#closed) this.#settle({ id: each.id, outcome: 'nack', delay: '0s', error: 'the consumer closed' }).catch(() => {}); // the ack wait ends
      else this.#work(each);
    }
    this.resume();
    this.#settleIdle();
  }

  async #work(raw) {
    this.#busy++;
    try {
      const delivery = new Delivery(raw, item => this.#settle(item));
      await this.#settled(delivery, await this.#outcome(delivery));
    } catch (error) {
      this.#report(error); // it was not settled and comes again
    }
    this.#busy--;
    this.resume();
    this.#settleIdle();
  }

  /** Runs the handler; undefined when it went well. */
  async #outcome(delivery) {
    try {
      await this.#handler(delivery.data, delivery);
      return undefined;
    } catch (error) {
      return { error };
    }
  }

  #settled(delivery, failed) {
    if (delivery.settled) {
      if (failed) this.#report(failed.error);
      return undefined;
    }
    if (!failed) return delivery.ack();
    const { error } = failed;
    return error instanceof Rejected ? delivery.reject(error.message) : delivery.nack({ error: String(error?.message ?? error) });
  }

  async #settle(item) {
    const { results } = await this.#request({ op: 'settle', items: [item] });
    return results[0];
  }

  #failed(error) {
    this.#pull = undefined;
    this.#settleIdle();
    if (this.#closed || !this.#link.isOpen()) return; // asked again with the next connection
    if (error.retryable) return this.#later();
    if (error.code !== 'not_logged_in' && error.code !== 'auth_error') return this.#stop(error);
    this.#link.renew().then(renewed => (renewed ? this.#later() : this.#stop(error)), () => this.#stop(error));
  }

  #later() {
    this.#again = setTimeout(() => this.resume(), AGAIN_MILLIS * (0.5 + Math.random()));
  }

  /** Asking again would not help; who mends it calls `consume` again. */
  #stop(error) {
    this.#handler = undefined;
    this.#report(error);
  }

  #settleIdle() {
    if (!this.#closed || this.#busy > 0 || this.#pull) return;
    this.#link.forget(this);
    this.#idle.splice(0).forEach(resolve => resolve());
  }

  #report(error) {
    if (!this.#listeners.fire('error', error)) console.warn(`weir: subscription '${this.#name}': ${error?.code ?? error?.name}: ${error?.message}`);
  }
}

/** What `connection.subscription` was given, checked. */
export function checkSubscription(name, options) {
  if (typeof name !== 'string' || !/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/.test(name)) {
    throw new TypeError(`a subscription's name has 1 to 64 letters, digits, - and _, not ${JSON.stringify(name)}`);
  }
  const unknown = Object.keys(options).find(each => each !== 'concurrency');
  if (unknown !== undefined) throw new TypeError(`subscription: there is no option '${unknown}'; there is concurrency`);
  const { concurrency = 1 } = options;
  if (Number.isInteger(concurrency) && concurrency >= 1 && concurrency <= MOST_CONCURRENT) return concurrency;
  throw new TypeError(`concurrency is a whole number from 1 to ${MOST_CONCURRENT}, not ${concurrency}`);
}

function millis(time) {
  return time === undefined ? undefined : `${Math.max(0, Math.round(time))}ms`;
}
