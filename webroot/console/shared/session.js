import { connect } from 'weir-client';
import { Following } from './report.js';

const KEPT = 'weir.console';
const UNREACHABLE = 'The node does not answer. It may be starting again; what you see may be old.';
const REFUSED = ['not_logged_in', 'auth_error', 'invalid_token'];

/** What the node said no to, or why it said nothing at all: status 0. `code` is for programs, `message` for people, `answer` all it said. */
export class ApiError extends Error {
  constructor(status, code, message, answer) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
    this.code = code;
    this.answer = answer;
  }
}

/**
 * Who is signed in, and the one connection that all views share. `state` is `out`, `in` or `expired`: then the token is no longer
 * taken, requests fail, the connection waits, and all goes on where it was once somebody signs in again. Changes are the event
 * `change`.
 */
export class Session extends EventTarget {
  #token;
  #connection;
  #waiting = [];

  state = 'out';
  name = undefined;
  role = undefined;

  /** The connection of weir.js, made when it is first asked for. */
  get connection() {
    this.#connection ??= connect({ SockJS: globalThis.SockJS, token: () => this.#bearer() })
      .on('error', error => this.#heard(error));
    return this.#connection;
  }

  /** Whether somebody may `see` or `act`. The node decides for itself: this only spares them buttons that would not work. */
  can(what) {
    return what === 'act' ? this.role === 'operator' : this.role !== undefined;
  }

  /** Signs in with what an earlier page of this tab was told. */
  async resume() {
    const { token } = stored() ?? {};
    if (token === undefined) return;
    await this.signIn(token).catch(error => [401, 403].includes(error.status) && keep(undefined)); // a node that is busy may take it later
  }

  /** Signs in with a token; rejects with an ApiError in words when the node does not take it. The node says who that is. */
  async signIn(token) {
    const before = this.#token;
    this.#token = token;
    let who;
    try {
      const { name, role } = await this.#ask('/console/session', {});
      who = { name, role };
    } catch (error) {
      this.#token = before;
      throw error;
    }
    keep({ token });
    Object.assign(this, who);
    this.#become('in');
    this.#waiting.splice(0).forEach(resolve => resolve(token));
  }

  /** Gives the token back, which ends it where the console gave it out, forgets it and closes the connection. */
  signOut() {
    keep(undefined);
    if (this.state === 'in') this.#ask('/console/session', { method: 'DELETE' }).catch(() => {}); // it ends by itself, too
    this.#token = undefined;
    Object.assign(this, { name: undefined, role: undefined });
    this.#become('out');
    this.#connection?.close();
    this.#connection = undefined;
  }

  /**
   * Asks the node: JSON in, of another media `type` if one is named, or `text` as it is; JSON out, undefined where it answers nothing.
   * Rejects with an ApiError.
   */
  async api(path, { method = 'GET', body, text, query, type } = {}) {
    try {
      return await this.#ask(path, { method, body, text, query, type });
    } catch (error) {
      if (error.status === 401) this.expire();
      throw error;
    }
  }

  /**
   * Follows a report of all nodes: `whole(nodes, asked)` with all there is, at the start and again whenever the connection was
   * lost or a node has come; `news(node, data)` with what has changed since; `failed(error)` when it cannot be had.
   */
  report(topic, handlers) {
    return new Following(this, topic, handlers);
  }

  /** The node no longer takes the token. */
  expire() {
    if (this.state === 'in') this.#become('expired');
  }

  async #ask(path, { method, body, text, query, type }) {
    const url = query === undefined ? path : `${path}?${new URLSearchParams(query)}`;
    const headers = { accept: 'application/json', 'weir-console': '1' }; // somebody did it by hand
    if (this.#token !== undefined) headers.authorization = `Bearer ${this.#token}`;
    if (body !== undefined) headers['content-type'] = type ?? 'application/json';
    if (text !== undefined) headers['content-type'] = type ?? 'text/plain';
    let response;
    try {
      response = await fetch(url, { method, headers, body: body === undefined ? text : JSON.stringify(body), cache: 'no-store' });
    } catch {
      throw new ApiError(0, 'unreachable', UNREACHABLE);
    }
    return answerOf(response);
  }

  /** What the connection shows the node: the token, or the next one when this one is over. */
  #bearer() {
    if (this.state === 'in' && isOver(this.#token)) this.expire();
    if (this.state === 'in') return this.#token;
    return new Promise(resolve => this.#waiting.push(resolve));
  }

  #heard(error) {
    if (REFUSED.includes(error.code)) this.expire();
  }

  #become(state) {
    this.state = state;
    this.dispatchEvent(new Event('change'));
  }
}

async function answerOf(response) {
  const text = await response.text();
  const json = parsed(text);
  if (response.ok) return json;
  const { code = 'failed', detail, title } = json ?? {};
  throw new ApiError(response.status, code, detail ?? title ?? `the node answered ${response.status}`, json);
}

function parsed(text) {
  try {
    return text === '' ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isOver(token) {
  const { exp } = payloadOf(token);
  return typeof exp === 'number' && exp * 1000 < Date.now();
}

function payloadOf(token) {
  try {
    const base64 = token.split('.')[1].replaceAll('-', '+').replaceAll('_', '/');
    return JSON.parse(new TextDecoder().decode(Uint8Array.from(atob(base64), letter => letter.charCodeAt(0))));
  } catch {
    return {};
  }
}

function stored() {
  try {
    return JSON.parse(sessionStorage.getItem(KEPT)) ?? undefined;
  } catch {
    return undefined; // storage may be closed to us, or hold what an older page left
  }
}

function keep(value) {
  try {
    if (value === undefined) sessionStorage.removeItem(KEPT);
    else sessionStorage.setItem(KEPT, JSON.stringify(value));
  } catch {
    // then it is forgotten with the page
  }
}
