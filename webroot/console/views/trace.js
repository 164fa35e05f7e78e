import { html, nothing, svg } from 'lit';
import { bytes } from '/apps/shared/format.js';
import { PageElement } from '/apps/shared/element.js';
import { hrefOf } from '../router.js';
import { isSampled, laneOf, lanesOf, timelineOf, toneOf, took, treeOf, waterfallOf } from './trace-model.js';

/** What these tell may have happened to what is shown. */
const NEWS = ['weir.dead-letters', 'weir.subscriptions'];
const SETTLE_MILLIS = 400;
const FILTERS = ['by', 'address', 'after', 'before'];

/** Follows an event: where it came from, where it is kept, what became of it and what it caused. */
class TraceView extends PageElement {
  static properties = {
    session: { attribute: false }, route: { attribute: false }, answer: { state: true }, problem: { state: true },
    isSearching: { state: true }, looked: { state: true },
  };

  #asked;
  #round = 0;
  #emitters = [];
  #timer;

  connectedCallback() {
    super.connectedCallback();
    this.#emitters = NEWS.map(address => this.session.connection.emitter(address)
      .on('*', () => this.#soon())
      .on('recovered', () => this.#soon())
      .on('error', () => {})); // without them the button is left
    Promise.allSettled(this.#emitters.map(emitter => emitter.ready())).then(() => this.#soon()); // what came before that was not heard
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
    this.#emitters.splice(0).forEach(emitter => emitter.removeAllListeners());
  }

  willUpdate(changed) {
    if (!changed.has('route')) return;
    const asked = JSON.stringify([this.#id, [...this.route.query]]);
    if (asked === this.#asked) return;
    this.#asked = asked;
    this.answer = this.problem = undefined;
    if (this.#id) this.#look();
  }

  get #id() {
    return this.route?.path[1] ?? '';
  }

  /** Several changes at once are one look. */
  #soon() {
    if (!this.isConnected || !this.#id || this.#timer !== undefined) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#look();
    }, SETTLE_MILLIS);
  }

  async #look() {
    const round = ++this.#round;
    this.isSearching = true;
    try {
      const query = Object.fromEntries(FILTERS.map(name => [name, this.route.query.get(name)]).filter(([, value]) => value));
      const answer = await this.session.api(`/v1/trace/${encodeURIComponent(this.#id)}`, { query });
      if (round !== this.#round) return;
      Object.assign(this, { answer, problem: undefined, looked: new Date() });
    } catch (error) {
      if (round === this.#round) this.problem = error.message;
    } finally {
      if (round === this.#round) this.isSearching = false;
    }
  }

  #follow(event) {
    event.preventDefault();
    const form = new FormData(event.target);
    const id = form.get('id').trim();
    if (id === '') return;
    const href = hrefOf(['trace', id], { by: form.get('by'), address: form.get('address').trim() });
    if (href === location.hash) this.#look();
    else location.hash = href;
  }

  render() {
    return html`<div class="stack">${this.#form()}
      <p class="problem" role="alert">${this.problem ?? ''}</p>
      ${this.answer ? this.#shown(this.answer) : this.#id ? nothing : hint()}
    </div>`;
  }

  #form() {
    const by = this.route.query.get('by') ?? '';
    return html`<section class="card"><form class="inside trace-form" @submit=${this.#follow}>
      <label>Id of an event, a correlation or a trace
        <input class="field mono" name="id" .value=${this.#id} required maxlength="2000" autocomplete="off" spellcheck="false"></label>
      <label>It is <select class="field" name="by">${[['', 'any of them'], ['event', 'an event'], ['correlation', 'a correlation'], ['trace', 'a trace']]
        .map(([value, text]) => html`<option value=${value} ?selected=${value === by}>${text}</option>`)}</select></label>
      <label>Only on the address <input class="field mono" name="address" .value=${this.route.query.get('address') ?? ''} placeholder="any" autocomplete="off" spellcheck="false"></label>
      <div class="bar"><button class="button primary" ?disabled=${this.isSearching}>Follow</button>
        ${this.answer ? html`<button type="button" class="button" @click=${this.#look} ?disabled=${this.isSearching}>Look again</button>` : nothing}</div>
    </form>
    <p class="inside note" role="status">${this.#state()}</p></section>`;
  }

  #state() {
    if (this.isSearching) return 'Searching what is kept…';
    if (!this.answer) return '';
    const { events, facts, searched, truncated } = this.answer;
    const sampled = facts.filter(isSampled).length;
    const many = truncated ? `the newest ${events.length} events` : count(events.length, 'event');
    return `${many}, ${count(facts.length - sampled, 'durable fact')}, ${count(sampled, 'sampled fact')}. Looked at ${this.looked.toLocaleTimeString()}: about ${count(searched.events ?? 0, 'kept event')} of ${count(searched.logs ?? 0, 'log')}. It looks again when a delivery dies or a subscription changes.`;
  }

  #shown(answer) {
    const rows = treeOf(answer);
    const numbers = new Map(rows.map(({ event, number }) => [event.id, number]));
    return html`${rows.length > 0 ? html`${tree(rows)}${timeline(answer, numbers)}${waterfall(answer, numbers)}` : html`<section class="empty"><h2>Nothing was found</h2>
      <p>Nothing that is kept has this id. Below is why that may be.</p></section>`}${this.#unknown(answer)}`;
  }

  #unknown({ unknown, searched }) {
    if (unknown.length === 0) return nothing;
    const { path, query } = this.route;
    const older = searched.backTo && hrefOf(path, { ...Object.fromEntries(query), before: searched.backTo });
    return html`<section class="card"><header><h2>Not known, and why</h2></header>
      <ul class="inside trace-unknown">${unknown.map(({ about, why }) => html`<li><b>${about}</b> ${why}</li>`)}</ul>
      ${older ? html`<p class="inside"><a class="button" href=${older}>Search what is older</a></p>` : nothing}</section>`;
  }
}

function count(n, what) {
  return `${n} ${what}${n === 1 ? '' : 's'}`;
}

function hint() {
  return html`<section class="empty"><h2>Follow an event</h2>
    <p>Give the id that publishing answered, that a dead letter or the tap shows, or the trace id of a <code>traceparent</code>.</p>
    <p>Where events are kept, what became of them is always known. Times of each stage and counts of sessions are known of sampled events: send
      the header <code>weir-trace: 1</code> with one to have its way recorded.</p></section>`;
}

/** Durable and sampled are told apart by their words and by their shape. */
function mark(fact) {
  const sampled = isSampled(fact);
  const shape = sampled ? svg`<circle cx="5" cy="5" r="3.5" fill="none" stroke="currentColor" stroke-width="1.6"/>` : svg`<rect x="1.2" y="1.2" width="7.6" height="7.6" fill="currentColor"/>`;
  return html`<span class="trace-mark"><svg width="10" height="10" aria-hidden="true">${shape}</svg>${sampled ? 'sampled' : 'durable'}</span>`;
}

function tree(rows) {
  return html`<section class="card"><header><h2>Events and what caused them</h2></header>
    <ul class="trace-tree">${rows.map(({ event, number, depth }) => html`<li data-depth=${Math.min(depth, 6)}>
      <div class="bar"><span class="pill accent">${number}</span>${depth > 0 ? html`<span class="note">caused by it</span>` : nothing}
        ${event.address ? html`<a class="mono" href=${hrefOf(['addresses', event.address])}>${event.address}</a> <b>${event.type}</b>` : html`<span class="note">not kept: known by what was recorded</span>`}
        <a class="mono" href=${hrefOf(['trace', event.id])}>${event.id}</a>
        ${event.from && event.from !== 'journal' ? html`<span class="pill warn">a copy, from ${event.from}</span>` : nothing}</div>
      ${event.address ? details(event) : nothing}</li>`)}</ul></section>`;
}

function details(event) {
  const known = [
    ['Kept', event.offset === undefined ? undefined : `${event.epoch}:${event.offset}${event.keptAt ? `, ${event.keptAt}` : ''}`],
    ['From', [event.source, event.authid && `signed in as ${event.authid}`, event.weirsession && `session ${event.weirsession}`].filter(Boolean).join(', ')],
    ['Key', event.subject], ['Time', event.time], ['Correlation', event.correlationid], ['Cause', event.causationid], ['traceparent', event.traceparent],
  ].filter(([, value]) => value);
  const data = event.data !== undefined ? JSON.stringify(event.data, null, 2) : event.data_base64;
  const none = event.bytes > 0 ? `${bytes(event.bytes)}, too large to show here; read them from the address` : 'none';
  return html`<details><summary>Attributes and data</summary>
    <dl class="facts">${known.map(([name, value]) => html`<dt>${name}</dt><dd class="mono">${value}</dd>`)}</dl>
    ${data === undefined ? html`<p class="note">Data: ${none}</p>` : html`<pre class="trace-data" tabindex="0" aria-label="Data">${data}</pre>`}</details>`;
}

/** One table: a row for each fact, in the lane of whoever did it. On a phone the lanes become words. */
function timeline(answer, numbers) {
  const { timed, untimed } = timelineOf(answer);
  const lanes = lanesOf(answer);
  const show = (fact, after) => row(fact, after, numbers, lanes);
  return html`<section class="card"><header><h2>Timeline</h2><span class="push note">${timed.length > 0 ? timed[0].at : ''}</span></header>
    <div class="scroll" tabindex="0" role="region" aria-label="Timeline"><table class="table trace-lanes">
      <thead><tr><th scope="col" class="number">After</th><th scope="col">Event</th>${lanes.map(({ title }) => html`<th scope="col">${title}</th>`)}</tr></thead>
      <tbody>${timed.map(fact => show(fact, `+${took(fact.since)}`))}</tbody>
      ${untimed.length > 0 ? html`<tbody><tr><th scope="rowgroup" colspan=${lanes.length + 2}>As it is now; when it came about is not kept</th></tr>${untimed.map(fact => show(fact, ''))}</tbody>` : nothing}
    </table></div></section>`;
}

function row(fact, after, numbers, lanes) {
  const lane = laneOf(fact);
  return html`<tr data-tone=${toneOf(fact)}><td class="number" title=${fact.at ?? ''}>${after}</td><td>${numbers.has(fact.event) ? html`<span class="pill">${numbers.get(fact.event)}</span>` : nothing}</td>
    ${lanes.map(({ name, title }) => (name === lane ? html`<td class="wide"><div class="trace-fact"><span class="lane">${title}</span>${mark(fact)} ${where(fact)} <span>${fact.what}</span>${extra(fact)}</div></td>` : html`<td class="other"></td>`))}</tr>`;
}

function where(fact) {
  const { detail, kind } = fact;
  if (detail.letter) return html`<a href=${hrefOf(['dead-letters', detail.letter])}>${fact.where}</a>`;
  if (detail.flow || kind === 'flow' || kind === 'stage') return html`<a href=${hrefOf(['flows', detail.flow ?? fact.where.split('/')[0].trim()])}>${fact.where}</a>`;
  if (kind === 'kept' || kind === 'delayed') return html`<a class="mono" href=${hrefOf(['addresses', fact.where])}>${fact.where}</a>`;
  return html`<b>${fact.where}</b>`;
}

function extra({ detail }) {
  const { node, micros } = detail;
  const said = [micros !== undefined && `took ${took(micros / 1000)}`, detail.bytes !== undefined && bytes(detail.bytes), node && `node ${node}`].filter(Boolean);
  return said.length > 0 ? html` <span class="note">${said.join(', ')}</span>` : nothing;
}

function waterfall(answer, numbers) {
  const { steps, millis } = waterfallOf(answer);
  if (steps.length === 0) return nothing;
  return html`<section class="card"><header><h2>Where the time went</h2><span class="push note">sampled, ${took(millis)} in all; nodes' clocks may differ</span></header>
    <ul class="inside trace-fall">${steps.map(({ fact, left, share, took: each }) => html`<li data-tone=${toneOf(fact)}>
      <span class="what"><span class="pill">${numbers.get(fact.event) ?? ''}</span> ${fact.kind} <span class="mono">${fact.where}</span></span>
      <svg viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true"><rect class="ground" width="1000" height="10"/><rect class="bar" x=${Math.min(994, left * 1000)} width=${Math.max(6, share * 1000)} height="10"/></svg>
      <span class="number">${took(each)}</span></li>`)}</ul></section>`;
}

customElements.define('weir-trace-view', TraceView);
