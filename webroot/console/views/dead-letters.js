import { html, nothing } from 'lit';
import { PageElement } from '/apps/shared/element.js';
import { clock, count } from '/apps/shared/format.js';
import { throughAll } from '../letters/bulk.js';
import '../letters/letter.js';
import { when } from '../letters/when.js';
import { hrefOf } from '../router.js';
import { confirm, toast } from '../shared/dialogs.js';
import '../shared/rows.js';

const PATH = '/v1/dead-letters';
const PAGE = 200;
const MOST = 10_000;
const SETTLE_MILLIS = 400;
const APART_MILLIS = 2000;
const SHARE = 4; // of the time at most one part in so many and one is spent asking
const FIELDS = ['text', 'subscription', 'address', 'type', 'reason', 'error', 'since', 'until'];
const PASTS = [['', 'ever'], ['1h', 'in the last hour'], ['1d', 'in the last day'], ['7d', 'in the last 7 days']];
const MILLIS = { h: 3_600_000, d: 86_400_000 };
const COLUMNS = [
  { title: 'Died', width: '9ch', cell: letter => html`<time title=${letter.time}>${clock(letter.time)}</time>` },
  { title: 'Where', width: 'minmax(90px, 1fr)', cell: letter => (letter.subscription.startsWith('flow.') ? `${letter.subscription} ${letter.hop}` : letter.subscription) },
  { title: 'Type', width: 'minmax(70px, 0.6fr)', cell: ({ event }) => event.type },
  { title: 'Last error', width: 'minmax(120px, 2fr)', cell: letter => letter.failures.at(-1)?.error ?? letter.reason },
];
const DONE = { replay: 'replayed', discard: 'discarded' };

/** Events that could not be processed: how many died where and of what, each of them, and what can be done with them. */
class DeadLettersView extends PageElement {
  static properties = {
    session: { attribute: false }, route: { attribute: false }, letters: { state: true }, next: { state: true }, groups: { state: true },
    letter: { state: true }, problem: { state: true }, outcome: { state: true }, job: { state: true }, loading: { state: true }, rate: { state: true },
  };

  #news;
  #audit;
  #timer;
  #round = 0;
  #stop;
  #asked = -Infinity;
  #took = 0;

  connectedCallback() {
    super.connectedCallback();
    const { connection } = this.session;
    this.#news = connection.emitter('weir.dead-letters').on('*', () => this.#later()).on('error', () => {});
    this.#audit = connection.emitter('weir.audit').on('*', (data, { type }) => type.startsWith('dead-letters.') && this.#later()).on('error', () => {});
    this.#news.on('recovered', () => this.#later());
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#news?.removeAllListeners();
    this.#audit?.removeAllListeners();
    clearTimeout(this.#timer);
    this.#stop?.abort();
  }

  willUpdate(changed) {
    if (!changed.has('route')) return;
    const before = changed.get('route');
    if (before === undefined || String(before.query) !== String(this.route.query)) this.#load();
    if (before?.path[1] !== this.route.path[1]) this.#inspect(this.route.path[1]);
  }

  get #filter() {
    const filter = {};
    for (const name of FIELDS) {
      const value = this.route.query.get(name);
      if (value) filter[name] = name === 'since' && /^\d+[hd]$/.test(value) ? new Date(Date.now() - Number.parseInt(value, 10) * MILLIS[value.at(-1)]).toISOString() : value;
    }
    return filter;
  }

