import { Emission } from './emission.js';
import { WeirError } from './errors.js';
import { Listeners } from './listeners.js';

const TYPES = ['join', 'update', 'leave', 'change', 'error'];
const AGAIN_MILLIS = 2000;

/**
 * Who is on an address, kept up to date: `join`, `update` and `leave` with a member, `change` after each of them and after every other
 * news. After a lost connection it says again what it wants, and tells of what changed meanwhile. One per connection and address.
 */
export class Presence {
  #address;
  #key;
  #link;
  #listeners;
  #members = new Map();
  #count = 0;
  #truncated = false;
  #listed = false;
  #closed = false;
  #self;
  #wish = { mode: 'watch' };
  #granted = [];
  #ready = [];

  /** @param link `{isOpen(), ask(frameTo), forget(presence)}` */
  constructor(address, key, link) {
    this.#address = address;
    this.#key = key;
    this.#link = link;
    this.#listeners = new Listeners(this, `the presence on '${address}'`);
  }

  get address() {
    return this.#address;
  }

  /** Everybody who is there, those who came first ahead; empty where there are too many to tell, and then `truncated` is true. */
  get members() {
    return [...this.#members.values()];
  }

  get count() {
    return this.#count;
  }

  get truncated() {
    return this.#truncated;
  }

  /** The id of the member that this client is; undefined while it is none. */
  get self() {
    return this.#self;
  }

  on(type, listener) {
    this.#listeners.add(checked(type), listener);
    return this;
  }

  once(type, listener) {
    this.#listeners.add(checked(type), listener, { once: true });
    return this;
  }

  off(type, listener) {
    this.#listeners.remove(checked(type), listener);
    return this;
  }

  /** Is there from now on, or shows something else of itself; the promise is that of its own id. */
  join(data) {
    return this.#want({ mode: 'join', data });
  }

  /** Is there no more, and goes on watching. */
  leave() {
    this.#self = undefined;
    return this.#want({ mode: 'watch' });
  }

  /** Resolves once the first list is there; rejects when the server refuses. */
  ready() {
    if (this.#listed) return Promise.resolve();
    if (this.#closed) return Promise.reject(closed(this.#address));
    return new Promise((resolve, reject) => this.#ready.push({ resolve, reject }));
  }

  /** Neither is there nor watches any more. */
  close() {
    if (this.#closed) return;
    this.#closed = true;
    this.#wish = { mode: 'none' };
    if (this.#link.isOpen()) this.#link.ask(reply => this.#frame(reply)).catch(() => {}); // the connection says what is wrong with it
    this.#link.forget(this);
    this.#refuse(closed(this.#address));
  }

  // ---- for the session

  /** There is a connection: what is wanted is said to it. */
  resume() {
    if (!this.#link.isOpen()) return;
    const wish = this.#wish;
    this.#link.ask(reply => this.#frame(reply)).then(
      ({ id }) => wish === this.#wish && this.#grant(id),
      error => wish === this.#wish && this.#failed(error),
    );
  }

  told({ count, members, changes, truncated = false, ended }) {
    if (ended) return this.#ended(ended);
    this.#count = count;
    if (members || truncated) this.#replace(members ?? [], truncated);
    else changes?.forEach(({ type, member }) => this.#change(type, Object.freeze(member)));
    this.#listeners.fire('change', this);
  }

  /** The connection is closed for good. */
  end(error) {
    this.#closed = true;
    this.#refuse(error);
  }

  // What a registration tells its emitters: events and refusals are for those.
  deliver() {}
  tell() {}
  fail() {}

  // ---- inside

  #want(wish) {
    const granted = this.#closed
      ? Promise.reject(closed(this.#address))
      : new Promise((resolve, reject) => this.#granted.push({ resolve, reject }));
    if (!this.#closed) {
      this.#wish = wish;
      this.resume();
    }
    return new Emission((resolve, reject) => granted.then(resolve, reject)).orElse(error => this.#report(error));
  }

  #frame(replyAddress) {
    const { mode, data } = this.#wish;
    const headers = { 'weir-presence': mode };
    if (mode === 'join') headers['weir-presence-key'] = this.#key;
    if (data !== undefined) headers['weir-presence-data'] = JSON.stringify(data);
    return { type: 'register', address: this.#address, headers, replyAddress };
  }

  #grant(id) {
    this.#self = id;
    this.#granted.splice(0).forEach(waiter => waiter.resolve(id));
  }

  #failed(error) {
    if (!this.#link.isOpen()) return; // said again with the next connection
    if (error.retryable) return void setTimeout(() => this.resume(), AGAIN_MILLIS * (0.5 + Math.random()));
    if (this.#granted.length === 0 && this.#ready.length === 0) this.#report(error);
    this.#refuse(error);
  }

  #refuse(error) {
    this.#granted.splice(0).forEach(waiter => waiter.reject(error));
    this.#ready.splice(0).forEach(waiter => waiter.reject(error));
  }

  #ended(code) {
    this.#members.clear();
    this.#count = 0;
    this.#self = undefined;
    this.#listed = false;
    this.#listeners.fire('change', this);
    this.#report(new WeirError(code, `presence on '${this.#address}' has ended: ${code}`));
  }

  /** A whole list: what differs from what was known is told, but not the first one. */
  #replace(members, truncated) {
    const before = this.#listed && !this.#truncated && !truncated ? new Map(this.#members) : undefined;
    this.#truncated = truncated;
    this.#listed = true;
    if (!before) this.#members = new Map(members.map(member => [member.id, Object.freeze(member)]));
    else this.#compare(before, members);
    this.#ready.splice(0).forEach(waiter => waiter.resolve());
  }

  #compare(before, members) {
    const now = new Set(members.map(({ id }) => id));
    for (const [id, member] of before) if (!now.has(id)) this.#change('leave', member);
    for (const member of members) {
      const known = before.get(member.id);
      if (!known) this.#change('join', Object.freeze(member));
      else if (JSON.stringify(known.data) !== JSON.stringify(member.data)) this.#change('update', Object.freeze(member));
      else this.#members.set(member.id, Object.freeze(member));
    }
  }

  #change(type, member) {
    const before = this.#members.get(member.id);
    if (type === 'leave') this.#members.delete(member.id);
    else this.#members.set(member.id, member);
    this.#listeners.fire(type, member, before);
  }

  #report(error) {
    if (!this.#listeners.fire('error', error)) console.warn(`weir: presence on '${this.#address}': ${error.code}: ${error.message}`);
  }
}

function closed(address) {
  return new WeirError('closed', `presence on '${address}' was closed`);
}

function checked(type) {
  if (TYPES.includes(type)) return type;
  throw new TypeError(`presence has no event '${type}'; it has ${TYPES.join(', ')}`);
}
