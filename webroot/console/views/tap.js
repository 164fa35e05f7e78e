import { html, nothing } from 'lit';
import { PageElement } from '/apps/shared/element.js';
import { count } from '/apps/shared/format.js';
import { hrefOf } from '../router.js';
import '../shared/rows.js';
import { emitAgain } from './tap/again.js';
import { columnsOf, KNOWN, storeColumns, storedColumns } from './tap/columns.js';
import './tap/detail.js';
import { TapStream } from './tap/stream.js';

const KEPT = 5000;
const REFRESH_MILLIS = 500;
const RATES = [50, 200, 500, 1000, 2000];
const USUAL_RATE = 200;
const PLACE = /^filter, (?:line (\d+), )?column (\d+): /;

/** Live events of any address or pattern: a list that does not slow down, and one of them in full. */
class TapView extends PageElement {
  static properties = {
    session: { attribute: false }, route: { attribute: false }, wanted: { state: true }, tapped: { state: true }, isPaused: { state: true },
    problem: { state: true }, wrongFilter: { state: true }, addresses: { state: true }, chosen: { state: true }, names: { state: true }, rates: { state: true },
  };

  #stream;
  #entries = []; // the newest first
  #held = [];
  #lost = 0;
  #count = 0;
  #timer;

  constructor() {
    super();
    Object.assign(this, { wanted: { pattern: '', filter: '', rate: USUAL_RATE }, addresses: [], names: storedColumns(), columns: [] });
  }

  connectedCallback() {
    super.connectedCallback();
    this.#timer = setInterval(() => this.#refresh(), REFRESH_MILLIS);
    this.session.api('/v1/addresses').then(({ addresses }) => (this.addresses = addresses.map(({ address }) => address).filter(isOfUsers)), () => {});
    if (this.tapped) this.#open(this.tapped); // it was only moved
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearInterval(this.#timer);
    this.#stream?.close();
    this.#stream = undefined;
  }

  willUpdate(changed) {
    if (changed.has('names')) this.columns = columnsOf(this.names);
    if (!changed.has('route')) return;
    const { query } = this.route;
    const pattern = query.get('address') ?? '';
    const filter = query.get('filter') ?? '';
    const rate = RATES.find(each => String(each) === query.get('rate')) ?? USUAL_RATE;
    const now = this.tapped;
    if (pattern === '' || (pattern === now?.pattern && filter === now.filter && rate === now.rate)) return;
    this.#open({ pattern, filter, rate });
  }

  async #open(wanted) {
    this.wanted = wanted;
    this.problem = this.wrongFilter = undefined;
    this.#stream ??= new TapStream(this.session, { events: events => this.#take(events), failed: error => (this.problem = error.message) });
    try {
      await this.#stream.look(wanted);
      if (wanted.pattern !== this.tapped?.pattern) this.#clear();
      this.tapped = wanted;
      this.isPaused = false;
      history.replaceState(null, '', hrefOf(['tap'], { address: wanted.pattern, filter: wanted.filter, rate: wanted.rate === USUAL_RATE ? '' : wanted.rate }));
    } catch (error) {
      if (PLACE.test(error.message)) this.wrongFilter = error.message;
      else this.problem = error.message;
    }
  }

