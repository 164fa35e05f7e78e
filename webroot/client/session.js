import { cancelFrame, eventOf, dataOf, publishFrame, replyFrame, requestFrame, uuid } from './codec.js';
import { errorOf, WeirError } from './errors.js';
import { Outbox } from './outbox.js';
import { Presence } from './presence.js';
import { Registration } from './registration.js';
import { Subscription } from './subscription.js';

const REPLY_TIMEOUT_MILLIS = 10_000;
const RETRY_REGISTER_MILLIS = 2000;

/**
 * What is said over a link: registrations, events, questions and their answers. Survives the link's connections: registers again,
 * says what was said meanwhile, and fails what was under way, because nobody can know what became of it.
 */
export class Session {
  #link;
  #notify;
  #registrations = new Map();
  #presences = new Map();
  #consumers = new Set();
  #pending = new Map();
  #outbox;
  #timeout;
  #closed;
  /** Stays the same over reconnects, so that the server knows an event that is emitted again by its id. */
  #source = `/clients/${uuid()}`;
  /** By what the server knows this client again where it shows no token. A secret, unlike the source. */
  #key = uuid();

  /** @param notify `{error(error), latency(millis)}` for what concerns no emitter */
  constructor({ queue, timeout = REPLY_TIMEOUT_MILLIS }, notify) {
    this.#outbox = new Outbox(queue);
    this.#timeout = timeout;
    this.#notify = notify;
  }

  attach(link) {
    this.#link = link;
  }

  get source() {
    return this.#source;
  }

  get queued() {
    return this.#outbox.size;
  }

  // ---- what emitters and the connection ask for

  publish(address, type, data, options) {
    const id = options.id ?? uuid();
    return this.#ask(reply => publishFrame(address, type, data, { source: this.#source, ...options, id }, reply), options)
      .then(body => ({ id, ...body }));
  }

  cancel(address, id) {
    return this.#ask(reply => cancelFrame(address, id, reply), {}).then(() => undefined);
  }

  request(address, data, options) {
    return this.#ask(reply => requestFrame(address, data, options, reply), options, true);
  }

