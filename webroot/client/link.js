import { backoff, mayReconnect } from './backoff.js';
import { report, WeirError } from './errors.js';
import { refreshIn, TokenSource } from './token.js';

const PING_MILLIS = 5000;
const STABLE_MILLIS = 5000;
const OPEN_TIMEOUT_MILLIS = 10_000;
const HEARTBEAT_TIMEOUT_MILLIS = 15_000;
const RENEW_AGAIN_MILLIS = 5000;

/** Close codes of our own; the platform allows applications 4000 to 4999, servers of Weir do not use these. */
const LOCAL = { TIMED_OUT: 4000, HEARTBEAT: 4001, TOKEN: 4002 };

/**
 * One socket at a time to one of several nodes, opened again when it is lost.
 *
 * States, each entered by the method of its name: `connecting` (token, then socket), `open`, `waiting` (for the next attempt),
 * `closed` (for good). `#round` numbers the attempts; what belongs to an older round is ignored.
 */
export class Link {
  #endpoints;
  #options;
  #handlers;
  #token;
  #state = 'closed';
  #round = 0;
  #attempt = 0;
  #index = 0;
  #socket;
  #overSockJS = new Set();
  #openedAt = 0;
  #heardAt = 0;
  #pingedAt = 0;
  #pongs = false;
  #timers = new Set();

  /** @param handlers `{state(now, before), opened(), frame(object), down(info), latency(millis), refused(error), renewed()}` */
  constructor(endpoints, options, handlers) {
    this.#endpoints = endpoints;
    this.#options = options;
    this.#handlers = handlers;
    this.#token = new TokenSource(options.token);
  }

  get state() {
    return this.#state;
  }

  /** The node in use, or the one that is tried. */
  get endpoint() {
    return this.#endpoints[this.#index % this.#endpoints.length];
  }

  get transport() {
    return this.#overSockJS.has(this.endpoint) ? 'sockjs' : 'websocket';
  }

  start() {
    this.#connecting();
  }

  /** Sends one frame as text; the caller has checked that the link is open. */
  send(text) {
    this.#socket.send(text);
  }

  /** Closes for good. */
  close() {
    if (this.#state !== 'closed') this.#closed({ code: 1000, reason: 'closed by the application', terminal: true });
  }

  /** Skips what is left of a wait, for example when the browser says it is online again. */
  retry() {
    if (this.#state === 'waiting') this.#connecting();
  }

  /** Asks for another token and shows it to the server; a string stays what it is. */
  async renewToken() {
    const round = this.#round;
    if (!this.#token.refreshable) return false;
    const token = await this.#token.get();
    if (round !== this.#round || this.#state !== 'open') return false;
    this.#show(token);
    return true;
  }

  async bearer() {
    const token = await this.#token.get();
    return token === undefined ? undefined : `Bearer ${token}`;
  }

  // ---- transitions

  #connecting() {
    const round = ++this.#round;
    this.#stopTimers();
    this.#become('connecting');
    this.#token.get().then(
      token => round === this.#round && this.#dial(round, token),
      error => round === this.#round && this.#waiting({ code: LOCAL.TOKEN, reason: `no token: ${error.message}`, error }),
    );
  }

  #open(token) {
    this.#stopTimers();
    this.#openedAt = this.#heardAt = Date.now();
    this.#pongs = false;
    this.#become('open');
    this.#show(token);
    this.#every(this.#options.ping ?? PING_MILLIS, () => this.#beat());
    this.#handlers.opened();
  }

  #waiting(info) {
    const round = ++this.#round;
    this.#stopTimers();
    this.#index++;
    const delay = backoff(this.#attempt++, this.#options.backoff);
    this.#become('waiting');
    this.#handlers.down({ ...info, terminal: false, retryIn: delay });
    if (round === this.#round) this.#after(delay, () => this.#connecting());
  }

  #closed(info) {
    this.#round++;
    this.#stopTimers();
    this.#hangUp(1000);
    this.#become('closed');
    this.#handlers.down(info);
  }

  #become(state) {
    const before = this.#state;
    this.#state = state;
    if (before !== state) this.#handlers.state(state, before);
  }

