/** What a browser knows of one room: the last things said, who is there, how much is unread. */
const KEPT = 200;
const MAX_NAME = 32;

export class Room {
  entries = [];
  unread = 0;
  #presence;
  #waiting = new Map();
  #serial = 0;

  constructor(name, myId) {
    this.name = name;
    this.myId = myId;
  }

  /** Begins to say who comes and goes, and to know who is there. */
  follow(presence) {
    this.#presence = presence;
    presence
      .on('join', member => this.#told(member, name => `${name} came`))
      .on('leave', member => this.#told(member, name => `${name} went`))
      .on('update', (member, before) => this.#told(member, name => `${nameOf(before)} is now ${name}`));
  }

  #told(member, text) {
    if (member.id !== this.#presence.self) this.note(text(nameOf(member)), new Date().toISOString());
  }

  /** The names of those who are there, oneself included. */
  members() {
    return (this.#presence?.members ?? []).map(member => ({ id: member.id, name: nameOf(member) })).sort((a, b) => a.name.localeCompare(b.name));
  }

  /** How many are there, also where they are too many to be named. */
  count() {
    return this.#presence?.count ?? 0;
  }

  /** Takes in an event of the room's address; true when it deserves attention. */
  accept(event) {
    const said = this.#said(event);
    if (!said) return false;
    this.#waiting.delete(event.id);
    this.#add(said);
    return !said.own;
  }

  /** What was said before this browser began to listen, in order; what it has heard since may be among it. */
  remember(events) {
    const known = new Set(this.entries.map(({ id }) => id));
    const before = events.filter(({ id }) => !known.has(id)).map(event => this.#said(event)).filter(Boolean);
    this.entries = [...before.map(entry => ({ key: ++this.#serial, ...entry })), ...this.entries].slice(-KEPT);
  }

  #said({ id, subject, type, data, time }) {
    if (!subject || type !== 'said' || typeof data?.name !== 'string' || typeof data.text !== 'string') return undefined;
    const name = data.name.slice(0, MAX_NAME) || 'nobody';
    return { kind: 'said', id, own: subject === this.myId, author: subject, name, text: data.text, time };
  }

  /** A line of the page's own. */
  note(text, time, tone = '') {
    this.#add({ kind: 'note', text, time, tone });
  }

  /** Something was said here and is on its way: shown until it comes back, or is refused. */
  sending(id, text) {
    this.#waiting.set(id, { kind: 'said', key: id, own: true, waiting: true, author: this.myId, text });
  }

  settled(id) {
    this.#waiting.delete(id);
  }

  waiting() {
    return [...this.#waiting.values()];
  }

  #add(entry) {
    const key = ++this.#serial;
    this.entries = [...this.entries.slice(1 - KEPT), { key, ...entry }];
  }
}

/** Data of others is what they made of it. */
function nameOf({ data }) {
  return (typeof data?.name === 'string' && data.name.slice(0, MAX_NAME)) || 'nobody';
}

/** The name of a room as a segment of an address, or undefined when nothing is left of it. */
export function roomName(text) {
  const name = text.trim().toLowerCase().replace(/^#/, '').replace(/[^a-z0-9_~@:+-]+/g, '-').replace(/^-+|-+$/g, '').slice(0, 40);
  return name === '' ? undefined : name;
}
