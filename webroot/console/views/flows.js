import { html, nothing } from 'lit';
import { PageElement } from '/apps/shared/element.js';
import { clock, count, millis } from '/apps/shared/format.js';
import { FlowStore } from '../flows/figures.js';
import { marks } from '../flows/graph.js';
import '../flows/dry-run.js';
import { icon } from '../icons.js';
import { hrefOf } from '../router.js';
import { confirm, toast } from '../shared/dialogs.js';

const MOST = 200;
const MANY = 12;
const TONES = { running: 'good', elsewhere: '', paused: 'warn', stopped: 'bad', failed: 'bad', skipped: '' };
const MEANINGS = {
  running: 'it runs on this node', elsewhere: 'its partitions are on other nodes', paused: 'an operator has paused it', stopped: 'it stopped by itself and goes on when it is resumed',
  failed: 'it could not begin here; the log says why', skipped: 'its file says that it is left out where nothing keeps what it does',
};
const COUNTS = [['in', 'In'], ['out', 'Out'], ['dropped', 'Ended here'], ['errors', 'Errors'], ['retries', 'Tried again'], ['deadLettered', 'Dead letters'], ['held', 'Waiting'], ['keys', 'Keys']];

/** All flows with what happens in them now; of one of them its graph, its stages and its nodes; and a try of another file. */
class FlowsView extends PageElement {
  static properties = { session: { attribute: false }, route: { attribute: false }, flows: { state: true }, problem: { state: true }, stage: { state: true }, sought: { state: true }, asked: { state: true } };

  #store = new FlowStore();
  #report;

