import { html, nothing } from 'lit';
import { PageElement } from '/apps/shared/element.js';
import { bytes, clock, count, duration, millis, percent } from '/apps/shared/format.js';
import { icon } from '../icons.js';
import { spark } from '../shared/spark.js';
import { Hour, joined, together } from './overview-hour.js';
import { nameOf, troublesOf } from './overview-troubles.js';

const STEP_MILLIS = 10_000;
const perSecond = value => html`${count(value)}<small>/s</small>`;
const inMillis = value => html`${millis(value)}<small> ms</small>`;

/** The figures of the whole cluster; `href` leads to where they are looked into. */
const TILES = [
  { figure: 'in', title: 'Events in', show: perSecond, href: '#/addresses' },
  { figure: 'out', title: 'Events out', show: perSecond, href: '#/addresses', tone: 2 },
  { figure: 'p99', title: 'Delivery, p99', show: inMillis, tone: 3, hint: 'From the bus to the sockets: 99 % of the deliveries of two seconds took no longer' },
  { figure: 'sessions', title: 'Sessions', show: count, tone: 2 },
  { figure: 'kept', title: 'Kept by the journal', show: perSecond, optional: true },
  { figure: 'commit', title: 'Commit', show: inMillis, tone: 3, optional: true, hint: 'How long a transaction of the journal takes on average' },
  { figure: 'lag', title: 'Waiting before flows', show: count, href: '#/flows', tone: 4, optional: true },
  { figure: 'letters', title: 'Dead letters', show: count, href: '#/dead-letters', tone: 'bad', optional: true },
  { figure: 'refused', title: 'Refused', show: perSecond, tone: 'bad' },
  { figure: 'loop', title: 'Loop lag, worst', show: inMillis, tone: 3, href: '#/verticles' },
  { figure: 'cpu', title: 'CPU', show: value => html`${value?.toFixed(2) ?? '–'}<small> cores</small>`, tone: 4 },
  { figure: 'heap', title: 'Heap', show: bytes },
  { figure: 'gc', title: 'Garbage collection', show: value => html`${percent(value)}<small> % of time</small>`, tone: 4 },
];

/** How all nodes are doing: what is wrong first, then the whole cluster over an hour, then node by node. */
class OverviewView extends PageElement {
  static properties = {
    session: { attribute: false }, route: { attribute: false }, nodes: { state: true }, problem: { state: true }, probe: { state: true },
  };

  #report;
  #hours = new Map();