  /** The registration of an address, made known to the server. */
  join(emitter) {
    const { address } = emitter;
    let registration = this.#registrations.get(address);
    if (!registration) this.#registrations.set(address, (registration = new Registration(address)));
    registration.emitters.add(emitter);
    if (registration.state === 'none' && this.#isOpen()) this.#register(registration);
    return registration;
  }

  /** Undoes `join`. The server hears of it a task later: `once` in a loop is one registration, not many. */
  leave(emitter) {
    const registration = this.#registrations.get(emitter.address);
    if (!registration?.emitters.delete(emitter)) return;
    setTimeout(() => this.#unregisterIfUnused(registration), 0);
  }

  #unregisterIfUnused(registration) {
    const { address, emitters, state } = registration;
    if (emitters.size > 0 || this.#registrations.get(address) !== registration) return;
    this.#registrations.delete(address);
    registration.refused(new WeirError('unregistered', `the last listener of ${address} is gone`));
    if (this.#isOpen() && (state === 'sent' || state === 'registered')) this.#send({ type: 'unregister', address, headers: {} });
  }

  /** Who is on an address: one for all who ask, until it is closed. */
  presence(address, { key = this.#key } = {}) {
    const known = this.#presences.get(address);
    if (known) return known;
    const presence = new Presence(address, key, {
      isOpen: () => this.#isOpen(),
      ask: frameTo => this.#ask(frameTo, {}),
      forget: each => this.#forget(each),
    });
    if (this.#closed) presence.end(this.#closed);
    else {
      this.#presences.set(address, presence);
      this.join(presence);
      presence.resume();
    }
    return presence;
  }

  #forget(presence) {
    this.#presences.delete(presence.address);
    this.leave(presence);
  }

  /** A consumer of a subscription. */
  subscription(name, concurrency) {
    const consumer = new Subscription(name, concurrency, {
      isOpen: () => this.#isOpen(),
      ask: (frameTo, options) => this.#ask(frameTo, options),
      renew: () => this.#link.renewToken(),
      forget: each => this.#consumers.delete(each),
    });
    if (this.#closed) consumer.end();
    else this.#consumers.add(consumer);
    return consumer;
  }

  // ---- what the link tells

  opened() {
    for (const registration of this.#registrations.values()) this.#register(registration);
    for (const presence of this.#presences.values()) presence.resume();
    for (const entry of this.#outbox.drain()) this.#transmit(entry);
    for (const consumer of this.#consumers) consumer.resume();
  }

  down({ terminal, reason }) {
    for (const registration of this.#registrations.values()) registration.lost();
    const unknown = new WeirError('unavailable', `${reason}: the server had not answered, so it may or may not have accepted this`);
    for (const entry of [...this.#pending.values()]) if (entry.sent) this.#settle(entry, unknown);
    if (terminal) this.#end(new WeirError('closed', `the connection is closed: ${reason}`));
  }

  #end(error) {
    this.#closed = error;
    this.#outbox.drain();
    for (const entry of [...this.#pending.values()]) this.#settle(entry, error);
    for (const registration of this.#registrations.values()) registration.refused(error);
    for (const presence of this.#presences.values()) presence.end(error);
    for (const consumer of this.#consumers) consumer.end();
  }

  frame(frame) {
    if (frame.type === 'rec') this.#received(frame);
    else if (frame.type === 'presence') this.#presences.get(frame.address)?.told(frame);
    else if (frame.type === 'registered') this.#registered(frame);
    else if (frame.type === 'position') this.#registrations.get(frame.address)?.heard(frame.headers);
    else if (frame.type === 'err') this.#failed(frame);
  }

  #received(frame) {
    const entry = this.#pending.get(frame.address);
    if (entry) return this.#settle(entry, undefined, dataOf(frame.body));
    const registration = this.#registrations.get(frame.address);
    if (!registration) return; // on its way while we left
    registration.heard(frame.headers);
    if (registration.state === 'sent') registration.confirmed(); // a stock bridge confirms by delivering
    const event = eventOf(frame, frame.replyAddress && (data => this.#reply(frame.replyAddress, data)));
    for (const emitter of registration.emitters) emitter.deliver(event);
  }

  #registered({ address, headers = {} }) {
    const registration = this.#registrations.get(address);
    if (!registration) return;
    const again = registration.everRegistered;
    registration.heard(headers);
    registration.confirmed();
    if (!again) return;
    const recovered = headers['weir-recovered'] === undefined ? false : headers['weir-recovered'] === 'true';
    const info = { address, recovered, reason: headers['weir-reason'] };
    for (const emitter of registration.emitters) emitter.tell('recovered', info);
  }

  #failed(frame) {
    const error = errorOf(frame);
    const entry = this.#pending.get(frame.address);
    if (entry) return this.#settle(entry, error);
    if (error.code === 'not_logged_in' || error.code === 'auth_error') this.#renew();
    const registration = this.#registrations.get(frame.address);
    if (!registration) return this.#notify.error(error);
    error.address = frame.address;
    registration.refused(error);
    for (const emitter of registration.emitters) emitter.fail(error);
    if (error.retryable) setTimeout(() => this.#registerAgain(registration), RETRY_REGISTER_MILLIS * (0.5 + Math.random()));
  }

  /** Another token may open what the old one did not. */
  #renew() {
    this.#link.renewToken().then(
      renewed => renewed && this.registerRefused(),
      error => this.#notify.error(error),
    );
  }

  /** Tries what was refused once more. */
  registerRefused() {
    this.#registrations.forEach(registration => this.#registerAgain(registration));
  }

  #registerAgain(registration) {
    const wanted = this.#registrations.get(registration.address) === registration && registration.state === 'refused';
    if (wanted && this.#isOpen()) this.#register(registration);
  }

  // ---- frames

  #register(registration) {
    registration.state = 'sent';
    this.#send(registration.frame());
  }

  #reply(address, data) {
    if (this.#isOpen()) this.#send(replyFrame(address, data)); // who asked over a lost connection is gone
  }

  /** Sends a frame with a reply address now or when there is a connection; the promise is that of the answer. */
  #ask(frameTo, { timeout = this.#timeout }, sinceNow = false) {
    if (this.#closed) return Promise.reject(this.#closed);
    const reply = uuid();
    const entry = { reply, text: JSON.stringify(frameTo(reply)), timeout, sent: false };
    const answer = new Promise((resolve, reject) => Object.assign(entry, { resolve, reject }));
    this.#pending.set(reply, entry);
    if (sinceNow) this.#startTimer(entry);
    if (this.#isOpen()) this.#transmit(entry);
    else if (!this.#outbox.offer(entry)) {
      this.#settle(entry, new WeirError('busy', 'there is no connection, and the queue of what waits for one is full'));
    }
    return answer;
  }

  #transmit(entry) {
    entry.sent = true;
    this.#startTimer(entry);
    this.#link.send(entry.text);
  }

  #startTimer(entry) {
    const late = () => this.#settle(entry, new WeirError('timeout', `no answer within ${entry.timeout} ms`));
    entry.timer ??= setTimeout(late, entry.timeout);
  }

  #settle(entry, error, value) {
    clearTimeout(entry.timer);
    this.#pending.delete(entry.reply);
    this.#outbox.remove(entry);
    if (error) entry.reject(error);
    else entry.resolve(value);
  }

  #send(frame) {
    this.#link.send(JSON.stringify(frame));
  }

  #isOpen() {
    return this.#link?.state === 'open';
  }
}
