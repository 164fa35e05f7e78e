/**
 * What a browser knows of one room: the last things said, who is there, how much is unread. Nothing of it is asked from a server: it
 * is made of the room's events. Who is there says so on joining, when somebody joins, and now and then; who is silent has gone.
 */
const KEPT = 200;
const SILENCE_MILLIS = 70_000;
const MAX_NAME = 32;

export class Room {
  entries = [];
  unread = 0;
  #members = new Map();
  #waiting = new Map();
  #serial = 0;

  constructor(name, myId) {
    this.name = name;
    this.myId = myId;
  }

  /** Who is there, by name, oneself included. */
  members() {
    return [...this.#members].map(([id, { name }]) => ({ id, name })).sort((a, b) => a.name.localeCompare(b.name));
  }

  /** Takes in an event of the room's address; true when it deserves attention. */
  accept(event, now) {
    const id = event.subject;
    const { data } = event;
    if (!id || typeof data?.name !== 'string') return false;
    const name = data.name.slice(0, MAX_NAME) || 'nobody';
    if (event.type === 'left') return this.#leaves(id, name, event);
    const known = this.#members.get(id);
    this.#members.set(id, { name, at: now });
    if (event.type === 'joined' && !known && id !== this.myId) this.note(`${name} came`, event.time);
    else if (known && known.name !== name) this.note(`${known.name} is now ${name}`, event.time);
    if (event.type !== 'said' || typeof data.text !== 'string') return false;
    this.#waiting.delete(event.id);
    this.#add({ kind: 'said', own: id === this.myId, author: id, name, text: data.text, time: event.time });
    return id !== this.myId;
  }

  #leaves(id, name, event) {
    if (this.#members.delete(id) && id !== this.myId) this.note(`${name} went`, event.time);
    return false;
  }

  /** Drops those who have been silent for too long: their browser is gone without a word. */
  audit(now) {
    for (const [id, { name, at }] of this.#members) {
      if (id === this.myId || now - at < SILENCE_MILLIS) continue;
      this.#members.delete(id);
      this.note(`${name} is gone`, new Date(now).toISOString());
    }
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

/** The name of a room as a segment of an address, or undefined when nothing is left of it. */
export function roomName(text) {
  const name = text.trim().toLowerCase().replace(/^#/, '').replace(/[^a-z0-9_~@:+-]+/g, '-').replace(/^-+|-+$/g, '').slice(0, 40);
  return name === '' ? undefined : name;
}