  // ---- the socket

  #dial(round, token) {
    let socket;
    try {
      socket = this.#newSocket();
    } catch (error) {
      return this.#lost(round, token, false, { reason: error.message }); // mixed content, for one, is refused by throwing
    }
    this.#socket = socket;
    let opened = false;
    const current = () => this.#round === round && this.#socket === socket;
    socket.onopen = () => {
      opened = true;
      if (current()) this.#open(token);
    };
    socket.onmessage = message => current() && this.#received(message.data);
    socket.onerror = () => {}; // a close event follows and says what there is to say
    socket.onclose = close => current() && this.#lost(round, token, opened, close);
    this.#after(OPEN_TIMEOUT_MILLIS, () => {
      this.#hangUp(LOCAL.TIMED_OUT);
      this.#lost(round, token, opened, { code: LOCAL.TIMED_OUT, reason: 'opening timed out' });
    });
  }

  #newSocket() {
    const { WebSocket = globalThis.WebSocket, SockJS, sockjsOptions } = this.#options;
    if (this.transport === 'sockjs') return new SockJS(this.endpoint.sockjs, null, sockjsOptions);
    return new WebSocket(this.endpoint.raw);
  }

  #lost(round, token, opened, { code = 1006, reason = '' }) {
    this.#socket = undefined;
    const { SockJS } = this.#options;
    if (!mayReconnect(code)) return this.#closed({ code, reason, terminal: true });
    if (!opened && SockJS && this.transport === 'websocket') {
      this.#stopTimers();
      this.#overSockJS.add(this.endpoint);
      return this.#dial(round, token);
    }
    if (!opened) this.#overSockJS.delete(this.endpoint);
    else if (Date.now() - this.#openedAt >= STABLE_MILLIS) this.#attempt = 0;
    this.#waiting({ code, reason: reason || 'the connection was lost' });
  }

  #received(data) {
    this.#heardAt = Date.now();
    let frame;
    try {
      frame = JSON.parse(data);
    } catch {
      return report(new WeirError('invalid_json', 'the server sent a frame that is not JSON'));
    }
    if (frame.type !== 'pong') return this.#handlers.frame(frame);
    this.#pongs = true;
    this.#handlers.latency(this.#heardAt - this.#pingedAt);
  }

  /** The stock bridge answers no ping, so silence counts only where a pong was heard before. */
  #beat() {
    if (this.#pongs && Date.now() - this.#heardAt > HEARTBEAT_TIMEOUT_MILLIS) {
      this.#hangUp(LOCAL.HEARTBEAT);
      this.#waiting({ code: LOCAL.HEARTBEAT, reason: 'the server fell silent' });
      return;
    }
    this.#ping({});
  }

  #ping(headers) {
    this.#pingedAt = Date.now();
    this.send(JSON.stringify({ type: 'ping', headers: { ...headers, 'weir-pong': '1' } }));
  }

  /** The token goes with a ping of its own, before everything that needs it; the server keeps it for the session. */
  #show(token) {
    this.#ping(token === undefined ? {} : { authorization: `Bearer ${token}` });
    const delay = token === undefined ? undefined : refreshIn(token, Date.now());
    if (delay === undefined || !this.#token.refreshable) return;
    this.#renewIn(delay);
  }

  /** Asks until there is an answer: what the server refused meanwhile comes back with the next token. */
  #renewIn(delay) {
    const round = this.#round;
    const failed = error => {
      this.#handlers.refused(error);
      if (round === this.#round) this.#renewIn(RENEW_AGAIN_MILLIS);
    };
    this.#after(delay, () => this.renewToken().then(shown => shown && this.#handlers.renewed(), failed));
  }

  #hangUp(code) {
    const socket = this.#socket;
    this.#socket = undefined;
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close(code);
  }

  // ---- time

  #after(millis, action) {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      action();
    }, millis);
    this.#timers.add(timer);
  }

  #every(millis, action) {
    this.#timers.add(setInterval(action, millis));
  }

  #stopTimers() {
    this.#timers.forEach(timer => clearTimeout(timer)); // clears intervals as well
    this.#timers.clear();
  }
}