  connectedCallback() {
    super.connectedCallback();
    this.#report ??= this.session.report('overview', {
      whole: nodes => this.#took(nodes),
      news: (node, data) => this.#heard(node, data),
      failed: error => (this.problem = `The figures cannot be had: ${error.message}`),
    });
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#report?.close();
    this.#report = undefined;
  }

  #took(nodes) {
    this.#hours = new Map(nodes.map(node => [node.node, new Hour(node)]));
    this.nodes = new Map(nodes.map(({ history, ...node }) => [node.node, node]));
    this.problem = undefined;
  }

  #heard(node, data) {
    const { ended, ...now } = data;
    this.#hours.get(node)?.add(data);
    const nodes = new Map(this.nodes).set(node, { ...this.nodes.get(node), ...now });
    for (const gone of now.gone ?? []) if (gone.node !== node) nodes.delete(gone.node); // what it told last is no news of it
    this.nodes = nodes;
  }

  render() {
    if (!this.nodes) return this.problem ? html`<p class="problem" role="alert">${this.problem}</p>` : html`<p class="loading" role="status">Waiting for the first figures…</p>`;
    const nodes = [...this.nodes.values()];
    const hours = [...this.#hours.values()];
    const troubles = troublesOf(nodes, hours);
    return html`<div class="stack">
      <p class="problem" role="alert">${this.problem ?? ''}</p>
      ${this.#troubles(troubles, nodes)}
      <section class="tiles" aria-label="The whole cluster, and the last hour">${TILES.map(tile => this.#tile(tile, nodes, hours))}</section>
      ${this.#breakers(nodes)} ${this.#table(nodes, troubles)}
    </div>`;
  }

  #troubles(troubles, nodes) {
    if (troubles.length === 0) {
      return html`<p class="fine" role="status">${icon('good')} <span>${nodes.length === 1 ? 'The node is up, and nothing is wrong.' : `All ${nodes.length} nodes are up, and nothing is wrong.`}</span></p>`;
    }
    return html`<section class="card troubles" aria-label="What is wrong now"><ul>${troubles.map(({ tone, text, href, way }) => html`
      <li data-tone=${tone}>${icon('warning')}<span class="what"><span class="unseen">${tone === 'bad' ? 'Fault: ' : 'Warning: '}</span>${text}</span>
        ${href ? html`<a href=${href}>${way}</a>` : nothing}</li>`)}</ul></section>`;
  }

  #tile({ figure, title, show, href, tone, optional, hint }, nodes, hours) {
    const now = joined(figure, nodes.map(node => node.now?.[figure]));
    const hour = [...together(hours, figure), now]; // the step that has not ended is drawn as it is now
    if (optional && now === null && hour.every(value => value === null)) return nothing;
    const probed = this.probe?.figure === figure ? this.probe.place : undefined;
    const note = probed === undefined ? this.#note(figure, nodes) : this.#past(hour, probed, show);
    return html`<div class="card tile" title=${hint ?? nothing} @pointermove=${event => this.#look(event, figure, hour.length)} @pointerleave=${() => (this.probe = undefined)}>
      <h3>${href ? html`<a href=${href}>${title}</a>` : title}</h3>
      <p class="figure"><b class="number" data-figure=${figure}>${now === null ? '–' : show(now)}</b><span class="note">${note}</span></p>
      ${spark(hour, { tone, label: this.#said(title, hour) })}
    </div>`;
  }

  #look(event, figure, size) {
    const line = event.currentTarget.querySelector('.spark').getBoundingClientRect();
    const place = Math.round(((event.clientX - line.left) / line.width) * (size - 1));
    this.probe = size > 1 && place >= 0 && place < size ? { figure, place } : undefined;
  }

  #past(hour, place, show) {
    const at = Math.max(...[...this.nodes.values()].map(node => node.at)) - (hour.length - 1 - place) * STEP_MILLIS;
    return html`${clock(at)} ${hour[place] === null ? 'not known' : show(hour[place])}`;
  }

  #note(figure, nodes) {
    const all = name => joined(name, nodes.map(node => node.now?.[name]));
    const sum = of => nodes.reduce((total, node) => total + (of(node) ?? 0), 0);
    if (figure === 'p99') return all('p50') === null ? 'nothing delivered' : html`p50 ${millis(all('p50'))} ms`;
    if (figure === 'kept') return all('waiting') > 0 ? `${bytes(all('waiting'))} waiting` : '';
    if (figure === 'lag') return `${Math.max(...nodes.map(({ flows }) => flows?.count ?? 0))} flows`;
    if (figure === 'cpu') return `of ${sum(node => node.cpus)}`;
    if (figure === 'heap') return `of ${bytes(sum(node => node.heapMax))}`;
    return '';
  }

  #said(title, hour) {
    const known = hour.filter(value => value !== null);
    if (known.length === 0) return `${title}: no figures yet`;
    return `${title} in the last ${duration(hour.length * 10)}: from ${count(Math.min(...known))} to ${count(Math.max(...known))}`;
  }

  #breakers(nodes) {
    const all = nodes.flatMap(node => (node.breakers ?? []).map(breaker => ({ ...breaker, on: nameOf(node) })));
    if (all.length === 0) return nothing;
    const tones = { closed: 'good', 'half-open': 'warn', open: 'bad' };
    return html`<section class="card"><header><h2>Circuit breakers</h2></header><ul class="breakers inside">${all.map(breaker => html`
      <li>${placeOf(breaker)} <span class="pill ${tones[breaker.state]}">${breaker.state}</span>
        ${breaker.count > 1 ? html`<span class="note">the worst of ${count(breaker.count)}</span>` : nothing}
        ${nodes.length > 1 ? html`<span class="note">${breaker.on}</span>` : nothing}</li>`)}</ul></section>`;
  }

  #table(nodes, troubles) {
    const rank = ({ node }) => (troubles.some(trouble => trouble.node === node) ? 0 : 1);
    const sorted = [...nodes].sort((a, b) => rank(a) - rank(b) || nameOf(a).localeCompare(nameOf(b)));
    const heads = ['Node', 'State', 'Version', 'Up for', 'In', 'Out', 'p99', 'Sessions', 'Kept', 'Loop lag', 'Heap', 'CPU', 'GC'];
    return html`<section class="card"><header><h2>Nodes</h2></header>
      <div class="scroll" tabindex="0" role="group" aria-label="Nodes, scrollable"><table class="table nodes">
        <thead><tr>${heads.map((head, i) => html`<th scope="col" class=${i > 2 ? 'number' : ''}>${head}</th>`)}</tr></thead>
        <tbody>${sorted.map(node => this.#row(node))} ${this.#others(nodes).map(other => this.#other(other))}</tbody>
      </table></div></section>`;
  }

  #row(node) {
    const { now = {}, state } = node;
    const pill = { up: ['good', 'up'], starting: ['warn', 'starting'], 'not-ready': ['bad', 'no traffic'] }[state] ?? ['', state];
    return html`<tr data-node=${node.node}>
      <th scope="row" title=${node.node}>${nameOf(node)}</th>
      <td><span class="pill ${pill[0]}">${pill[1]}</span></td><td>${node.version}</td>
      <td class="number">${duration((node.at - node.started) / 1000)}</td>
      <td class="number">${count(now.in)}/s</td><td class="number">${count(now.out)}/s</td>
      <td class="number">${now.p99 === undefined ? '–' : `${millis(now.p99)} ms`}</td><td class="number">${count(now.sessions)}</td>
      <td class="number">${now.kept === undefined ? '–' : `${count(now.kept)}/s`}</td><td class="number">${millis(now.loop)} ms</td>
      <td class="number">${bytes(now.heap)}</td><td class="number">${now.cpu?.toFixed(2) ?? '–'}</td><td class="number">${percent(now.gc)} %</td>
    </tr>`;
  }

  /** Members of the cluster that tell nothing: joining, gone, or programs of somebody's own. */
  #others(nodes) {
    const answered = new Set(nodes.map(({ node }) => node));
    const seen = new Map();
    for (const { gone = [], members = [], at } of nodes) {
      for (const one of gone) if (!answered.has(one.node)) seen.set(one.node, { ...one, state: 'gone', ago: (at - one.at) / 1000 });
      for (const one of members) if (!answered.has(one.node)) seen.set(one.node, one);
    }
    return [...seen.values()];
  }

  #other(other) {
    const words = {
      gone: `left ${duration(other.ago)} ago`,
      joining: 'is joining',
      program: 'is a program of your own that is no Weir node',
      node: 'does not answer',
    };
    return html`<tr data-node=${other.node}><th scope="row" title=${other.node}>${nameOf(other)}</th>
      <td><span class="pill ${other.state === 'node' ? 'bad' : ''}">${other.state === 'node' ? 'silent' : other.state}</span></td>
      <td>${other.version ?? '–'}</td><td colspan="10" class="note">${words[other.state]}</td></tr>`;
  }
}

/** A breaker is a stage's of a flow, or one that a verticle made by name. */
function placeOf({ flow, stage, name, verticle }) {
  if (flow) return html`<a href="#/flows/${encodeURIComponent(flow)}">${flow}.${stage}</a>`;
  return html`<b>${name}</b>${verticle ? html` <span class="note">of <a href="#/verticles"><code>${verticle}</code></a></span>` : nothing}`;
}

customElements.define('weir-overview-view', OverviewView);
