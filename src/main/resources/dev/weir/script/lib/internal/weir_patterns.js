'use strict';
// What programs made of events always need, as dev.weir.emitter has it for Java: on any EventEmitter, Weir's or Node's.

const EventEmitter = require('events');

const UNITS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Milliseconds of a number or of a text such as '30s'. */
function millis(what, value) {
  if (typeof value === 'number' && value >= 0) return value;
  const [, number, unit] = /^(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)$/.exec(String(value)) ?? [];
  if (number !== undefined) return Number(number) * UNITS[unit];
  throw new TypeError(`${what} is milliseconds or a text such as '30s', not ${String(value)}`);
}

function options(what, given, known) {
  const unknown = Object.keys(given).find((name) => !(name in known));
  if (unknown !== undefined) throw new TypeError(`${what}: there is no option '${unknown}'; there are ${Object.keys(known).join(', ')}`);
  return { ...known, ...given };
}

function within(promise, time, error) {
  let timer;
  const late = new Promise((resolve, reject) => (timer = setTimeout(() => reject(error()), time)));
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

function timeoutError(message) {
  const error = new Error(message);
  error.code = 'timeout';
  return error;
}

// ---- several events as one -------------------------------------------------------------------------------------------------

/**
 * Waits for events that belong together: `complete` with `{key, by, whole, events}` when all types have come, when `until(events)` holds,
 * or `within` milliseconds after the first, with what is there. `by` is all, condition, timeout, full or closed.
 */
class Aggregator extends EventEmitter {
  #how;
  #open = new Map();
  #leaving = [];

  constructor(how) {
    super();
    this.#how = options('aggregator', how, {
      all: [], until: undefined, within: undefined, by: (event) => event.subject, atMost: 10_000,
    });
    const { all, until } = this.#how;
    if (all.length === 0 && until === undefined && this.#how.within === undefined) {
      throw new TypeError('aggregator: say when it is complete: all, until or within');
    }
  }

  /** How many keys wait. */
  get open() {
    return this.#open.size;
  }

  /** Takes the events of an emitter: those of `all`, or of the types that are named. */
  listen(emitter, ...types) {
    const heard = types.length > 0 ? types : this.#how.all.length > 0 ? this.#how.all : ['*'];
    for (const type of heard) {
      const listener = (data, event) => this.add(event?.type === undefined ? { type, data, subject: event?.subject } : event);
      emitter.on(type, listener);
      this.#leaving.push(() => emitter.off(type, listener));
    }
    return this;
  }

  /** Takes an event: `{type, data, subject}`. */
  add(event) {
    const key = this.#how.by(event) ?? '';
    let gathered = this.#open.get(key);
    if (gathered === undefined) {
      if (this.#open.size >= this.#how.atMost) this.#complete(this.#open.keys().next().value, 'full');
      this.#open.set(key, (gathered = { events: [], timer: this.#timer(key) }));
    }
    gathered.events.push(event);
    const { all, until } = this.#how;
    if (all.length > 0 && all.every((type) => gathered.events.some((each) => each.type === type))) this.#complete(key, 'all');
    else if (until?.(gathered.events)) this.#complete(key, 'condition');
  }

  /** Leaves the emitters and hands on what is there. */
  close() {
    this.#leaving.splice(0).forEach((leave) => leave());
    for (const key of [...this.#open.keys()]) this.#complete(key, 'closed');
  }

  #timer(key) {
    const time = this.#how.within;
    return time === undefined ? undefined : setTimeout(() => this.#complete(key, 'timeout'), millis('within', time));
  }

  #complete(key, by) {
    const gathered = this.#open.get(key);
    if (gathered === undefined) return;
    this.#open.delete(key);
    clearTimeout(gathered.timer);
    this.emit('complete', { key, by, whole: by === 'all' || by === 'condition', events: gathered.events });
  }
}

// ---- many as one batch -----------------------------------------------------------------------------------------------------

/**
 * Gathers what comes quickly: `receive({items, by})` after a `pause`, at a `size`, or when the first has waited for `longest`. One batch
 * after another. `add` gives the promise of its batch; a batch that fails is an `error` for who listens, else said on the console.
 */
class Batches extends EventEmitter {
  #how;
  #receive;
  #items = [];
  #outcome = deferred();
  #last = Promise.resolve();
  #timer;
  #longest;
  #waiting = 0;
  #closed = false;

  constructor(how, receive) {
    super();
    const { pause, size, longest } = options('buffer', how, { pause: 100, size: 1000, longest: 1000 });
    if (typeof receive !== 'function') throw new TypeError(`buffer: who receives batches is a function, not ${typeof receive}`);
    if (!Number.isInteger(size) || size < 1) throw new TypeError(`buffer: size is a whole number from 1, not ${size}`);
    this.#how = { pause: millis('pause', pause), size, longest: millis('longest', longest) };
    this.#receive = receive;
  }

  /** How many items were not dealt with yet. */
  get size() {
    return this.#waiting;
  }

  add(item) {
    if (this.#closed) return Promise.reject(new Error('the buffer was closed'));
    this.#items.push(item);
    this.#waiting++;
    const { promise } = this.#outcome;
    if (this.#items.length >= this.#how.size) {
      this.#cut('size');
    } else {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#cut('pause'), this.#how.pause);
      this.#longest ??= setTimeout(() => this.#cut('longest'), this.#how.longest);
    }
    return promise;
  }

  /** Hands on what is there; resolves once all batches so far were dealt with, well or not. */
  flush() {
    this.#cut('asked');
    return this.#last;
  }

  /** As flush, and takes nothing more. */
  close() {
    this.#closed = true;
    this.#cut('closed');
    return this.#last;
  }

  #cut(by) {
    clearTimeout(this.#timer);
    clearTimeout(this.#longest);
    this.#longest = undefined;
    if (this.#items.length === 0) return;
    const items = this.#items;
    const { promise, resolve, reject } = this.#outcome;
    this.#items = [];
    this.#outcome = deferred();
    promise.catch(() => {}); // a failure is said below, whether or not somebody waits for it
    this.#last = this.#last
      .then(() => this.#receive({ items, by }))
      .then(
        () => resolve(),
        (error) => {
          reject(error);
          if (this.listenerCount('error') > 0) this.emit('error', error, items);
          else console.error(`a batch of ${items.length} items was not dealt with:`, error);
        },
      )
      .finally(() => (this.#waiting -= items.length));
  }
}

function deferred() {
  const made = {};
  made.promise = new Promise((resolve, reject) => Object.assign(made, { resolve, reject }));
  return made;
}

// ---- calling what may fail -------------------------------------------------------------------------------------------------

/**
 * The function behind a circuit breaker (Nygard, Release It!): closed, it calls; when a share `failures` of the last `of` calls failed it
 * is open and rejects with the code `open` for `pause`; then, half-open, `probes` calls decide. `within` is how long a call may take.
 * The function has `state` and `on('transition', ({from, to}) => ...)`.
 */
function breaker(action, how = {}) {
  const { name, failures, of, pause, probes, within: patience, counts } = options('breaker', how, {
    name: action.name || 'breaker', failures: 0.5, of: 20, pause: 10_000, probes: 3, within: undefined, counts: () => true,
  });
  if (!(failures > 0 && failures <= 1) || !(of >= 1) || !(probes >= 1)) {
    throw new TypeError('breaker: failures is above 0 and at most 1, of and probes are from 1');
  }
  const limit = (calls) => Math.max(1, Math.ceil(failures * calls - 1e-9));
  const news = new EventEmitter();
  let phase = { state: 'closed', ring: [] };

  function become(next) {
    const change = { name, from: phase.state, to: next.state };
    phase = next;
    news.emit('transition', change);
  }

  function enter() {
    if (phase.state === 'open') {
      if (performance.now() < phase.until) return undefined;
      become({ state: 'half-open', given: 0, calls: 0, failed: 0 });
    }
    if (phase.state === 'half-open' && phase.given++ >= probes) return undefined;
    return phase;
  }

  function record(given, failed) {
    if (given !== phase) return; // what an earlier state let through says nothing any more
    if (phase.state === 'closed') {
      phase.ring.push(failed);
      if (phase.ring.length > of) phase.ring.shift();
      if (phase.ring.length === of && phase.ring.filter(Boolean).length >= limit(of)) open();
      return;
    }
    phase.calls++;
    phase.failed += failed ? 1 : 0;
    if (phase.failed >= limit(probes)) open();
    else if (phase.calls === probes) become({ state: 'closed', ring: [] });
  }

  function open() {
    become({ state: 'open', until: performance.now() + millis('pause', pause) });
  }

  async function guarded(...args) {
    const given = enter();
    if (given === undefined) throw Object.assign(new Error(`the circuit breaker ${name} is open`), { code: 'open' });
    try {
      const made = Promise.resolve(action.apply(this, args));
      const result = await (patience === undefined
        ? made
        : within(made, millis('within', patience), () => timeoutError(`${name} did not answer in ${patience}`)));
      record(given, false);
      return result;
    } catch (error) {
      record(given, Boolean(counts(error)));
      throw error;
    }
  }
  Object.defineProperty(guarded, 'state', { get: () => phase.state });
  guarded.on = (type, listener) => (news.on(type, listener), guarded);
  guarded.off = (type, listener) => (news.off(type, listener), guarded);
  return guarded;
}

/**
 * Calls until it goes well: `retry(attempt => ask(), {backoff: ['1s', '10s'], attempts: 5})`. The last pause is used for all further
 * ones; `spread` makes pauses shorter at random by at most that share; `when(error)` says whether another attempt may help.
 */
async function retry(action, how = {}) {
  const { backoff, attempts, spread, when, onFailed } = options('retry', how, {
    backoff: ['1s'], attempts: 3, spread: 0, when: (error) => error?.name !== 'WeirError' || error.retryable, onFailed: () => {},
  });
  const pauses = backoff.map((pause) => millis('backoff', pause));
  if (pauses.length === 0 || !(attempts >= 1)) throw new TypeError('retry: backoff has a pause or more, attempts are from 1');
  for (let attempt = 1; ; attempt++) {
    try {
      return await action(attempt);
    } catch (error) {
      if (attempt >= attempts || !when(error)) throw error;
      const pause = pauses[Math.min(attempt, pauses.length) - 1] * (1 - spread * Math.random());
      onFailed({ attempt, error, pause });
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
}

// ---- being sure, and looking for faults ------------------------------------------------------------------------------------

/**
 * Emits without being at the listeners' mercy: `{heard, failures, settled}`. What a listener throws, or what its promise rejects with,
 * reaches neither the others nor the caller; `await settled` waits for the promises. Weir's emitters do so by themselves: there the
 * outcome is `{receipt, failures, settled}` of the server's answer.
 */
function safeEmit(target, type, ...args) {
  const failures = [];
  if (isRemote(target)) {
    const result = { heard: undefined, receipt: undefined, failures };
    result.settled = target.emit(type, ...args).then(
      (receipt) => ((result.receipt = receipt), result),
      (error) => (failures.push(error), result),
    );
    return result;
  }
  const listeners = target.rawListeners(type);
  const waiting = [];
  for (const listener of listeners) {
    try {
      const returned = listener.apply(target, args);
      if (typeof returned?.then === 'function') waiting.push(Promise.resolve(returned).catch((error) => void failures.push(error)));
    } catch (error) {
      failures.push(error);
    }
  }
  const result = { heard: listeners.length, failures };
  result.settled = Promise.all(waiting).then(() => result);
  return result;
}

/** Whether its listeners hear later what comes back from the server. */
function isRemote(emitter) {
  return typeof emitter.deliver === 'function';
}

/**
 * Prints what an emitter does: every `emit` with its arguments and the lines of code it came from; on Weir's also what is heard. Adds no
 * listener. `close()` ends it.
 */
function tracer(emitter, how = {}) {
  const { print, depth, name } = options('tracer', how, { print: (line) => console.log(line), depth: 5, name: emitter.address ?? emitter.constructor.name });
  const wrapped = [];
  wrap('emit', (args) => `${name} emit ${shown(args)}${stack(depth)}`);
  if (isRemote(emitter)) wrap('deliver', ([event]) => `${name} heard ${shown([event.type, event.data])} id=${event.id}`);
  return { close: () => wrapped.splice(0).forEach((undo) => undo()) };

  function wrap(method, line) {
    const own = Object.hasOwn(emitter, method) ? emitter[method] : undefined;
    const before = emitter[method];
    emitter[method] = function traced(...args) {
      print(line(args));
      return before.apply(this, args);
    };
    wrapped.push(() => {
      if (own === undefined) delete emitter[method];
      else emitter[method] = own;
    });
  }
}

function shown([type, ...args]) {
  const text = args.map((arg) => (arg instanceof Error ? String(arg) : typeof arg === 'function' ? `[function ${arg.name}]` : textOf(arg)));
  return [String(type), ...text].join(' ');
}

function textOf(value) {
  let text;
  try {
    text = JSON.stringify(value) ?? String(value);
  } catch {
    text = String(value);
  }
  return text.length > 500 ? `${text.slice(0, 500)}...` : text;
}

function stack(depth) {
  const lines = (new Error().stack ?? '').split('\n').slice(1).map((line) => line.trim());
  return lines
    .filter((line) => line.startsWith('at ') && !line.includes('weir_patterns') && !/^at (?:async )?(?:\S* )?\(?node:/.test(line))
    .slice(0, depth)
    .map((line) => `\n    ${line}`)
    .join('');
}

const KEPT = 120;
const PART = 4;
const LOOKS = 3 * PART;
const LEAST_RISE = 3;

/**
 * Counts listeners from time to time. `growth` with `{name, from, to}` when the fewest of three stretches of looks in a row rise: once,
 * and again when there are twice as many. `look` has the counts of every look, `series(name)` those of the last 120.
 */
class Monitor extends EventEmitter {
  #counts = new Map();
  #series = new Map();
  #warned = new Map();
  #timer;

  constructor(how) {
    super();
    const { every } = options('monitor', how, { every: '1m' });
    this.#timer = setInterval(() => this.#look(), millis('every', every));
    this.#timer.unref();
  }

  /** An emitter, under its address or `name`; or a name and a function that counts something else. */
  watch(what, name) {
    if (typeof what === 'string') this.#counts.set(what, () => new Map([[what, name()]]));
    else this.#counts.set(what, () => countOf(what, name ?? what.address ?? what.constructor.name));
    return this;
  }

  names() {
    return [...this.#series.keys()];
  }

  series(name) {
    return [...(this.#series.get(name) ?? [])];
  }

  close() {
    clearInterval(this.#timer);
  }

  #look() {
    const now = new Map();
    for (const count of this.#counts.values()) for (const [name, n] of count()) now.set(name, (now.get(name) ?? 0) + n);
    for (const name of this.#series.keys()) if (!now.has(name)) now.set(name, 0);
    const time = new Date();
    for (const [name, count] of now) this.#record(name, { time, count });
    this.emit('look', Object.fromEntries(now));
  }

  #record(name, sample) {
    let known = this.#series.get(name);
    if (known === undefined) {
      if (this.#series.size >= 1000) return;
      this.#series.set(name, (known = []));
    }
    if (known.length === KEPT) known.shift();
    known.push(sample);
    if (known.length >= LOOKS && known.every(({ count }) => count === 0)) this.#series.delete(name);
    else if (known.length >= LOOKS) this.#judge(name, known.slice(-LOOKS));
  }

  #judge(name, last) {
    const [first, second, third] = [0, 1, 2].map((part) => Math.min(...last.slice(part * PART, (part + 1) * PART).map(({ count }) => count)));
    const [one, two] = [second - first, third - second];
    const rises = one > 0 && two > 0 && one + two >= LEAST_RISE && 4 * Math.min(one, two) >= Math.max(one, two);
    const said = this.#warned.get(name);
    if (rises && (said === undefined || third >= 2 * said)) {
      this.#warned.set(name, third);
      if (!this.emit('growth', { name, from: first, to: third })) {
        console.warn(`'${name}' had ${first} listeners or more, now ${third} or more: possibly a leak; remove listeners with off()`);
      }
    } else if (said !== undefined && 2 * third <= said) {
      this.#warned.delete(name);
    }
  }
}

function countOf(emitter, name) {
  const counts = new Map([[name, 0]]);
  for (const type of emitter.eventNames()) {
    const some = emitter.listenerCount(type);
    counts.set(`${name} ${String(type)}`, some);
    counts.set(name, counts.get(name) + some);
  }
  return counts;
}

module.exports = {
  aggregator: (how = {}) => new Aggregator(how),
  buffer: (how, receive) => (typeof how === 'function' ? new Batches({}, how) : new Batches(how, receive)),
  breaker,
  retry,
  safeEmit,
  tracer,
  monitor: (how = {}) => new Monitor(how),
  within,
};
