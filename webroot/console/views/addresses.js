import { html, nothing } from 'lit';
import { PageElement } from '/apps/shared/element.js';
import { count } from '/apps/shared/format.js';
import { icon } from '../icons.js';
import { hrefOf } from '../router.js';
import '../shared/rows.js';
import './address-detail.js';
import { Traffic } from './traffic.js';

const KINDS = [['', 'All'], ['events', 'Events'], ['kept', 'Kept'], ['requests', 'Requests'], ['patterns', 'Patterns'], ['undeclared', 'Undeclared'], ['system', 'System']];
const WORDS = { events: 'events', kept: 'kept', requests: 'requests', patterns: 'pattern', undeclared: 'undeclared', system: 'system' };
const SORTS = {
  address: (a, b) => (a.address < b.address ? -1 : 1),
  listeners: (a, b) => b.listeners - a.listeners,
  in: (a, b) => b.inRate - a.inRate || b.in - a.in,
  out: (a, b) => b.outRate + b.takenRate - a.outRate - a.takenRate || b.out - a.out,
  kept: (a, b) => size(b) - size(a),
  present: (a, b) => b.present - a.present,
};

/** How many offsets are kept of an address: of a compacted one some of them may be gone. */
function size({ kept }) {
  return kept ? kept.head - kept.floor : -1;
}

/** Every address in use, or one of them. */
class AddressesView extends PageElement {
  static properties = {
    session: { attribute: false }, route: { attribute: false }, search: { state: true }, kind: { state: true }, sort: { state: true },
    problem: { state: true }, isHere: { state: true },
  };

  #report;
  #traffic = new Traffic();

  constructor() {
    super();
    Object.assign(this, { search: '', kind: '', sort: 'in' });
  }

