import { connect } from 'weir-client';

/** The page's one connection; all its elements share it. */
export const connection = connect({ SockJS: globalThis.SockJS, ping: 2000 });

/** Runs an action now if the connection is open, and again after each reconnect. */
export function whenOpen(action) {
  connection.on('connect', action).on('reconnect', action);
  if (connection.state === 'open') action();
}

/** Who this browser is, for as long as its storage lasts. Not a proof of anything: the server is told no more than a name. */
export const me = { id: stored('weir.id', randomId), name: stored('weir.name', guestName) };

/** By what the server knows this browser in all of its tabs. */
export const presenceKey = stored('weir.key', randomId);

export function rename(name) {
  me.name = name;
  keep('weir.name', name);
}

function stored(key, make) {
  try {
    const value = localStorage.getItem(key);
    if (value) return value;
  } catch {
    return make();
  }
  const made = make();
  keep(key, made);
  return made;
}

function keep(key, value) {
  try {
    localStorage.setItem(key, value);
  } catch {
    // then it is forgotten with the page
  }
}

function randomId() {
  return Array.from(crypto.getRandomValues(new Uint8Array(8)), byte => byte.toString(16).padStart(2, '0')).join('');
}

function guestName() {
  const birds = ['Heron', 'Otter', 'Kingfisher', 'Salmon', 'Dipper', 'Beaver', 'Egret', 'Mayfly', 'Grebe', 'Swift'];
  const [bird, number] = crypto.getRandomValues(new Uint8Array(2));
  return `${birds[bird % birds.length]} ${(number % 90) + 10}`;
}
