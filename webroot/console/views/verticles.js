import { html, nothing } from 'lit';
import { PageElement } from '/apps/shared/element.js';
import { clock, count, duration, percent } from '/apps/shared/format.js';
import { icon } from '../icons.js';
import { hrefOf } from '../router.js';
import { spark } from '../shared/spark.js';
import { Traffic } from './traffic.js';
import { Verticles } from './verticles-model.js';

const STATES = { running: ['good', 'running'], waiting: ['warn', 'waits to start again'], ended: ['bad', 'ended'] };

const COUNTED = {
  script: 'on its event loops: handlers, timers and answers',
  java: 'on its event loops: messages, timers, requests and answers; not what it does on worker threads',
};

/** What runs in the nodes, what of it leaks, and what nobody needs any more. */
class VerticlesView extends PageElement {
  static properties = {
    session: { attribute: false }, route: { attribute: false }, problem: { state: true }, isHere: { state: true }, open: { state: true },
  };

  #reports = [];
  #verticles = new Verticles();
  #traffic = new Traffic();

  connectedCallback() {
    super.connectedCallback();
    if (this.#reports.length === 0) this.#reports = [this.#follow('verticles', this.#verticles), this.#follow('traffic', this.#traffic)];
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#reports.forEach(report => report.close());
    this.#reports = [];
  }

  #follow(topic, model) {
    const changed = action => (...told) => {
      action(...told);
      this.requestUpdate();
    };
    return this.session.report(topic, {
      whole: changed(nodes => {
        model.whole(nodes);
        this.problem = undefined;
        if (topic === 'verticles') this.isHere = true;
      }),
      news: changed((node, data) => model.news(node, data)),
      failed: error => (this.problem = `What runs cannot be had: ${error.message}`),
    });
  }

  /** Who reads the end of the log goes on reading there. */
  willUpdate() {
    const log = this.querySelector('.log');
    this.isAtEnd = !log || log.scrollTop + log.clientHeight >= log.scrollHeight - 8;
  }

  updated() {
    const log = this.querySelector('.log');
    if (log && this.isAtEnd) log.scrollTop = log.scrollHeight;
  }

  render() {
    if (!this.isHere) return this.problem ? html`<p class="problem" role="alert">${this.problem}</p>` : html`<p class="loading" role="status">Waiting for what runs…</p>`;
    return html`<div class="stack">
      <p class="problem" role="alert">${this.problem ?? ''}</p>
      ${this.#leaks()} ${this.#list()} ${this.#unheard()} ${this.#departed()}
    </div>`;
  }

