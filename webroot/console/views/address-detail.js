import { html, nothing } from 'lit';
import { PageElement } from '/apps/shared/element.js';
import { bytes, clock, count } from '/apps/shared/format.js';
import { icon } from '../icons.js';
import { hrefOf } from '../router.js';
import { snippetsOf } from '../shared/snippets.js';
import { spark } from '../shared/spark.js';

const SAMPLE_MILLIS = 2000;
const SAMPLES = 150;
const MOST_MEMBERS = 200;
const ACTIONS = {
  publish: 'publish events', subscribe: 'listen', history: 'read what was published before', presence: 'see who is there, and be seen',
  request: 'ask', respond: 'answer from a session',
};

/** One address: who listens, what travels, what is kept, who is there, who decides, and how to use it. */
class AddressDetail extends PageElement {
  static properties = {
    session: { attribute: false }, traffic: { attribute: false }, address: { attribute: false }, round: { attribute: false },
    members: { state: true }, size: { state: true }, chosen: { state: true }, copied: { state: true },
  };

  #ins = [];
  #outs = [];
  #timer;
  #asked = 0;
  #weighed;

  connectedCallback() {
    super.connectedCallback();
    this.#timer = setInterval(() => this.#sample(), SAMPLE_MILLIS);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearInterval(this.#timer);
  }

  willUpdate(changed) {
    if (this.#weighed !== this.address && this.traffic.row(this.address)?.kept) this.#weigh();
    if (!changed.has('address')) return;
    this.#ins = [];
    this.#outs = [];
    Object.assign(this, { members: undefined, chosen: undefined, copied: undefined });
    this.#sample();
    this.#ask();
  }

  #sample() {
    const row = this.traffic.row(this.address);
    for (const [line, value] of [[this.#ins, row?.inRate ?? 0], [this.#outs, (row?.outRate ?? 0) + (row?.takenRate ?? 0)]]) {
      line.push(value);
      if (line.length > SAMPLES) line.shift();
    }
    this.requestUpdate();
  }

  get #policy() {
    const row = this.traffic.row(this.address);
    return row ? this.traffic.policy(row) : undefined;
  }

  get #mayPresence() {
    return this.#policy?.rules.some(({ action, needs }) => action === 'presence' && needs !== 'never') ?? false;
  }

  async #ask() {
    const { address } = this;
    const asked = ++this.#asked;
    if (!this.#mayPresence || this.traffic.row(address)?.pattern) return;
    let members;
    try {
      members = await this.session.api(`/v1/addresses/${encodeURIComponent(address)}/presence`, { query: { limit: MOST_MEMBERS } });
    } catch (error) {
      members = { problem: error.message };
    }
    if (asked === this.#asked) this.members = members;
  }

  /** How much is kept: counted when somebody looks, since it would cost too much all the time. */
  async #weigh() {
    const { address } = this;
    this.#weighed = address;
    this.size = undefined;
    let size;
    try {
      size = (await this.session.api(`/v1/addresses/${encodeURIComponent(address)}`)).kept ?? 'unknown';
    } catch (error) {
      size = { problem: error.message };
    }
    if (address === this.address) this.size = size;
  }

  render() {
    const row = this.traffic.row(this.address);
    return html`<div class="stack detail">
      <header class="bar">
        <a class="button quiet" href="#/addresses">${icon('addresses', 16)} All addresses</a>
        <h2><code>${this.address}</code></h2>
        <a class="button push" href=${hrefOf(['tap'], { address: this.address })}>${icon('tap', 16)} Tap it</a>
      </header>
      ${row ? this.#inUse(row) : this.#unused()}
    </div>`;
  }