  #stop() {
    this.#stream?.close();
    this.#stream = undefined;
    this.tapped = undefined;
    this.isPaused = false;
    this.#resume();
  }

  #submit(event) {
    event.preventDefault();
    const fields = new FormData(event.target);
    const pattern = fields.get('pattern').trim();
    if (pattern === '') this.problem = 'Name an address such as orders, a pattern such as sensors.*, or ** for all.';
    else this.#open({ pattern, filter: fields.get('filter').trim(), rate: Number(fields.get('rate')) });
  }

  #take(events) {
    const entries = events.map(event => ({ key: ++this.#count, event })).reverse();
    if (!this.isPaused) return this.#show(entries.concat(this.#entries));
    this.#held = entries.concat(this.#held);
    this.#lost += Math.max(0, this.#held.length - KEPT);
    this.#held.length = Math.min(KEPT, this.#held.length);
  }

  /** The list alone is drawn again for each frame, not what is around it. */
  #show(entries) {
    const first = this.#entries.length === 0;
    this.#entries = entries.length > KEPT ? entries.slice(0, KEPT) : entries;
    const list = this.querySelector('weir-rows');
    if (list && this.#entries.length > 0) list.items = this.#entries;
    if (first || !list) this.requestUpdate();
  }

  #refresh() {
    if (!this.tapped || document.hidden) return;
    this.rates = this.#stream?.rates.get();
  }

  #pause() {
    this.isPaused = !this.isPaused;
    if (!this.isPaused) this.#resume();
  }

  #resume() {
    const held = this.#held;
    this.#held = [];
    this.#lost = 0;
    this.#show(held.concat(this.#entries));
  }

  #clear() {
    Object.assign(this, { chosen: undefined });
    this.#entries = [];
    this.#held = [];
    this.#lost = 0;
    this.requestUpdate();
  }

  #keyed(event) {
    if (event.key !== 'Escape' || !this.chosen) return;
    this.chosen = undefined;
    this.querySelector('weir-rows .rows')?.focus();
  }

  #columns(names) {
    this.names = names;
    storeColumns(names);
  }

  #addColumn(name) {
    if (name !== '' && name.length <= 100 && !this.names.includes(name)) this.#columns([...this.names, name]);
  }

  render() {
    return html`${this.#form()}<section class="card tap">
      <header>${this.#state()}
        <span class="bar push">
          <button class="button small" ?disabled=${!this.tapped} aria-pressed=${String(Boolean(this.isPaused))} @click=${() => this.#pause()}>${this.isPaused ? 'Resume' : 'Pause'}</button>
          <button class="button small" ?disabled=${this.#entries.length === 0} @click=${() => this.#clear()}>Clear</button>
          <button class="button small" ?disabled=${!this.tapped} @click=${() => this.#stop()}>Stop</button>
          ${this.#chooser()}
        </span></header>
      <div class="panes ${this.chosen ? 'open' : ''}" @keydown=${this.#keyed}>${this.#list()}${this.chosen ? this.#detail() : nothing}</div>
    </section>`;
  }

  #form() {
    const { pattern, filter, rate } = this.wanted;
    return html`<form class="card tap-form" @submit=${this.#submit}>
      <label class="pattern">Address or pattern
        <input class="field mono" name="pattern" list="tap-addresses" .value=${pattern} placeholder="orders, sensors.*, **" autocomplete="off" spellcheck="false" autocapitalize="off" maxlength="200"></label>
      <label class="filter">Only where
        <input class="field mono" name="filter" .value=${filter} placeholder="event.data.amount > 100" autocomplete="off" spellcheck="false" autocapitalize="off" maxlength="2000"
          aria-invalid=${String(this.wrongFilter !== undefined)} aria-describedby="tap-filter-problem"></label>
      <label>A second, per node
        <select class="field" name="rate">${RATES.map(each => html`<option value=${each} ?selected=${each === rate}>${count(each)}</option>`)}</select></label>
      <button class="button primary">${this.tapped ? 'Apply' : 'Tap'}</button>
      <datalist id="tap-addresses">${[...this.addresses, '**', 'weir.**'].map(address => html`<option value=${address}></option>`)}</datalist>
      <div id="tap-filter-problem" role="alert">${this.wrongFilter ? this.#filterProblem() : nothing}</div>
      <p class="problem" role="alert">${this.problem ?? nothing}</p>
    </form>`;
  }

  /** What is wrong with the filter, below the place where it is. */
  #filterProblem() {
    const [prefix, line, column] = PLACE.exec(this.wrongFilter);
    const text = this.wanted.filter.split('\n')[(line ?? 1) - 1] ?? '';
    return html`<pre class="place" aria-hidden="true">${text}\n${' '.repeat(column - 1)}^</pre>
      <p class="bad">Column ${column}: ${this.wrongFilter.slice(prefix.length)}</p>`;
  }

  /** What is shown of what there is, in words. */
  #state() {
    if (!this.tapped) return html`<h2>Events</h2><span class="note">${this.#entries.length > 0 ? `Stopped, ${count(this.#entries.length)} events` : 'Nothing is tapped'}</span>`;
    const { seen = 0, fit = 0, sent = 0, failed = 0 } = this.rates ?? {};
    const shown = sent < fit - 0.5 || seen > fit + failed + 0.5 ? `showing ${count(sent)} of ${count(seen)} events/s` : `${count(seen)} events/s, all shown`;
    const filtered = this.tapped.filter !== '' && fit < seen ? `, ${count(fit)} of them fit the filter` : '';
    return html`<h2 class="mono">${this.tapped.pattern}</h2>
      <span class="note number rates">${this.isPaused ? this.#paused() : html`${shown}${filtered}; ${count(this.#entries.length)} here, at most ${count(KEPT)}`}</span>
      ${failed > 0 ? html`<span class="pill warn failing" title=${this.#stream?.rates.problem ?? nothing}>the filter has no value for ${count(failed)}/s: ${this.#stream?.rates.problem}</span>` : nothing}`;
  }

  #paused() {
    const lost = this.#lost > 0 ? `, ${count(this.#lost)} older ones fell out` : '';
    const newer = this.#held.length === 1 ? '1 newer event waits' : `${count(this.#held.length)} newer events wait`;
    return `Paused: ${newer}, at most ${count(KEPT)}${lost}`;
  }

  #list() {
    if (this.#entries.length === 0) return this.#empty();
    return html`<weir-rows label="Events, the newest first" .items=${this.#entries} .columns=${this.columns} .key=${keyOf} .chosen=${this.chosen?.key}
      @choose=${({ detail }) => (this.chosen = detail)}></weir-rows>`;
  }

  #empty() {
    if (this.tapped) {
      return html`<div class="empty"><h2>Nothing yet</h2><p>Events appear here as they come. Make one:
        <code>scripts/weir publish ${/[*]/.test(this.tapped.pattern) ? 'ADDRESS' : this.tapped.pattern} --data '{}'</code></p></div>`;
    }
    const some = [...this.addresses.slice(0, 8), '**'];
    return html`<div class="empty"><h2>See events as they come</h2>
      <p>Name an address or a pattern above. Nobody who publishes or listens notices.</p>
      <p class="bar">${some.map(address => html`<a class="button small mono" href=${hrefOf(['tap'], { address })}>${address}</a>`)}</p></div>`;
  }

  #detail() {
    const { event } = this.chosen;
    return html`<weir-tap-detail role="region" aria-label="One event" .event=${event} .mayAct=${this.session.can('act')}
      @close=${() => (this.chosen = undefined)} @again=${() => emitAgain(this.session, event)} @column=${({ detail }) => this.#addColumn(detail)}></weir-tap-detail>`;
  }

  #chooser() {
    const own = this.names.filter(name => !Object.hasOwn(KNOWN, name));
    const toggle = name => this.#columns(this.names.includes(name) ? this.names.filter(each => each !== name) : [...this.names, name]);
    return html`<details class="chooser"><summary class="button small">Columns</summary>
      <form class="choices" @submit=${event => {
        event.preventDefault();
        const field = event.target.elements.path;
        this.#addColumn(field.value.trim());
        field.value = '';
      }}>
        ${[...Object.keys(KNOWN), ...own].map(name => html`<label><input type="checkbox" .checked=${this.names.includes(name)}
          ?disabled=${this.names.length === 1 && this.names[0] === name} @change=${() => toggle(name)}> ${KNOWN[name]?.title ?? html`<code>${name}</code>`}</label>`)}
        <span class="bar"><input class="field mono" name="path" placeholder="data.amount" aria-label="Another column, as a path" maxlength="100" spellcheck="false" autocapitalize="off">
          <button class="button small">Add</button></span>
      </form></details>`;
  }
}

function keyOf({ key }) {
  return key;
}

function isOfUsers(address) {
  return !address.startsWith('weir.');
}

customElements.define('weir-tap-view', TapView);
