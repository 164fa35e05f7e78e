import { connect } from '../../../webroot/client/weir.js';

/** The client's half of a WebSocket, with the server's half for the test: `say`, `sent`, `drop`. Opens when the test says so. */
export class FakeSocket {
  static all = [];
  static last() {
    return FakeSocket.all.at(-1);
  }

  sent = [];
  onopen = null;
  onmessage = null;
  onclose = null;

  constructor(url) {
    this.url = url;
    FakeSocket.all.push(this);
  }

  send(text) {
    this.sent.push(JSON.parse(text));
  }

  close(code) {
    this.closedWith = code;
  }

  accept() {
    this.onopen?.({});
    return this;
  }

  say(frame) {
    this.onmessage?.({ data: typeof frame === 'string' ? frame : JSON.stringify(frame) });
  }

  drop(code = 1006, reason = '') {
    this.onclose?.({ code, reason });
  }

  /** What was sent, without pings. */
  frames(type) {
    return this.sent.filter(frame => frame.type !== 'ping' && (type === undefined || frame.type === type));
  }

  confirm(address, headers = {}) {
    this.say({ type: 'registered', address, headers });
  }

  event(address, type, body, headers = {}) {
    this.say({ type: 'rec', address, body, headers: { 'ce-type': type, 'ce-id': 'i', ...headers } });
  }

  answer(frame, body) {
    this.say({ type: 'rec', address: frame.replyAddress, body, headers: {} });
  }

  refuse(frame, code) {
    this.say({ type: 'err', address: frame.replyAddress ?? frame.address, failureCode: 403, failureType: 'RECIPIENT_FAILURE', message: code });
  }
}

/** A connection over fakes; `open()` is the next socket, accepted. */
export async function connection(options = {}) {
  FakeSocket.all = [];
  const made = connect({ urls: 'http://one:8080', WebSocket: FakeSocket, ...options });
  await turn();
  return made;
}

export async function openConnection(options) {
  const made = await connection(options);
  return { connection: made, socket: FakeSocket.last().accept() };
}

/** Lets every promise that can go on go on. */
export const turn = () => new Promise(resolve => setImmediate(resolve));

/**
 * Lets the timers of 0 ms have their turn, those that promises are about to set as well: after one turn they are all set, and Node
 * runs timers of the same length in the order in which they were set.
 */
export const task = () => turn().then(() => new Promise(resolve => setTimeout(resolve, 0))).then(turn);