  connectedCallback() {
    super.connectedCallback();
    this.#report ??= this.session.report('traffic', {
      whole: nodes => {
        this.#traffic.whole(nodes);
        this.isHere = true;
        this.problem = undefined;
        this.requestUpdate();
      },
      news: (node, data) => {
        this.#traffic.news(node, data);
        this.requestUpdate();
      },
      failed: error => (this.problem = `The addresses cannot be had: ${error.message}`),
    });
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#report?.close();
    this.#report = undefined;
  }

  #kindOf(row) {
    if (row.address.startsWith('weir.')) return 'system';
    if (row.pattern) return 'patterns';
    const policy = this.#traffic.policy(row);
    if (!policy) return 'undeclared';
    if (policy.kind === 'requests') return 'requests';
    return policy.keep ? 'kept' : 'events';
  }

  #rows() {
    const wanted = this.search.trim().toLowerCase();
    return this.#traffic.rows
      .filter(row => (this.kind === '' ? true : this.#kindOf(row) === this.kind) && row.address.toLowerCase().includes(wanted))
      .sort((a, b) => SORTS[this.sort](a, b) || SORTS.address(a, b));
  }

  render() {
    const address = this.route.path[1];
    if (!this.isHere && !this.problem) return html`<p class="loading" role="status">Waiting for the addresses…</p>`;
    return html`<p class="problem" role="alert">${this.problem ?? ''}</p>
      ${!this.isHere ? nothing : address === undefined ? this.#list() : html`<weir-address-detail .session=${this.session} .traffic=${this.#traffic}
        .address=${address} .round=${this.round = (this.round ?? 0) + 1}></weir-address-detail>`}`;
  }

  #list() {
    const rows = this.#rows();
    const all = this.#traffic.rows.length;
    return html`<div class="stack whole">
      <form class="bar" role="search" @submit=${event => event.preventDefault()}>
        <label class="unseen" for="address-search">Search addresses</label>
        <input id="address-search" class="field search" type="search" placeholder="Search addresses" autocomplete="off" .value=${this.search} @input=${event => (this.search = event.target.value)}>
        <div class="choice" role="group" aria-label="Kinds">${KINDS.map(([kind, title]) => html`<button type="button" class="button" aria-pressed=${String(this.kind === kind)}
          @click=${() => (this.kind = kind)}>${title}</button>`)}</div>
        <span class="note push" role="status">${rows.length === all ? `${count(all)} addresses` : `${count(rows.length)} of ${count(all)} addresses`}</span>
      </form>
      ${this.#traffic.others > 0 ? html`<p class="note">A node counts 10,000 addresses each for itself; ${count(this.#traffic.others)} events came to others.</p>` : nothing}
      ${rows.length === 0 ? this.#empty(all) : html`<section class="card list"><weir-rows label="Addresses" .items=${rows} .columns=${this.#columns()} .key=${row => row.address}
        @choose=${({ detail }) => (location.hash = hrefOf(['addresses', detail.address]))}></weir-rows></section>`}
    </div>`;
  }

  #columns() {
    const head = (sort, title) => html`<button type="button" class="sort" aria-pressed=${String(this.sort === sort)} title="Sort by ${title.toLowerCase()}" @click=${() => (this.sort = sort)}>${title}${
      this.sort === sort ? html`<span aria-hidden="true"> ▾</span>` : nothing}</button>`;
    const rate = value => (value > 0 ? `${count(value)}/s` : html`<span class="note">0</span>`);
    const number = value => (value > 0 ? count(value) : html`<span class="note">0</span>`);
    return [
      { title: head('address', 'Address'), width: 'minmax(160px, 2.4fr)', cell: row => html`<a href=${hrefOf(['addresses', row.address])} tabindex="-1"><code>${row.address}</code></a>` },
      { title: 'Kind', width: '92px', cell: row => this.#pill(this.#kindOf(row)) },
      { title: head('listeners', 'Listeners'), width: '72px', number: true, cell: row => html`<span title="${row.bridge} sessions of the bridge, ${row.sse} streams, ${row.verticles} verticles and flows">${number(row.listeners)}</span>` },
      { title: 'By kind', width: '130px', cell: row => kinds(row) },
      { title: head('in', 'In'), width: '72px', number: true, cell: row => html`<span title="${row.in} since the nodes started">${rate(row.inRate)}</span>` },
      { title: head('out', 'Out'), width: '72px', number: true, cell: row => html`<span title="${row.out} to sessions, ${row.taken} to verticles and flows, since the nodes started">${rate(row.outRate + row.takenRate)}</span>` },
      { title: head('kept', 'Kept'), width: '70px', number: true, cell: row => (row.kept ? number(size(row)) : html`<span class="note">–</span>`) },
      { title: head('present', 'Present'), width: '62px', number: true, cell: row => number(row.present) },
      { title: 'Policy', width: 'minmax(100px, 1.2fr)', cell: row => (row.match ? html`<code>${row.match}</code>` : html`<span class="note">none</span>`) },
    ];
  }

  #pill(kind) {
    return html`<span class="pill ${kind === 'undeclared' ? 'warn' : kind === 'kept' ? 'accent' : ''}">${WORDS[kind]}</span>`;
  }

  #empty(all) {
    return all > 0
      ? html`<section class="empty"><h2>No address fits</h2><p>Another word, or <button class="button small" @click=${() => Object.assign(this, { search: '', kind: '' })}>all of them</button></p></section>`
      : html`<section class="empty"><h2>No address is in use</h2><p>Publish an event, or listen to one: <code>scripts/weir publish clicks '{"n": 1}'</code></p></section>`;
  }
}

/** Who listens, in a few signs. */
function kinds({ bridge, sse, verticles }) {
  const all = [[bridge, 'bridge'], [sse, 'SSE'], [verticles, verticles === 1 ? 'verticle' : 'verticles']].filter(([n]) => n > 0);
  return all.length === 0 ? html`<span class="note">nobody</span>` : html`<span class="note">${all.map(([n, kind]) => `${count(n)} ${kind}`).join(', ')}</span>`;
}

customElements.define('weir-addresses-view', AddressesView);
