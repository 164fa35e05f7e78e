import { html, nothing } from 'lit';
import { PageElement } from '/apps/shared/element.js';
import { clock, count } from '/apps/shared/format.js';
import '../shared/rows.js';

const ADDRESS = 'weir.audit';
const PATH = `/v1/addresses/${ADDRESS}/events`;
const DAY = 86_400_000;
const SPANS = [['1', '24 hours'], ['7', '7 days'], ['90', '90 days']];
const PAGE = 1000;
const MOST = 10_000;
const TONES = { done: 'good', refused: 'warn', failed: 'bad' };
const WAYS = { http: 'over HTTP', bridge: 'over the bridge', console: 'in the console', signal: 'by a signal' };
const NARROW = matchMedia('(max-width: 700px)');

/** Who did what: what is kept of the record, and what is added to it while the page is open. */
class WeirAuditView extends PageElement {
  static properties = {
    session: { attribute: false }, route: { attribute: false }, entries: { state: true }, kept: { state: true }, days: { state: true },
    who: { state: true }, action: { state: true }, outcome: { state: true }, chosen: { state: true }, problem: { state: true },
  };

  #emitter;
  #round = 0;
  #seen = new Set();
  #heard = (data, event) => this.#add([entryOf(event.id, event.type, event.time, data)]);
  #again = () => this.#read();
  #failed = error => (this.problem = error.message);
  #turned = () => this.requestUpdate();

  constructor() {
    super();
    Object.assign(this, { entries: [], kept: undefined, days: '1', who: '', action: '', outcome: '' });
  }

  connectedCallback() {
    super.connectedCallback();
    this.#emitter = this.session.connection.emitter(ADDRESS)
      .on('*', this.#heard).on('recovered', this.#again).on('error', this.#failed);
    NARROW.addEventListener('change', this.#turned);
    // Nothing that is done between the two is missed: whoever listens is told what comes, and then reads what was there before.
    this.#emitter.ready().catch(() => {}).then(() => this.isConnected && this.#read());
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#round++;
    this.#emitter.off('*', this.#heard).off('recovered', this.#again).off('error', this.#failed);
    NARROW.removeEventListener('change', this.#turned);
  }

  willUpdate(changed) {
    if (!changed.has('route')) return;
    const { query } = this.route;
    Object.assign(this, { who: query.get('who') ?? this.who, action: query.get('action') ?? this.action });
  }

  /** All that is kept of the span, page by page; what comes meanwhile is added to it. */
  async #read() {
    const round = ++this.#round;
    const after = new Date(Date.now() - Number(this.days) * DAY).toISOString();
    this.problem = undefined;
    try {
      let since;
      for (let read = 0; read < MOST; read += PAGE) {
        const query = { limit: PAGE, after, ...(since && { since }) };
        const { events, next } = await this.session.api(PATH, { query });
        if (round !== this.#round) return;
        this.kept = true;
        this.#add(events.map(({ id, type, time, data }) => entryOf(id, type, time, data)));
        if (events.length < PAGE) return;
        since = next;
      }
    } catch (error) {
      if (round !== this.#round) return;
      if (error.status === 403 || error.code === 'unavailable') this.kept = false;
      else this.problem = error.message;
    }
  }

  #add(entries) {
    const fresh = entries.filter(({ id }) => !this.#seen.has(id));
    if (fresh.length === 0) return;
    fresh.forEach(({ id }) => this.#seen.add(id));
    this.entries = [...this.entries, ...fresh].sort((a, b) => b.at - a.at).slice(0, MOST);
  }

  #matching() {
    const who = this.who.trim().toLowerCase();
    const from = Date.now() - Number(this.days) * DAY;
    return this.entries.filter(entry => entry.at >= from
      && (who === '' || `${entry.by} ${entry.from}`.toLowerCase().includes(who))
      && (this.action === '' || entry.action === this.action)
      && (this.outcome === '' || entry.outcome === this.outcome));
  }

  #span(event) {
    this.days = event.target.value;
    this.#read();
  }

  render() {
    const shown = this.#matching();
    const chosen = this.entries.find(({ id }) => id === this.chosen);
    return html`<div class="stack">
      <p class="problem" role="alert">${this.problem ?? ''}</p>
      ${this.kept === false ? this.#unkept() : nothing}
      <section class="card">
        <header>${this.#filters()}<span class="note push" role="status">${this.#words(shown.length)}</span></header>
        ${shown.length === 0 ? this.#empty() : html`<weir-rows .items=${shown} .columns=${columns()} .key=${entry => entry.id} .chosen=${this.chosen}
          label="What was done, the newest first" @choose=${event => (this.chosen = event.detail.id)}></weir-rows>`}
      </section>
      ${chosen ? this.#details(chosen) : nothing}
    </div>`;
  }

  #words(n) {
    if (this.kept === undefined && this.entries.length === 0) return 'Reading…';
    const all = n === 1 ? '1 entry' : `${count(n)} entries`;
    return this.entries.length >= MOST ? `${all}, of the newest ${count(MOST)}` : all;
  }

  #filters() {
    const actions = [...new Set([...this.entries.map(({ action }) => action), ...(this.action ? [this.action] : [])])].sort();
    return html`
      <input class="field" type="search" aria-label="Who, or from where" placeholder="Who, or from where" .value=${this.who}
        @input=${event => (this.who = event.target.value)}>
      <select class="field" aria-label="Action" @change=${event => (this.action = event.target.value)}>
        <option value="">All actions</option>
        ${actions.map(action => html`<option ?selected=${action === this.action}>${action}</option>`)}</select>
      <select class="field" aria-label="Outcome" @change=${event => (this.outcome = event.target.value)}>
        <option value="">All outcomes</option>
        ${Object.keys(TONES).map(outcome => html`<option ?selected=${outcome === this.outcome}>${outcome}</option>`)}</select>
      ${this.kept ? html`<select class="field" aria-label="Since" @change=${this.#span}>
        ${SPANS.map(([days, words]) => html`<option value=${days} ?selected=${days === this.days}>${words}</option>`)}</select>` : nothing}`;
  }

  #unkept() {
    return html`<p class="note">Nothing of this is kept, because no address of this system has <code>keep</code>: below is what is done while this
      page is open. The log of each node has the rest.</p>`;
  }

  #empty() {
    if (this.entries.length > 0) return html`<div class="empty"><h2>Nothing matches</h2><p>Take a filter away, or look further back.</p></div>`;
    return html`<div class="empty"><h2>Nobody has done anything</h2><p>What operators do appears here at once: pausing a flow, replaying a
      dead letter, closing a session, signing in.</p></div>`;
  }

