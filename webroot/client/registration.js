/**
 * What a connection knows of one address: who listens here, how far the server has got, how far we have heard. The server holds one
 * registration per connection and address, however many emitters there are.
 */
export class Registration {
  #waiters = [];
  #epoch;
  #offset;

  constructor(address) {
    this.address = address;
    this.emitters = new Set();
    /** `none`, `sent`, `registered` or `refused`. */
    this.state = 'none';
    this.everRegistered = false;
  }

  frame() {
    return { type: 'register', address: this.address, headers: this.#position() };
  }

  /** After a lost connection: everything since what was heard last, where the address keeps a journal. */
  #position() {
    return this.#epoch === undefined ? { 'weir-rewind': '0' } : { 'weir-since': `${this.#epoch}:${this.#offset}` };
  }

  /** Notes the position that a `rec` or `registered` frame tells. */
  heard(headers = {}) {
    if (headers['weir-epoch'] === undefined || headers['weir-offset'] === undefined) return;
    this.#epoch = headers['weir-epoch'];
    this.#offset = headers['weir-offset'];
  }

  confirmed() {
    this.state = 'registered';
    this.everRegistered = true;
    this.#settle(waiter => waiter.resolve());
  }

  refused(error) {
    this.state = 'refused';
    this.#settle(waiter => waiter.reject(error));
  }

  /** The connection is gone, and the server's half of this with it. */
  lost() {
    this.state = 'none';
  }

  ready() {
    if (this.state === 'registered') return Promise.resolve();
    return new Promise((resolve, reject) => this.#waiters.push({ resolve, reject }));
  }

  #settle(action) {
    const waiters = this.#waiters;
    this.#waiters = [];
    waiters.forEach(action);
  }
}