  /** Others come and go meanwhile: looked at again soon, many at once, and the less often the longer it takes. */
  #later() {
    const next = this.#asked + Math.max(APART_MILLIS, SHARE * this.#took);
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#refresh();
    }, Math.max(SETTLE_MILLIS, next - performance.now()));
  }

  async #load() {
    Object.assign(this, { letters: undefined, groups: undefined, next: undefined, problem: undefined });
    await this.#refresh();
  }

  /** As many as are shown already, so that nothing below vanishes. */
  async #refresh() {
    const round = ++this.#round;
    this.#asked = performance.now();
    const filter = this.#filter;
    const shown = Math.max(PAGE, this.letters?.length ?? 0);
    try {
      const [groups, page] = await Promise.all([this.session.api(PATH, { query: { ...filter, group: 'reason' } }), this.#pages(filter, Math.min(shown, 1000))]);
      this.#took = performance.now() - this.#asked;
      if (round !== this.#round) return;
      Object.assign(this, { groups, letters: page.deadLetters, next: page.next, problem: undefined });
    } catch (error) {
      if (round === this.#round) this.problem = error.message;
    }
  }

  /** A page may have few or none and not be the last. */
  async #pages(filter, limit, cursor) {
    const query = { ...filter, limit, ...(cursor ? { cursor } : {}) };
    const page = await this.session.api(PATH, { query });
    return page.deadLetters.length === 0 && page.next ? this.#pages(filter, limit, page.next) : page;
  }

  async #more() {
    const round = this.#round;
    this.loading = true;
    try {
      const page = await this.#pages(this.#filter, PAGE, this.next);
      if (round === this.#round) Object.assign(this, { letters: [...this.letters, ...page.deadLetters], next: page.next });
    } catch (error) {
      this.problem = error.message;
    } finally {
      this.loading = false;
    }
  }

  async #inspect(id) {
    this.letter = this.letters?.find(each => each.id === id);
    if (id === undefined || this.letter) return;
    try {
      const letter = await this.session.api(`${PATH}/${encodeURIComponent(id)}`);
      if (this.route.path[1] === id) this.letter = letter;
    } catch (error) {
      if (this.route.path[1] === id) this.problem = error.message;
    }
  }

  #go(path, query) {
    location.hash = hrefOf(path, query);
  }

  #chosen(letter) {
    this.#go(letter ? ['dead-letters', letter.id] : ['dead-letters'], Object.fromEntries(this.route.query));
  }

  #search(event) {
    event.preventDefault();
    const given = Object.fromEntries([...new FormData(event.target)].map(([name, value]) => [name, value.trim()]));
    this.#go(['dead-letters'], { ...given, error: this.route.query.get('error') ?? '' });
  }

  #group(group) {
    this.#go(['dead-letters'], { ...Object.fromEntries(this.route.query), subscription: group.subscription, reason: group.reason, error: group.error });
  }

  get #count() {
    return this.groups?.groups.reduce((all, { count: n }) => all + n, 0) ?? 0;
  }

  /** Those that were counted, not those that die meanwhile; by the time of the nodes, whatever the browser's is. */
  async #all(op) {
    const newest = Math.max(...[...this.groups.groups.map(({ last }) => last), ...this.letters.slice(0, 1).map(({ time }) => time)].map(Date.parse));
    const filter = { until: new Date(newest + 1).toISOString(), ...this.#filter };
    const n = `${this.groups.complete ? '' : 'more than '}${this.#count.toLocaleString('en')}`;
    const rate = op === 'replay' && this.rate > 0 ? this.rate : undefined;
    const them = this.#count === 1 && this.groups.complete ? 'dead letter' : 'dead letters';
    const sure = await confirm(op === 'discard'
      ? { title: `Discard ${n} ${them}?`, text: 'They are thrown away for good.', action: `Discard ${n}`, danger: true }
      : { title: `Replay ${n} ${them}?`, text: `Each goes back to its subscription or stage as if it were new, the oldest first${rate ? `, ${rate} a second` : ''}.`, action: `Replay ${n}` });
    if (!sure) return;
    this.#stop = new AbortController();
    this.outcome = undefined;
    this.job = { op, done: 0, all: this.#count, problems: new Map() };
    try {
      const { done, problems, stopped } = await throughAll(this.session, { op, filter, rate }, told => (this.job = { ...this.job, ...told }), this.#stop.signal);
      toast(`${count(done)} ${done === 1 ? 'is' : 'are'} ${DONE[op]}${stopped ? ', then it was stopped' : ''}.`);
      this.outcome = [...problems].map(([name, why]) => `${name}: ${why}`).join(' ') || undefined;
    } catch (error) {
      this.outcome = `${count(this.job.done)} ${DONE[op]}, then: ${error.message}`;
    } finally {
      this.job = undefined;
      this.#later();
    }
  }

  render() {
    return html`<div class="stack"><p class="problem" role="alert">${[this.problem, this.outcome].filter(Boolean).join(' ')}</p>
      ${this.#form()}
      ${this.groups === undefined ? (this.problem ? nothing : html`<p class="note" role="status">Asking the node…</p>`) : this.#count === 0 && this.letters?.length === 0 ? this.#none() : html`
        ${this.#groups()}
        <div class="letters" data-open=${this.letter ? 'yes' : nothing}>${this.#list()}
          ${this.letter ? html`<weir-letter .session=${this.session} .letter=${this.letter} @close=${() => this.#chosen()} @gone=${() => this.#gone()} @edited=${({ detail }) => this.#edited(detail)}></weir-letter>` : nothing}</div>`}</div>`;
  }

  #gone() {
    this.letters = this.letters?.filter(({ id }) => id !== this.letter.id);
    this.#chosen();
    this.#later();
  }

  #edited(letter) {
    this.letter = letter;
    this.letters = this.letters?.map(each => (each.id === letter.id ? letter : each));
  }

  #form() {
    const { query } = this.route;
    const value = name => query.get(name) ?? '';
    return html`<form class="bar search" role="search" aria-label="Dead letters" @submit=${this.#search}>
      <input class="field grow" type="search" name="text" aria-label="Text in errors, ids, keys or data" placeholder="Text in errors, ids, keys or data" .value=${value('text')}>
      <input class="field" name="subscription" aria-label="Subscription" placeholder="Subscription" .value=${value('subscription')}>
      <input class="field" name="address" aria-label="Address" placeholder="Address" .value=${value('address')}>
      <input class="field" name="type" aria-label="Type of event" placeholder="Type" .value=${value('type')}>
      <select class="field" name="reason" aria-label="Why it died">${[['', 'any reason'], ['attempts', 'attempts used up'], ['rejected', 'rejected']].map(([key, title]) => html`<option value=${key} ?selected=${value('reason') === key}>${title}</option>`)}</select>
      <select class="field" name="since" aria-label="When it died">${PASTS.map(([key, title]) => html`<option value=${key} ?selected=${value('since') === key}>${title}</option>`)}</select>
      <button class="button primary">Search</button>
      ${query.size > 0 ? html`<a class="button quiet" href="#/dead-letters">Show all</a>` : nothing}
      ${value('error') ? html`<span class="pill accent">error: ${value('error')}</span>` : nothing}</form>`;
  }

  #none() {
    return this.route.query.size > 0
      ? html`<section class="card empty"><h2>None that this finds</h2><p><a href="#/dead-letters">Show all</a></p></section>`
      : html`<section class="card empty"><h2>No dead letters</h2><p>Every event was processed. One that fails at every attempt, of a subscription or in a flow, comes here with its errors and waits to be mended and replayed.</p></section>`;
  }

  #groups() {
    const { groups, complete, looked } = this.groups;
    return html`<section class="card"><header><h2>Why they died</h2><span class="note">names and numbers aside${complete ? '' : `; counted are the newest ${count(looked)}, there are more`}</span></header>
      <div class="scroll groups" tabindex="0" role="group" aria-label="Groups, scrollable"><table class="table">
        <thead><tr><th scope="col" class="number">How many</th><th scope="col">Where</th><th scope="col">Error</th><th scope="col">First</th><th scope="col">Last</th></tr></thead>
        <tbody>${groups.map(group => html`<tr><td class="number">${count(group.count)}</td><td>${group.subscription}${group.subscription.startsWith('flow.') ? ` ${group.hop}` : ''}</td>
          <td class="wide"><button class="link" @click=${() => this.#group(group)}>${group.error || group.reason}</button></td><td>${when(group.first)}</td><td>${when(group.last)}</td></tr>`)}</tbody></table></div></section>`;
  }

  #list() {
    const shown = this.letters ?? [];
    return html`<section class="card"><header><h2>${this.groups.complete ? count(this.#count) : `More than ${count(this.#count)}`} ${this.#count === 1 ? 'dead letter' : 'dead letters'}</h2>
        ${this.session.can('act') ? this.#acts() : nothing}</header>
      ${this.job ? this.#progress() : nothing}
      <weir-rows .label=${'Dead letters, the newest first'} .items=${shown} .columns=${COLUMNS} .key=${({ id }) => id} .chosen=${this.letter?.id} @choose=${({ detail }) => this.#chosen(detail)}></weir-rows>
      ${this.next ? html`<p class="inside bar">${shown.length >= MOST
        ? html`<span class="note">Shown are the newest ${count(MOST)}; narrow the search to see others.</span>`
        : html`<span class="note">The newest ${count(shown.length)}.</span> <button class="button small" ?disabled=${this.loading} @click=${this.#more}>Show more</button>`}</p>` : nothing}</section>`;
  }

  #acts() {
    return html`<span class="bar push"><label class="bar">at <input class="field narrow" type="number" min="0" max="1000" step="any" placeholder="any rate" aria-label="Replays a second" @input=${event => (this.rate = Number(event.target.value))}> a second</label>
      <button class="button small" ?disabled=${this.job} @click=${() => this.#all('replay')}>Replay all…</button>
      <button class="button small" ?disabled=${this.job} @click=${() => this.#all('discard')}>Discard all…</button></span>`;
  }

  #progress() {
    const { op, done, all } = this.job;
    return html`<div class="inside bar" role="status"><progress max=${Math.max(all, done)} .value=${done} aria-label="Dead letters ${DONE[op]}"></progress>
      <span class="number">${count(done)} of ${count(all)} ${DONE[op]}</span><button class="button small" @click=${() => this.#stop.abort()}>Stop</button></div>`;
  }
}

customElements.define('weir-dead-letters-view', DeadLettersView);