  #details({ id, at, action, by, from, via, outcome, code, message, what }) {
    return html`<section class="card" aria-label="The chosen entry">
      <header><h2><code>${action}</code></h2><span class="pill ${TONES[outcome] ?? ''}">${outcome}</span>
        <button class="button quiet small push" @click=${() => (this.chosen = undefined)}>Close</button></header>
      <div class="inside"><dl class="facts">
        <dt>When</dt><dd><time datetime=${new Date(at).toISOString()}>${new Date(at).toLocaleString()}</time></dd>
        <dt>Who</dt><dd>${by}</dd>
        <dt>From</dt><dd>${from}${via ? `, ${WAYS[via] ?? via}` : ''}</dd>
        ${message ? html`<dt>Why not</dt><dd>${message}${code ? html` <code>${code}</code>` : nothing}</dd>` : nothing}
        ${Object.keys(what).length > 0 ? html`<dt>What</dt><dd><pre class="scroll">${JSON.stringify(what, null, 2)}</pre></dd>` : nothing}
        <dt>Event</dt><dd><a href=${`#/trace/${encodeURIComponent(id)}`}><code>${id}</code></a></dd>
      </dl></div>
    </section>`;
  }
}

function entryOf(id, action, time, data) {
  const { by, from, via, outcome = 'done', code, message, what = {} } = data ?? {};
  const text = value => (typeof value === 'string' ? value : '');
  return {
    id: text(id), action: text(action), at: Date.parse(time) || Date.now(), by: nameOf(by) ?? 'nobody known', from: text(from) || 'the node itself',
    via: text(via), outcome: text(outcome), code: text(code), message: text(message), what: typeof what === 'object' && what !== null ? what : {},
  };
}

function nameOf(by) {
  return typeof by === 'string' ? by.replace(/^console:/, '') : undefined;
}

function columns() {
  const when = { title: 'When', width: '74px', cell: ({ at }) => html`<time datetime=${new Date(at).toISOString()} title=${new Date(at).toLocaleString()}>${moment(at)}</time>` };
  const who = { title: 'Who', width: 'minmax(0, 1fr)', cell: ({ by }) => by };
  const action = { title: 'Action', width: 'minmax(0, 1.3fr)', cell: ({ action: name }) => html`<code>${name}</code>` };
  const outcome = { title: 'Outcome', width: '76px', cell: ({ outcome: one }) => html`<span class="pill ${TONES[one] ?? ''}">${one}</span>` };
  if (NARROW.matches) return [when, who, action, outcome];
  return [when, who, action, outcome,
    { title: 'What', width: 'minmax(0, 2.2fr)', cell: ({ what, message }) => html`${message || summary(what)}` },
    { title: 'From', width: 'minmax(0, 1fr)', cell: ({ from }) => from }];
}

/** The time of today, the day of others. */
function moment(at) {
  const date = new Date(at);
  return date.toDateString() === new Date().toDateString() ? clock(at) : date.toLocaleDateString([], { day: 'numeric', month: 'short' });
}

/** The details as one line. */
function summary(what) {
  return Object.entries(what).map(([key, value]) => `${key} ${typeof value === 'string' ? value : JSON.stringify(value)}`).join(', ');
}

customElements.define('weir-audit-view', WeirAuditView);
