import { html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { Room, roomName } from '/apps/chat/room.js';
import { connection, me, presenceKey, rename } from '/apps/shared/bus.js';
import { PageElement } from '/apps/shared/element.js';
import { clock } from '/apps/shared/format.js';

const LIMIT = 1000;

/** Rooms where people talk; each room is the address `chat.<room>`, what is said in it an event, who is there its presence. */
class WeirChat extends PageElement {
  static properties = { room: { state: true } };

  #rooms = new Map();
  #emitters = new Map();
  #presence;
  #title = document.title;
  #unseen = 0;

  constructor() {
    super();
    for (const name of ['lobby', 'ideas', 'random']) this.#open(name);
    this.#enter(this.#rooms.get(roomName(new URLSearchParams(location.search).get('room') ?? '') ?? 'lobby') ?? this.#rooms.get('lobby'));
    addEventListener('pagehide', () => this.#presence.close());
    addEventListener('pageshow', ({ persisted }) => persisted && this.#enter(this.room));
    document.addEventListener('visibilitychange', () => document.hidden || this.#seen());
  }

  // ---- rooms

  #open(name) {
    const room = new Room(name, me.id);
    const emitter = connection.emitter(`chat.${name}`);
    emitter.on('*', (data, event) => this.#heard(room, event)).on('error', error => this.#note(room, error.message, 'bad'));
    this.#rooms.set(name, room);
    this.#emitters.set(name, emitter);
    // Listening first: nothing said in between is missed, and what comes twice is known by its id.
    emitter.ready().then(() => this.#remember(room)).catch(() => {}); // who may not listen is told by the emitter
    return room;
  }

  async #remember(room) {
    const answer = await fetch(`/v1/addresses/${encodeURIComponent(`chat.${room.name}`)}/events?limit=${LIMIT}`);
    if (!answer.ok) return; // a policy without history: the room begins now
    room.remember((await answer.json()).events);
    this.requestUpdate();
  }

  #enter(room) {
    this.room = room;
    room.unread = 0;
    this.#presence?.close();
    this.#presence = this.#emitters.get(room.name).presence({ key: presenceKey });
    room.follow(this.#presence.on('error', error => this.#note(room, error.message, 'bad')).on('change', () => this.requestUpdate()));
    this.#presence.join({ name: me.name }).catch(error => this.#note(room, error.message, 'bad'));
    if (room.entries.length === 0) room.note(`Welcome to #${room.name}, ${me.name}. What you write here reaches everyone in the room.`);
  }

  #change(room) {
    if (room !== this.room) this.#enter(room);
  }

  #add(event) {
    event.preventDefault();
    const field = event.target.elements.room;
    const name = roomName(field.value);
    if (!name) return;
    field.value = '';
    this.#change(this.#rooms.get(name) ?? this.#open(name));
  }

  #heard(room, event) {
    const matters = room.accept(event);
    if (matters && room !== this.room) room.unread++;
    if (matters && document.hidden) document.title = `(${++this.#unseen}) ${this.#title}`;
    this.requestUpdate();
  }

  #seen() {
    this.#unseen = 0;
    document.title = this.#title;
  }

  // ---- speaking

  async #send(event) {
    event.preventDefault();
    const field = event.target.elements.text;
    const text = field.value.trim();
    if (text === '') return;
    field.value = '';
    const { room } = this;
    const id = Array.from(crypto.getRandomValues(new Uint32Array(4)), n => n.toString(36)).join('');
    room.sending(id, text);
    this.requestUpdate();
    try {
      await this.#emitters.get(room.name).emit('said', { name: me.name, text }, { key: me.id, id });
    } catch (error) {
      this.#note(room, `Not sent: “${text}”. ${error.message}`, 'bad');
    }
    room.settled(id);
    this.requestUpdate();
  }

  #rename(event) {
    const name = event.target.value.trim().slice(0, 32);
    if (name === '' || name === me.name) return void (event.target.value = me.name);
    rename(name);
    this.#presence.join({ name: me.name });
  }

  #note(room, text, tone) {
    room.note(text, new Date().toISOString(), tone);
    this.requestUpdate();
  }

  // ---- looks

  updated() {
    const log = this.querySelector('.log');
    log.scrollTop = log.scrollHeight;
  }

  render() {
    const members = this.room.members();
    return html`<section class="card">
      <header>
        <h2>Chat</h2><code class="note">chat.${this.room.name}</code>
        <label class="name push"><span class="note">You are</span>
          <input class="field" maxlength="32" .value=${me.name} @change=${event => this.#rename(event)} aria-label="Your name"></label>
      </header>
      <div class="rooms" role="group" aria-label="Rooms">
        ${[...this.#rooms.values()].map(room => html`<button class="button" aria-pressed=${room === this.room} @click=${() => this.#change(room)}>
          #${room.name}${room.unread ? html`<span class="unread number" aria-label="${room.unread} unread">${room.unread}</span>` : nothing}</button>`)}
        <form @submit=${event => this.#add(event)}><input class="field" name="room" placeholder="New room…" aria-label="New room" maxlength="40" size="9"></form>
      </div>
      <div class="log" role="log" aria-live="polite" aria-label="Messages in ${this.room.name}" tabindex="0">
        ${repeat([...this.room.entries, ...this.room.waiting()], entry => `${this.room.name} ${entry.key}`, (entry, i) => this.#entry(entry, this.room.entries[i - 1]))}
      </div>
      <p class="present note" title=${members.map(({ name }) => name).join(', ')}>
        <b class="number">${this.room.count()}</b> here${members.length ? html`: ${members.map(({ name }) => name).join(', ')}` : nothing}</p>
      <form class="composer" @submit=${event => this.#send(event)}>
        <input class="field" name="text" maxlength="2000" autocomplete="off" placeholder="Message #${this.room.name}" aria-label="Message">
        <button class="button primary">Send</button>
      </form>
    </section>`;
  }

  #entry(entry, before) {
    if (entry.kind === 'note') return html`<p class="line ${entry.tone}">${entry.text}${entry.time ? html` <time>${clock(entry.time, false)}</time>` : nothing}</p>`;
    const goesOn = before?.kind === 'said' && before.author === entry.author;
    return html`<div class="said ${entry.own ? 'own' : ''} ${entry.waiting ? 'waiting' : ''} ${goesOn ? 'goes-on' : ''}">
      ${goesOn || entry.own ? nothing : html`<span class="author tone-${tone(entry.author)}">${entry.name}</span>`}
      <p>${entry.text}<time>${entry.waiting ? 'sending' : clock(entry.time, false)}</time></p>
    </div>`;
  }
}

function tone(id) {
  return [...id].reduce((sum, char) => sum + char.charCodeAt(0), 0) % 5;
}

customElements.define('weir-chat', WeirChat);