  #unused() {
    return html`<section class="empty"><h2>Nobody uses this address now</h2>
      <p>Nothing travels there, nobody listens, and nothing is kept. As soon as somebody does, it is shown here.</p></section>`;
  }

  #inUse(row) {
    const policy = this.#policy;
    return html`${this.#figures(row)}
      <div class="halves">${this.#listeners(row)} ${this.#decides(policy)}</div>
      <div class="halves">${row.kept ? this.#kept(row, policy) : nothing} ${this.#subscriptions()} ${this.#present(row)}</div>
      ${this.#use(row, policy)}`;
  }

  #figures(row) {
    const tile = (figure, title, rate, total, line, tone) => html`<div class="card tile"><h3>${title}</h3>
      <p class="figure"><b class="number" data-figure=${figure}>${count(rate)}<small>/s</small></b> <span class="note">${total}</span></p>
      ${spark(line, { tone, label: `${title}: ${count(rate)} a second now; since this page is open at most ${count(Math.max(...line))}` })}</div>`;
    return html`<section class="tiles" aria-label="What travels">
      ${tile('in', 'In', row.inRate, `${count(row.in)} since the nodes started`, this.#ins, 1)}
      ${tile('out', 'Out', row.outRate + row.takenRate, `${count(row.out)} to sessions, ${count(row.taken)} to verticles and flows`, this.#outs, 2)}
    </section><p class="note">The lines begin where this page was opened, at most five minutes ago.</p>`;
  }

  #listeners(row) {
    const nodes = this.traffic.on(this.address);
    const cell = value => html`<td class="number">${value ? count(value) : html`<span class="note">0</span>`}</td>`;
    return html`<section class="card"><header><h2>Listeners</h2><span class="pill push">${count(row.listeners)}</span></header>
      <div class="scroll" tabindex="0" role="group" aria-label="Listeners by node, scrollable"><table class="table listeners">
        <thead><tr>${['Node', 'Bridge', 'SSE', 'Verticles', 'In/s', 'Out/s'].map((head, i) => html`<th scope="col" class=${i > 0 ? 'number' : ''}>${head}</th>`)}</tr></thead>
        <tbody>${nodes.map(({ node, row: here }) => html`<tr><th scope="row"><code>${node.slice(0, 12)}</code></th>
          ${cell(here.bridge)}${cell(here.sse)}${cell(here.verticles)}${cell(here.inRate)}${cell((here.outRate ?? 0) + (here.takenRate ?? 0))}</tr>`)}</tbody>
      </table></div></section>`;
  }

  #decides(policy) {
    if (!policy) {
      return html`<section class="card"><header><h2>Policy</h2><span class="pill warn push">none</span></header>
        <p class="inside">No policy declares this address, so it is closed to every client; verticles use it among themselves.</p></section>`;
    }
    return html`<section class="card policy"><header><h2>Policy</h2><code>${policy.match}</code><span class="note push">${policy.at}</span></header>
      <dl class="facts inside">${policy.rules.map(({ action, who, needs }) => html`<dt>${ACTIONS[action] ?? action}</dt>
        <dd class=${needs === 'never' ? 'soft' : ''}>${who}</dd>`)}
        ${policy.keep ? html`<dt>keeps</dt><dd>${policy.keep}</dd>` : nothing}
        ${policy.rate ? html`<dt>rate</dt><dd>${policy.rate}</dd>` : nothing}
        ${policy.maxSize ? html`<dt>largest event</dt><dd>${count(policy.maxSize)} bytes</dd>` : nothing}
        ${policy.kind === 'events' ? html`<dt>slow sessions</dt><dd>${policy.slow}</dd>` : nothing}</dl></section>`;
  }

  #kept({ kept }, policy) {
    const [first, last] = [kept.floor + 1, kept.head];
    return html`<section class="card kept"><header><h2>Kept</h2><span class="pill accent push">${count(Math.max(0, last - kept.floor))}</span></header>
      <dl class="facts inside"><dt>from</dt><dd class="number">${first > last ? 'nothing yet' : `${kept.epoch}:${first}`}</dd>
        <dt>to</dt><dd class="number">${first > last ? '–' : `${kept.epoch}:${last}`}</dd>
        ${policy?.keep?.includes('subject') ? html`<dt>of these</dt><dd>the newest of each subject is there</dd>` : nothing}
        <dt>data</dt><dd class="size">${this.#sizeOf(last - kept.floor, policy?.keep?.includes('subject'))}
          <button class="button small" @click=${() => this.#weigh()}>Count again</button></dd></dl></section>`;
  }

  #sizeOf(events, isCompacted) {
    const { size } = this;
    if (size === undefined) return html`<span class="note">being counted…</span>`;
    if (size === 'unknown') return html`<span class="note">not known: this journal does not count bytes</span>`;
    if (size.problem) return html`<span class="note">not known: ${size.problem}</span>`;
    if (size.all) return html`<span class="number">${bytes(size.bytes)}</span>`;
    const known = html`<span class="number">${bytes(size.bytes)}</span> in the newest ${count(size.counted)} events`;
    return isCompacted ? known : html`${known}, about <span class="number">${bytes((size.bytes / size.counted) * events)}</span> in all`;
  }

  #subscriptions() {
    const own = this.traffic.subscriptions.filter(({ from }) => from.includes(this.address));
    if (own.length === 0) return nothing;
    return html`<section class="card"><header><h2>Subscriptions</h2></header>
      <div class="scroll" tabindex="0" role="group" aria-label="Subscriptions, scrollable"><table class="table subscriptions">
        <thead><tr>${['Name', 'Lag', 'In flight', 'Deferred', 'Delivered', 'Dead letters'].map((head, i) => html`<th scope="col" class=${i > 0 ? 'number' : ''}>${head}</th>`)}</tr></thead>
        <tbody>${own.map(each => html`<tr><th scope="row"><code>${each.name}</code>${each.owned ? nothing : html` <span class="pill warn">no owner</span>`}</th>
          ${['lag', 'inFlight', 'deferred', 'delivered', 'deadLettered'].map(field => html`<td class="number">${count(each[field])}</td>`)}</tr>`)}</tbody>
      </table></div></section>`;
  }

  #present(row) {
    if (!this.#mayPresence && row.present === 0) return nothing;
    const { members = [], problem, truncated } = this.members ?? {};
    return html`<section class="card present"><header><h2>Present</h2><span class="pill push">${count(row.present)}</span>
        <button class="button small" @click=${() => this.#ask()}>Look again</button></header>
      <div class="inside">${problem ? html`<p class="note">Who they are is not shown: ${problem}</p>`
        : members.length === 0 ? html`<p class="note">Nobody is there.</p>`
        : html`<ul class="members">${members.map(({ id, sessions, since, data }) => html`<li><b>${id}</b>
          ${sessions > 1 ? html`<span class="pill">${sessions} sessions</span>` : nothing}
          ${data === undefined || data === null ? nothing : html`<code class="soft">${JSON.stringify(data)}</code>`}
          <span class="note push">${since ? `since ${clock(since)}` : ''}</span></li>`)}</ul>
          ${truncated ? html`<p class="note">Only the first ${MOST_MEMBERS} are listed.</p>` : nothing}`}</div></section>`;
  }

  #use(row, policy) {
    const snippets = snippetsOf(placeOf(row, policy));
    const chosen = snippets.find(({ id }) => id === this.chosen) ?? snippets[0];
    return html`<section class="card use" aria-labelledby="use-title"><header><h2 id="use-title">Use it</h2></header>
      <div class="inside stack">
        <div class="tabs" role="tablist" aria-label="Ways to use it" @keydown=${event => this.#walked(event, snippets, chosen)}>${snippets.map(({ id, title }) => html`<button class="button small" role="tab" id="tab-${id}"
          aria-selected=${String(id === chosen.id)} aria-controls="snippet" tabindex=${id === chosen.id ? 0 : -1} @click=${() => this.#choose(id)}>${title}</button>`)}</div>
        <div id="snippet" role="tabpanel" aria-labelledby="tab-${chosen.id}" data-snippet=${chosen.id}>
          <div class="code"><pre tabindex="0" aria-label="Code"><code>${chosen.code}</code></pre>
            <button class="button small copy" @click=${() => this.#copy(chosen)}>${icon('copy', 14)} ${this.copied === chosen.id ? 'Copied' : 'Copy'}</button></div>
          <p class="note">${chosen.note}</p>
        </div>
      </div></section>`;
  }

  #choose(id) {
    Object.assign(this, { chosen: id, copied: undefined });
  }

  async #walked(event, snippets, chosen) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const next = snippets[(snippets.indexOf(chosen) + step + snippets.length) % snippets.length];
    this.#choose(next.id);
    await this.updateComplete;
    this.querySelector(`#tab-${next.id}`).focus();
  }

  async #copy({ id, code }) {
    try {
      await navigator.clipboard.writeText(code);
      this.copied = id;
    } catch {
      // Without the right to the clipboard, or without https: the text is marked, to be copied by hand.
      getSelection().selectAllChildren(this.querySelector('#snippet code'));
    }
  }
}

/** What the snippets need to know of an address. */
function placeOf(row, policy) {
  const of = field => Object.fromEntries((policy?.rules ?? []).map(rule => [rule.action, rule[field]]));
  return { address: row.address, origin: location.origin, isPattern: row.pattern, isDeclared: policy !== undefined, kind: policy?.kind ?? 'events', isKept: policy?.keep !== undefined, needs: of('needs'), who: of('who') };
}

customElements.define('weir-address-detail', AddressDetail);