  connectedCallback() {
    super.connectedCallback();
    this.#report ??= this.session.report('flows', {
      whole: nodes => this.#changed(() => this.#store.whole(nodes)),
      news: (node, data) => this.#changed(() => this.#store.news(node, data)),
      failed: error => (this.problem = error.message),
    });
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#report?.close();
    this.#report = undefined;
  }

  willUpdate(changed) {
    if (changed.has('route') && changed.get('route')?.path[1] !== this.route.path[1]) this.stage = undefined;
  }

  #changed(take) {
    take();
    this.flows = this.#store.flows();
    this.problem = undefined;
    const done = this.asked && this.flows.find(each => each.name === this.asked.name);
    if (done && (done.state === 'paused') === (this.asked.op === 'pause')) this.asked = undefined;
  }

  async #order(flow, op) {
    const kept = flow.kept ? 'It goes on later where it was.' : 'It is not kept: events that come to its plain addresses meanwhile pass by.';
    const go = op === 'resume' || (await confirm({ title: `Pause ${flow.name}?`, text: `It reads nothing more, on no node, until somebody resumes it. ${kept}`, action: 'Pause' }));
    if (!go) return;
    this.asked = { name: flow.name, op };
    try {
      await this.session.api(`/v1/flows/${encodeURIComponent(flow.name)}/${op}`, { method: 'POST' });
      toast(op === 'pause' ? `${flow.name} is told to pause.` : `${flow.name} is told to go on.`);
    } catch (error) {
      this.asked = undefined;
      toast(error.message, 'bad');
    }
  }

  render() {
    const name = this.route.path[1];
    const isTry = this.route.query.has('try');
    return html`<div class="stack"><p class="problem" role="alert">${this.problem ?? ''}</p>
      ${this.flows === undefined ? this.#waiting() : name === undefined ? (isTry ? this.#trial() : this.#list()) : this.#one(name, isTry)}</div>`;
  }

  #waiting() {
    return this.problem ? nothing : html`<p class="note" role="status">Asking the nodes…</p>`;
  }

  #list() {
    const { flows } = this;
    if (flows.length === 0) return html`<section class="card empty"><h2>No flows</h2>
      <p>A flow is a file in <code>conf/flows/</code>: what it reads, its stages, where the results go. A node takes it up with a reload.</p>
      ${this.session.can('act') ? html`<a class="button" href=${hrefOf(['flows'], { try: 'new' })}>Try one out</a>` : nothing}</section>`;
    const found = flows.filter(({ name, state }) => `${name} ${state}`.includes(this.sought ?? ''));
    return html`<section class="card"><header><h2>${flows.length} ${flows.length === 1 ? 'flow' : 'flows'}</h2>
        ${flows.length > MANY ? html`<input class="field" type="search" aria-label="Name or state" placeholder="Name or state" @input=${event => (this.sought = event.target.value.trim())}>` : nothing}
        <span class="note">${found.length > MOST ? `shown are the first ${MOST} of ${found.length}, search for others; ` : nothing}events a second over all nodes</span>
        ${this.session.can('act') ? html`<a class="button small push" href=${hrefOf(['flows'], { try: 'new' })}>Try a new one</a>` : nothing}</header>
      <div class="scroll" tabindex="0" role="group" aria-label="Flows, scrollable"><table class="table">
        <thead><tr>${['Flow', 'State', 'Read /s', 'Errors /s', 'Lag', 'Waiting', 'Dead letters', 'Nodes'].map((head, i) => html`<th scope="col" class=${i > 1 ? 'number' : ''}>${head}</th>`)}</tr></thead>
        <tbody>${found.slice(0, MOST).map(flow => this.#row(flow))}</tbody></table></div></section>`;
  }

  #row(flow) {
    const running = flow.parts.filter(({ state }) => state === 'running').length;
    return html`<tr data-flow=${flow.name}>
      <th scope="row"><a href=${hrefOf(['flows', flow.name])}>${flow.name}</a></th>
      <td>${this.#state(flow)}${flow.breakers > 0 ? html` <span class="pill bad"><span aria-hidden="true">■</span> ${flow.breakers} ${flow.breakers === 1 ? 'breaker' : 'breakers'} not closed</span>` : nothing}</td>
      <td class="number">${count(flow.rate)}</td>
      <td class="number ${flow.errorRate > 0 ? 'bad' : ''}">${flow.errorRate > 0 ? html`<span aria-hidden="true">▲ </span>` : nothing}${count(flow.errorRate)}</td>
      <td class="number">${count(flow.lag)}</td><td class="number">${count(flow.held)}</td><td class="number">${count(flow.deadLettered)}</td>
      <td class="number">${running} of ${flow.parts.length}</td></tr>`;
  }

  #state(flow) {
    const asked = this.asked?.name === flow.name ? (this.asked.op === 'pause' ? ', pausing…' : ', resuming…') : '';
    return html`<span class="pill ${TONES[flow.state]}">${flow.state}${asked}</span>`;
  }

  #one(name, isTry) {
    const flow = this.flows.find(each => each.name === name);
    if (!flow) return html`<section class="card empty"><h2>There is no flow ${name}</h2><p>It may have been taken away by a reload. <a href="#/flows">All flows</a></p></section>`;
    return html`${this.#head(flow)}${isTry ? this.#trial(flow) : html`${this.#graph(flow)}${this.#stage(flow)}${this.#stages(flow)}${this.#nodes(flow)}${this.#warnings(flow)}`}`;
  }

  #head(flow) {
    const act = this.session.can('act');
    const isPaused = flow.state === 'paused' || flow.state === 'stopped';
    const isTry = this.route.query.has('try');
    return html`<section class="card flow-head"><header>
        <nav aria-label="Place"><a href="#/flows">Flows</a> <span aria-hidden="true">/</span></nav><h2>${flow.name}</h2>
        <span role="status">${this.#state(flow)}</span>
        <span class="bar push">
          ${act ? html`<button class="button small" data-do=${isPaused ? 'resume' : 'pause'} @click=${() => this.#order(flow, isPaused ? 'resume' : 'pause')}>${icon(isPaused ? 'play' : 'pause', 14)} ${isPaused ? 'Resume' : 'Pause'}</button>
            <a class="button small" href=${hrefOf(['flows', flow.name], isTry ? {} : { try: 'change' })}>${isTry ? 'Back to the graph' : 'Try a change'}</a>` : nothing}
        </span></header>
      <div class="inside">
        ${flow.stopped ? html`<p class="bad stopped">It stopped by itself: ${flow.stopped}. Mend what is wrong, then resume it: it goes on with that event.</p>` : nothing}
        ${flow.differs ? html`<p class="warn">The nodes have different versions of its file: reload those that are behind.</p>` : nothing}
        <dl class="facts wide-facts">
          <dt>File</dt><dd><code>${flow.file}</code> <span class="note">version ${flow.digest}</span></dd>
          <dt>What it does is</dt><dd>${flow.kept ? 'kept: at least once, in effect once where targets are kept' : 'plain: at most once'}</dd>
          <dt>Work is</dt><dd>${flow.spread ? 'shared by the nodes, by key' : 'done on one node at a time'}</dd>
          <dt>Read so far</dt><dd class="number">${count(flow.taken)} events${flow.dropped > 0 ? html`, <span class="bad">${count(flow.dropped)} dropped at a full queue</span>` : nothing}${flow.unkept > 0 ? html`, <span class="bad">${count(flow.unkept)} died and could not be kept</span>` : nothing}</dd>
          <dt>Dead letters</dt><dd>${flow.kept ? html`<a href=${hrefOf(['dead-letters'], { subscription: `flow.${flow.name}` })}>Those of this flow</a> <span class="note">${count(flow.deadLettered)} since the nodes started</span>` : html`${count(flow.unkept)} <span class="note">nothing keeps those of a plain flow</span>`}</dd>
        </dl></div></section>`;
  }

  #graph(flow) {
    if (!flow.graph) return nothing;
    return html`<section class="card"><header><h2>Graph</h2><span class="note">events a second; choose a box for its details</span></header>
      <weir-flow-graph .flow=${flow} .chosen=${this.stage} @choose=${({ detail }) => this.#choose(detail)}></weir-flow-graph></section>`;
  }

  #choose(id) {
    this.stage = this.stage === id ? undefined : id;
    if (this.stage) this.updateComplete.then(() => this.querySelector('.stage')?.scrollIntoView({ block: 'nearest' }));
  }

  #stage(flow) {
    const node = flow.graph?.nodes.find(({ id }) => id === this.stage);
    if (!node) return nothing;
    const figures = flow.stages[node.id];
    return html`<section class="card stage" aria-label="Details of ${node.id}"><header><h2>${node.kind === 'input' ? `${node.type} ${node.text}` : node.id}</h2><span class="pill">${node.type}</span>
        <span class="note">line ${node.line} of the file</span>
        <button class="icon small push" aria-label="Close the details" @click=${() => (this.stage = undefined)}>${icon('close', 16)}</button></header>
      <div class="inside stack">
        ${node.text ? html`<pre class="options">${node.text}</pre>` : html`<p class="note">It has no options.</p>`}
        ${figures ? this.#figures(figures) : html`<p class="note">${node.kind === 'input' ? `${count(flow.taken)} events were read by all inputs together; ${count(flow.lag)} wait.` : 'Nothing came here yet.'}</p>`}
      </div></section>`;
  }

  #figures(figures) {
    const others = Object.entries(figures.others).filter(([, value]) => value !== 0);
    return html`<p class="bar">${marks(figures).map(({ text, sign, tone }) => html`<span class="pill ${tone}"><span aria-hidden="true">${sign}</span> ${text}</span>`)}</p>
      <dl class="figures">${COUNTS.map(([key, title]) => html`<div><dt>${title}</dt><dd class="number">${count(figures[key])}${figures.rates?.[key] > 0 ? html` <span class="note">${count(figures.rates[key])}/s</span>` : nothing}</dd></div>`)}
        ${figures.evicted > 0 ? html`<div><dt>Forgotten keys</dt><dd class="number warn">${count(figures.evicted)}</dd></div>` : nothing}
        ${figures.nanos ? html`<div><dt>Time per event</dt><dd class="number">${millis(figures.nanos / 1e6)} ms</dd></div>` : nothing}
        ${others.map(([name, value]) => html`<div><dt>${name}</dt><dd class="number">${count(value)}</dd></div>`)}</dl>
      <div><h3>Last errors</h3>${figures.lastErrors.length === 0 ? html`<p class="note">None since the nodes started.</p>` : html`<ol class="errors">${figures.lastErrors.map(each => html`
        <li><time class="note number">${clock(each.at)}</time><span class="bad">${each.error}</span>
          <span class="note">${each.times > 1 ? `${count(each.times)} times` : nothing} ${each.event ? html`<a href=${hrefOf(['trace', each.event])}>Trace</a>` : nothing} ${each.node}</span></li>`)}</ol>`}</div>`;
  }

  #stages(flow) {
    if (!flow.graph) return nothing;
    const { nodes, edges } = flow.graph;
    const title = id => nodes.find(each => each.id === id)?.kind === 'target' ? `target ${id}` : id;
    return html`<section class="card"><header><h2>Inputs, stages and targets</h2></header>
      <div class="scroll" tabindex="0" role="group" aria-label="Stages, scrollable"><table class="table">
        <thead><tr>${['Name', 'Kind', 'In /s', 'Out /s', 'Errors', 'Waiting', 'Breaker', 'Leads to'].map(head => html`<th scope="col" class=${['In /s', 'Out /s', 'Errors', 'Waiting'].includes(head) ? 'number' : ''}>${head}</th>`)}</tr></thead>
        <tbody>${nodes.map(node => this.#stageRow(node, flow, edges.filter(({ from }) => from === node.id).map(({ to, output }) => (output ? `${output}: ${title(to)}` : title(to)))))}</tbody></table></div></section>`;
  }

  #stageRow(node, flow, next) {
    const figures = flow.stages[node.id];
    const isInput = node.kind === 'input';
    return html`<tr aria-selected=${String(this.stage === node.id)} data-stage=${node.id}>
      <th scope="row"><button class="link" @click=${() => this.#choose(node.id)}>${isInput ? node.text : node.id}</button></th><td>${node.kind} ${node.type}</td>
      <td class="number">${isInput ? '' : count(figures?.rates?.in)}</td><td class="number">${isInput ? '' : count(figures?.rates?.out)}</td>
      <td class="number ${figures?.errors > 0 ? 'bad' : ''}">${isInput ? '' : count(figures?.errors ?? 0)}</td><td class="number">${isInput ? '' : count(figures?.held ?? 0)}</td>
      <td>${figures?.breaker ?? ''}</td><td class="wide">${next.join(', ')}</td></tr>`;
  }

  #nodes(flow) {
    return html`<section class="card"><header><h2>Nodes</h2></header>
      <div class="scroll" tabindex="0" role="group" aria-label="Nodes, scrollable"><table class="table">
        <thead><tr>${['Node', 'State', 'Partitions', 'Read /s', 'Read', 'Lag'].map((head, i) => html`<th scope="col" class=${i > 1 ? 'number' : ''}>${head}</th>`)}</tr></thead>
        <tbody>${flow.parts.map(part => html`<tr data-node=${part.node}><th scope="row"><code>${part.node}</code></th>
          <td><span class="pill ${TONES[part.state] ?? ''}" title=${MEANINGS[part.state] ?? ''}>${part.state}</span>${part.stopped ? html` <span class="bad">${part.stopped}</span>` : nothing}</td>
          <td class="number">${count(part.partitions)}</td><td class="number">${count(part.rates?.taken)}</td><td class="number">${count(part.taken)}</td><td class="number">${count(part.lag)}</td></tr>`)}</tbody></table></div></section>`;
  }

  #warnings(flow) {
    if (flow.warnings.length === 0) return nothing;
    return html`<section class="card"><header><h2>Warnings</h2><span class="note">the last of each node, the newest first</span></header>
      <ol class="errors inside">${flow.warnings.map(each => html`<li><time class="note number">${clock(each.at)}</time><span class="warn">${each.what}</span><span class="note">${each.node}</span></li>`)}</ol></section>`;
  }

  #trial(flow) {
    return html`<weir-dry-run .session=${this.session} .flow=${flow?.name}></weir-dry-run>`;
  }
}

customElements.define('weir-flows-view', FlowsView);
