'use strict';
// Weir for verticles: design.md's contract of the emitter over the host's, and what programs made of events always need.

const client = require('internal/weir_client');
const patterns = require('internal/weir_patterns');
const { Emitter } = client('emitter');
const { Emission } = client('emission');
const { WeirError } = client('errors');
const { eventOfJson } = client('codec');
const { Presence } = client('presence');
const { checkSubscription, Rejected, Subscription } = client('subscription');

const native = binding('weir');
const TIMEOUT_MILLIS = 10_000;

/** What the host calls with an outcome. */
function outcome(resolve, reject, read = (result) => result) {
  return (code, message, result, number) => {
    if (code === null) resolve(read(result));
    else reject(new WeirError(code, message, number === 0 ? {} : { failureCode: number }));
  };
}

function asked(call, read) {
  return new Promise((resolve, reject) => call(outcome(resolve, reject, read)));
}

/** One address of this verticle: a place on the bus, from the first listener of any of its emitters to the last. */
class Place {
  #address;
  #host;
  #emitters = new Set();
  #open = false;
  #listeners = 0;

  constructor(address) {
    this.#address = address;
    this.#host = native.emitter(address);
  }

  get host() {
    return this.#host;
  }

  join(emitter) {
    this.#emitters.add(emitter);
    if (!this.#open) {
      this.#open = true;
      this.#host.open(
        (data, event) => this.#heard(data, event),
        (code, message) => this.#each((each) => each.fail(new WeirError(code, message))),
        (type, data) => this.#each((each) => each.tell(type, data)),
      );
    }
  }

  /** The host hears of it a task later: `once` in a loop is one registration, not many. */
  leave(emitter) {
    this.#emitters.delete(emitter);
    setImmediate(() => {
      if (!this.#open || this.#emitters.size > 0) return;
      this.#open = false;
      this.#host.close();
    });
  }

  /** The host counts those beyond the first, for which the place on the bus stands. */
  counted(more) {
    this.#listeners += more;
    this.#host.count(Math.max(0, this.#listeners - 1));
  }

  ready() {
    return asked((done) => this.#host.ready(done));
  }

  #heard(data, event) {
    event.data = data;
    Object.freeze(event);
    this.#each((each) => each.deliver(event));
  }

  #each(action) {
    for (const emitter of [...this.#emitters]) action(emitter);
  }
}

const places = new Map();
function placeOf(address) {
  let place = places.get(address);
  if (place === undefined) places.set(address, (place = new Place(address)));
  return place;
}

const presences = new Map();
function presenceOf(address, { key = `${native.name()}:${native.uuid()}` } = {}) {
  const known = presences.get(address);
  if (known !== undefined) return known;
  let watching;
  let delayed; // why there is no list, beside a node
  const told = (news) => {
    if (news.delayed === undefined) return presence.told(news);
    delayed = Object.assign(new Error(news.message), { code: news.delayed });
    presence.resume();
  };
  const presence = new Presence(address, key, {
    isOpen: () => true,
    async ask(frameTo) {
      const { headers } = frameTo('');
      const mode = headers['weir-presence'];
      const why = delayed;
      delayed = undefined;
      if (mode === 'watch' && why !== undefined) throw why;
      if (mode !== 'none') watching ??= native.presence(address, (news) => told(JSON.parse(news)));
      if (mode === 'join') watching.join(key, headers['weir-presence-data'] ?? null);
      else if (mode === 'watch') watching.leave();
      else watching?.close();
      return { id: mode === 'join' ? key : undefined };
    },
    forget: () => presences.delete(address),
  });
  presences.set(address, presence);
  presence.resume();
  return presence;
}

/** What emitters ask of their verticle, as those of a browser ask it of their connection. */
const session = {
  publish(address, type, data, { timeout = 0, headers, ...attributes }) {
    if (headers !== undefined) throw new TypeError('emit: headers are for frames of a browser; use extensions');
    const sent = asked((done) => placeOf(address).host.emit(type, data, JSON.stringify(attributes), done), JSON.parse);
    return timeout > 0 ? patterns.within(sent, timeout, () => new WeirError('timeout', `no answer in ${timeout} ms`)) : sent;
  },
  cancel: (address, id) => asked((done) => placeOf(address).host.cancel(String(id), done)),
  join(emitter) {
    const place = placeOf(emitter.address);
    place.join(emitter);
    return place;
  },
  leave: (emitter) => placeOf(emitter.address).leave(emitter),
  counted: (emitter, more) => placeOf(emitter.address).counted(more),
  presence: presenceOf,
};

/** The emitter of an address, or of a pattern to hear only. Each call makes one, with listeners of its own. */
function emitter(address) {
  placeOf(checkAddress(address));
  return new Emitter(address, session, (each) => asked((done) => placeOf(each).host.listeners(done)));
}

/** Emits an event without an emitter: `publish('orders', {amount: 12}, {type: 'placed', key: 'customer-7'})`. */
function publish(address, data, { type = 'message', ...options } = {}) {
  const sent = session.publish(checkAddress(address), type, data, options);
  return new Emission((resolve, reject) => sent.then(resolve, reject))
    .orElse((error) => console.warn(`weir: '${address}': ${error.code}: ${error.message}`));
}

/** Asks one of those who answer at an address; the promise is that of the answer's data. */
function request(address, data, { type = 'message', timeout = TIMEOUT_MILLIS, ...attributes } = {}) {
  return asked((done) => placeOf(checkAddress(address)).host.request(type, data, JSON.stringify(attributes), timeout, done));
}

/**
 * Answers requests: `reply('pricing', (data, event) => price)`. What the handler returns, or its promise, is the answer. A WeirError
 * reaches the asker with its code, an error with a `failureCode` with that; anything else is a bug: the asker learns
 * `recipient_failure`, the log the rest.
 */
function reply(address, handler) {
  if (typeof handler !== 'function') throw new TypeError(`reply: the handler is a function, not ${typeof handler}`);
  const host = native.emitter(checkAddress(address));
  host.respond((data, event, answer) => {
    event.data = data;
    new Promise((resolve) => resolve(handler(data, Object.freeze(event)))).then(
      (result) => answer.succeed(result),
      (error) => refuse(address, error, answer),
    );
  });
  return {
    address,
    ready: () => asked((done) => host.ready(done)),
    close: () => asked((done) => host.end(done)),
  };
}

function refuse(address, error, answer) {
  const meant = error instanceof WeirError || Number.isInteger(error?.failureCode);
  if (!meant) console.error(`weir: who answers at '${address}' failed:`, error);
  answer.fail(error instanceof WeirError ? error.code : null, error?.failureCode ?? 0, String(error?.message ?? error));
}

/** A consumer of a subscription: `subscription('billing', {concurrency: 4}).consume(async (data, delivery) => ...)`. */
function subscription(name, options = {}) {
  const concurrency = checkSubscription(name, options);
  return new Subscription(name, concurrency, {
    isOpen: () => true,
    renew() {},
    forget() {},
    ask(frameTo) {
      const pull = native.uuid();
      const { body } = frameTo(pull);
      if (body.op === 'pull') {
        return asked((done) => native.pull(name, pull, body.max, 20_000, done), (text) => ({ deliveries: JSON.parse(text) }));
      }
      if (body.op === 'cancel') return asked((done) => native.cancelPull(name, body.pull, done));
      const items = body.items.map((item) => ({ ...item, delay: item.delay === undefined ? undefined : Number.parseInt(item.delay, 10) }));
      return asked((done) => native.settle(name, JSON.stringify(items), done), (text) => ({ results: JSON.parse(text) }));
    },
  });
}

const journal = {
  /**
   * What an address keeps: `{epoch, from, to, head, next, events}`. `since` is a position (`next` of the page before), exclusive; without
   * it from the oldest that is there.
   */
  read(address, { since, limit = 1000 } = {}) {
    return asked((done) => native.read(checkAddress(address), since ?? null, limit, done), (text) => {
      const page = JSON.parse(text);
      page.next = `${page.epoch}:${page.to}`;
      page.events = page.events.map((event) => eventOfJson(event, address));
      return page;
    });
  },

  /** All of it, as it is now: `for await (const event of journal.events('orders'))`. */
  async *events(address, { since, limit } = {}) {
    let page = await journal.read(address, { since, limit });
    yield* page.events;
    while (page.to < page.head) {
      page = await journal.read(address, { since: page.next, limit });
      yield* page.events;
    }
  },
};

const log = Object.fromEntries(
  ['debug', 'info', 'warn', 'error'].map((level) => [level, (...words) => native.log(level, require('util').format(...words))]),
);

function checkAddress(address) {
  if (typeof address === 'string') return address;
  throw new TypeError(`an address is a string such as 'orders.eu', not ${address === null ? 'null' : typeof address}`);
}

let config;
let State;
module.exports = {
  emitter,
  publish,
  request,
  reply,
  subscription,
  journal,
  /** Values by key that are kept, on an address with `keep: latest`. */
  state(address) {
    State ??= require('internal/weir_state')(emitter, journal, WeirError);
    return new State(checkAddress(address));
  },
  /** The verticle's configuration. */
  get config() {
    return (config ??= JSON.parse(native.config()));
  },
  log,
  Rejected,
  WeirError,
  aggregator: patterns.aggregator,
  buffer: patterns.buffer,
  breaker: patterns.breaker,
  retry: patterns.retry,
  safeEmit: patterns.safeEmit,
  tracer: patterns.tracer,
  monitor: patterns.monitor,
};