  #leaks() {
    const { leaks } = this.#verticles;
    if (leaks.length === 0) return html`<p class="fine" role="status">${icon('good')} <span>No listeners that only become more.</span></p>`;
    return html`<section class="card leaks" aria-label="Leaks"><header><h2>${icon('warning')} Listeners that only become more</h2><span class="pill warn push">${leaks.length}</span></header>
      <ul>${leaks.map(({ what, name, from, to, now, minutes, since, mend, history, node }) => html`<li>
        <div class="what"><p><b>${what === 'address' ? html`<a href=${hrefOf(['addresses', name])}><code>${name}</code></a>` : html`<code>${name}</code>`}</b>
          ${what === 'address' ? 'has ever more listeners' : 'listens to ever more addresses'}: ${count(from)} became ${count(to)} in ${minutes} minutes, ${count(now)} now.</p>
          <p class="note">Noticed at ${clock(since, false)} on <code>${node.slice(0, 12)}</code>. To mend it, ${mend}. The warning goes away once there are fewer than ${count(to)}.</p></div>
        ${spark(history, { tone: 'bad', label: `Listeners in the last hour, ${count(now)} now` })}</li>`)}</ul></section>`;
  }

  #list() {
    const { all } = this.#verticles;
    if (all.length === 0) {
      return html`<section class="empty"><h2>No verticles of yours run here</h2>
        <p>Add one to <code>weir.yaml</code>: <code>verticles: [{deploy: "js:conf/verticles/orders.js"}]</code>, or a Java class.</p></section>`;
    }
    const heads = ['Verticle', 'State', 'Loop share', 'Listeners', 'Errors', 'Restarts', ''];
    return html`<section class="card"><header><h2>Verticles</h2><span class="note push">The share of its event loops that each keeps busy, and its listeners in the last hour</span></header>
      <div class="scroll" tabindex="0" role="group" aria-label="Verticles, scrollable"><table class="table verticles">
        <thead><tr>${heads.map((head, i) => html`<th scope="col" class=${i === 4 || i === 5 ? 'number' : ''}>${head || html`<span class="unseen">More</span>`}</th>`)}</tr></thead>
        <tbody>${all.map(each => this.#row(each))}</tbody>
      </table></div></section>`;
  }

  #row(each) {
    const [tone, word] = STATES[each.state];
    const isOpen = this.open === each.key;
    const listeners = each.listeners;
    return html`<tr data-verticle=${each.name}>
      <th scope="row"><code>${each.name}</code>${each.isAlone ? nothing : html` <span class="note"><code>${each.node.slice(0, 8)}</code></span>`}</th>
      <td><span class="pill ${tone}">${word}</span> ${each.instances > 1 ? html`<span class="note">${each.running} of ${each.instances}</span>` : nothing}</td>
      <td>${each.share === undefined ? html`<span class="note" title="Not measured: its event loops were not made by Weir">–</span>` : html`<span class="share"><meter min="0" max="1" high="0.6" .value=${Math.min(1, each.share)}
        aria-label="Loop share of ${each.name}"></meter> <span class="number">${percent(each.share)} %</span></span>`}</td>
      <td class="line">${spark(each.history, { label: `Listeners of ${each.name} in the last hour, ${listeners} now` })}<span class="number">${count(listeners)}</span></td>
      <td class="number ${each.errors > 0 ? 'bad' : ''}">${count(each.errors)}</td>
      <td class="number">${count(each.restarts)}</td>
      <td><button class="button small" aria-expanded=${String(isOpen)} aria-label="More of ${each.name}" @click=${() => (this.open = isOpen ? undefined : each.key)}>${icon(isOpen ? 'down' : 'right', 14)} ${isOpen ? 'Less' : 'More'}</button></td>
    </tr>${isOpen ? html`<tr class="more"><td colspan="7">${this.#more(each)}</td></tr>` : nothing}`;
  }

  #more(each) {
    return html`<div class="stack inner">
      <dl class="facts"><dt>Kind</dt><dd>${each.kind === 'script' ? 'JavaScript' : 'Java'}</dd>
        <dt>Configured</dt><dd>${each.at || 'no: other code deployed it'}</dd>
        ${each.runs === undefined ? nothing : html`<dt>Entered</dt><dd>${count(each.runs)} times, ${each.seconds.toFixed(1)} s in all <span class="note">${COUNTED[each.kind]}</span></dd>`}</dl>
      ${this.#addresses(each)} ${this.#failures(each)} ${this.#log(each)}
    </div>`;
  }

  #addresses({ addresses, addressCount }) {
    if (addresses.length === 0) return html`<p class="note">It listens to nothing.</p>`;
    return html`<section><h3>Listens to ${count(addressCount)} ${addressCount === 1 ? 'address' : 'addresses'}</h3>
      <ul class="heard">${addresses.map(({ address, consumers, listeners, delivered }) => html`<li><a href=${hrefOf(['addresses', address])}><code>${address}</code></a>
        <span class="note">${count(consumers + listeners)} ${consumers + listeners === 1 ? 'listener' : 'listeners'}, ${count(delivered)} messages</span></li>`)}</ul>
      ${addressCount > addresses.length ? html`<p class="note">Only the first ${addresses.length} are listed.</p>` : nothing}</section>`;
  }

  #failures({ failures }) {
    if (failures.length === 0) return nothing;
    return html`<section><h3>Last errors</h3><ul class="failures">${[...failures].reverse().map(({ at, place, text }) => html`<li>
      <details><summary><time class="note number">${clock(at)}</time> ${place ? html`<code class="bad">${place}</code>` : nothing} <span>${text.split('\n', 1)[0]}</span></summary><pre>${text}</pre></details></li>`)}</ul></section>`;
  }

  #log({ kind, log, name }) {
    if (kind !== 'script') return html`<p class="note">What a Java verticle logs is in the log of its node.</p>`;
    return html`<section><h3>Log, live</h3>
      <div class="log" role="log" tabindex="0" aria-label="Log of ${name}">${log.length === 0 ? html`<p class="note">It has said nothing yet.</p>`
        : log.map(({ at, level, text }) => html`<div data-level=${level}><time class="note number">${clock(at)}</time> <span class="unseen">${level}: </span><span>${text}</span></div>`)}</div></section>`;
  }

  #unheard() {
    const { unheard } = this.#traffic;
    return html`<section class="card unheard"><header><h2>Addresses that nobody hears</h2><span class="pill ${unheard.length > 0 ? 'warn' : ''} push">${unheard.length}</span></header>
      ${unheard.length === 0 ? html`<p class="note inside">Whatever was published to an address that keeps nothing had a listener.</p>` : html`
      <p class="note inside">Events were published here while nobody listened, and are gone. Listen, stop publishing, or keep them: <code>keep: {events: 1000}</code> in the policy.</p>
      <div class="scroll" tabindex="0" role="group" aria-label="Addresses that nobody hears, scrollable"><table class="table">
        <thead><tr><th scope="col">Address</th><th scope="col" class="number">Events</th><th scope="col">Since</th></tr></thead>
        <tbody>${unheard.map(({ address, events, since }) => html`<tr><th scope="row"><a href=${hrefOf(['addresses', address])}><code>${address}</code></a></th>
          <td class="number">${count(events)}</td><td>${clock(since)} <span class="note">${duration((Date.now() - since) / 1000)} ago</span></td></tr>`)}</tbody></table></div>`}</section>`;
  }

  #departed() {
    const { departed } = this.#traffic;
    return html`<section class="card departed"><header><h2>Left behind by nodes that are gone</h2><span class="pill push">${departed.length}</span></header>
      ${departed.length === 0 ? html`<p class="note inside">No registration of a node that is gone was found.</p>` : html`<ul>${departed.map(({ node, registrations, removed, addresses, at }) => {
        const standing = registrations - removed;
        return html`<li><p><code>${node.slice(0, 12)}</code> <span class="note">${clock(at)}</span> left ${count(registrations)} ${registrations === 1 ? 'registration' : 'registrations'}:
          ${standing === 0 ? html`<span class="good">all removed</span>` : html`<span class="bad">${count(standing)} still there</span>`}</p>
          <p class="note">${addresses.map(address => html`<code>${address}</code> `)}</p>
          <p class="note">${standing === 0 ? 'Nothing is left to do: an audit took them away.' : 'Every node audits again within 30 s. If they stay, start the oldest node again.'}</p></li>`;
      })}</ul>`}</section>`;
  }
}

customElements.define('weir-verticles-view', VerticlesView);
