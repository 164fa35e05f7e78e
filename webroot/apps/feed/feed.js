import { html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { entryOf, filterOf } from '/apps/feed/filter.js';
import { tree } from '/apps/feed/tree.js';
import { connection } from '/apps/shared/bus.js';
import { PageElement } from '/apps/shared/element.js';
import { clock } from '/apps/shared/format.js';

const KEPT = 500;
const SHOWN = 120;
const REDRAW_MILLIS = 200;
const ADDRESSES = ['chat.*', 'clicks', 'access', 'host.metrics', 'node.metrics'];

/** The events themselves, as they come: filter, pause, look inside. Redraws at most five times a second, however many come. */
class WeirFeed extends PageElement {
  static properties = { paused: { state: true }, filter: { state: true }, selected: { state: true } };

  #emitters = new Map();
  #entries = [];
  #held = [];
  #heard = 0;
  #drawing;
  #wrong = new Map(); // address to the code of its refusal

  constructor() {
    super();
    this.paused = false;
    this.filter = '';
    for (const address of ADDRESSES) this.#listen(address);
  }

  #listen(address) {
    const emitter = connection.emitter(address);
    emitter.on('error', error => {
      this.#wrong.set(address, error.code);
      this.requestUpdate();
    });
    emitter.on('*', (data, event) => this.#take(event));
    this.#emitters.set(address, emitter);
  }

  #toggle(address) {
    const emitter = this.#emitters.get(address);
    if (!emitter) return this.#listenAgain(address);
    emitter.removeAllListeners();
    this.#emitters.set(address, undefined);
    this.requestUpdate();
  }

  #listenAgain(address) {
    this.#wrong.delete(address);
    this.#listen(address);
    this.requestUpdate();
  }

  #add(event) {
    event.preventDefault();
    const field = event.target.elements.address;
    const address = field.value.trim();
    if (address === '' || address.length > 200) return;
    field.value = '';
    if (!this.#emitters.get(address)) this.#listenAgain(address);
  }

  #take(event) {
    const list = this.paused ? this.#held : this.#entries;
    list.push(entryOf(++this.#heard, event, Date.now()));
    if (list.length > KEPT * 2) list.splice(0, list.length - KEPT);
    this.#drawing ??= setTimeout(() => {
      this.#drawing = undefined;
      this.requestUpdate();
    }, REDRAW_MILLIS);
  }

  #pause() {
    this.paused = !this.paused;
    if (this.paused) return;
    this.#entries = this.#entries.concat(this.#held).slice(-KEPT);
    this.#held = [];
  }

  #clear() {
    this.#entries = [];
    this.#held = [];
    this.selected = undefined;
    this.requestUpdate();
  }

  render() {
    const matches = filterOf(this.filter);
    const found = this.#entries.filter(matches).slice(-SHOWN).reverse();
    return html`<section class="card">
      <header>
        <h2>Feed</h2><span class="note number">${this.#heard.toLocaleString('en')} events</span>
        <input class="field push" type="search" placeholder="Filter: type:click or a word…" aria-label="Filter"
          .value=${this.filter} @input=${event => (this.filter = event.target.value)}>
        <button class="button" aria-pressed=${this.paused} @click=${() => this.#pause()}>${this.paused ? `Resume (${this.#held.length})` : 'Pause'}</button>
        <button class="button" @click=${() => this.#clear()}>Clear</button>
      </header>
      <div class="addresses" role="group" aria-label="Addresses">
        ${[...this.#emitters].map(([address, emitter]) => html`<button class="button ${this.#wrong.has(address) ? 'wrong' : ''}"
          aria-pressed=${emitter !== undefined} title=${this.#wrong.get(address) ?? nothing} @click=${() => this.#toggle(address)}>${address}</button>`)}
        <form @submit=${event => this.#add(event)}><input class="field" name="address" placeholder="Address…" aria-label="Another address" size="9"></form>
      </div>
      <div class="panes ${this.selected ? 'open' : ''}">
        <div class="list" role="group" aria-label="Events, newest first" tabindex="-1">
          ${found.length === 0 ? html`<p class="empty note">${this.#heard ? 'Nothing matches the filter.' : 'Waiting for events.'}</p>` : nothing}
          ${repeat(found, entry => entry.key, entry => this.#row(entry))}
        </div>
        ${this.selected ? this.#inspector(this.selected) : nothing}
      </div>
    </section>`;
  }

  #row(entry) {
    const { event, json } = entry;
    return html`<button class="row" aria-pressed=${this.selected?.key === entry.key} @click=${() => (this.selected = this.selected?.key === entry.key ? undefined : entry)}>
      <time class="number">${clock(event.time ?? entry.received)}</time>
      <span class="address">${event.address}</span><span class="type">${event.type}</span><span class="json">${json}</span>
    </button>`;
  }

  #inspector({ event, json }) {
    const { id, source, type, subject, time, address, offset, epoch, extensions, data } = event;
    const attributes = Object.entries({ address, type, id, source, subject, time, offset, epoch, ...extensions }).filter(([, value]) => value !== undefined);
    return html`<aside class="inspector" aria-label="One event">
      <div class="bar"><h3>${type}</h3>
        <button class="button push" @click=${() => navigator.clipboard?.writeText(json)}>Copy data</button>
        <button class="button" @click=${() => (this.selected = undefined)} aria-label="Close">✕</button></div>
      <dl>${attributes.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>
      <div class="tree">${tree(data)}</div>
    </aside>`;
  }
}

customElements.define('weir-feed', WeirFeed);
