import { Emitter } from './emitter.js';
import { endpointsOf } from './endpoint.js';
import { WeirError } from './errors.js';
import { Link } from './link.js';
import { Listeners } from './listeners.js';
import { Session } from './session.js';
import { checkSubscription } from './subscription.js';

const OPTIONS = ['urls', 'token', 'SockJS', 'sockjsOptions', 'WebSocket', 'fetch', 'backoff', 'queue', 'timeout', 'ping'];

/**
 * A connection to a system of nodes: to one of them at a time, and to another when that one is lost. `state` is `connecting`,
 * `open`, `waiting` or `closed`; its changes are the event `state`, what they mean the events `connect`, `reconnect`, `disconnect`, and
 * `waiting` after each attempt that failed.
 */
export class Connection {
  #link;
  #session;
  #listeners = new Listeners(this, 'the connection');
  #emitters = new Set();
  #fetch;
  #everOpen = false;
  #isUp = false;
  #latency;
  #retry = () => this.#link.retry();

  constructor(options) {
    const endpoints = endpointsOf(options.urls);
    this.#fetch = options.fetch ?? globalThis.fetch?.bind(globalThis);
    this.#session = new Session(options, { error: error => this.#failed(error) });
    this.#link = new Link(endpoints, options, {
      state: (state, before) => this.#listeners.fire('state', state, before),
      opened: () => this.#opened(),
      down: info => this.#down(info),
      frame: frame => this.#session.frame(frame),
      latency: millis => this.#measured(millis),
      refused: error => this.#failed(error),
      renewed: () => this.#session.registerRefused(),
    });
    this.#session.attach(this.#link);
    globalThis.addEventListener?.('online', this.#retry);
    this.#link.start();
  }

  get state() {
    return this.#link.state;
  }

  /** Milliseconds of the last ping and its answer; undefined until there was one. */
  get latency() {
    return this.#latency;
  }

  /** The node in use, or the one that is tried, as `https://host:port`. */
  get url() {
    return this.#link.endpoint.http;
  }

  /** `websocket` or `sockjs`. */
  get transport() {
    return this.#link.transport;
  }

  /** The `source` of the events that this connection emits; stays the same when it is lost and found again. */
  get source() {
    return this.#session.source;
  }

  /** How many emissions and requests wait for a connection. */
  get queued() {
    return this.#session.queued;
  }

  /** An emitter for an address. Each call makes a new one, with listeners of its own. */
  emitter(address) {
    const emitter = new Emitter(checkAddress(address), this.#session, each => this.#count(each));
    this.#emitters.add(new WeakRef(emitter));
    return emitter;
  }

  /** A consumer of a subscription. Each call makes a new one, and all of them share the work. */
  subscription(name, options = {}) {
    return this.#session.subscription(name, checkSubscription(name, options));
  }

  /** Asks one of those who answer at an address; the promise is that of the answer's data. */
  request(address, data, options = {}) {
    return this.#session.request(checkAddress(address), data, options);
  }

  on(type, listener) {
    this.#listeners.add(type, listener);
    return this;
  }

  once(type, listener) {
    this.#listeners.add(type, listener, { once: true });
    return this;
  }

  off(type, listener) {
    this.#listeners.remove(type, listener);
    return this;
  }

  /** Tries again now instead of after the wait; does nothing in other states. */
  retry() {
    this.#link.retry();
  }

  /** Ends the connection for good; what was not sent or not answered is rejected with the code `closed`. */
  close() {
    this.#link.close();
  }

  async #count(address) {
    const bearer = await this.#link.bearer();
    const headers = bearer === undefined ? {} : { authorization: bearer };
    const response = await this.#fetch(`${this.url}/v1/addresses/${encodeURIComponent(address)}`, { headers });
    const body = await response.json().catch(() => ({}));
    if (response.ok) return body.listeners;
    throw new WeirError(body.code ?? 'unavailable', body.detail ?? body.title ?? `the server answered ${response.status}`);
  }

  #opened() {
    this.#session.opened();
    this.#tell(this.#everOpen ? 'reconnect' : 'connect', { url: this.url, transport: this.transport });
    this.#everOpen = this.#isUp = true;
  }

  /** A connection is lost, or an attempt has failed: only the first of these is a `disconnect`. */
  #down(info) {
    const wasUp = this.#isUp;
    this.#isUp = false;
    if (info.terminal) globalThis.removeEventListener?.('online', this.#retry);
    this.#session.down(info);
    if (wasUp || info.terminal) this.#tell('disconnect', info);
    if (!info.terminal) this.#listeners.fire('waiting', info);
    if (info.error) this.#failed(info.error);
  }

  #failed(error) {
    if (!this.#listeners.fire('error', error)) console.warn(`weir: ${error.code ?? error.name}: ${error.message}`);
  }

  #measured(millis) {
    this.#latency = millis;
    this.#listeners.fire('latency', millis);
  }

  #tell(type, info) {
    this.#listeners.fire(type, info);
    for (const reference of this.#emitters) {
      const emitter = reference.deref();
      if (emitter) emitter.tell(type, info);
      else this.#emitters.delete(reference);
    }
  }
}

/**
 * Connects to the node that served the page, or to one of `urls`, at once and until `close()`. Wrong options throw here; a server
 * that cannot be reached does not: the connection goes on trying, and `state` says so.
 */
export function connect(options = {}) {
  const unknown = Object.keys(options).find(name => !OPTIONS.includes(name));
  if (unknown !== undefined) throw new TypeError(`connect: there is no option '${unknown}'; there are ${OPTIONS.join(', ')}`);
  if (options.WebSocket || globalThis.WebSocket) return new Connection(options);
  throw new TypeError('connect: no WebSocket here; use Node 22 or newer, or pass one, as in connect({WebSocket}) with that of "ws"');
}

function checkAddress(address) {
  if (typeof address === 'string' && address !== '' && address.length <= 200) return address;
  throw new TypeError(`an address is a string of 1 to 200 characters, as in 'orders' or 'chat.lobby', not ${JSON.stringify(address)}`);
}
