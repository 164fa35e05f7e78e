import { html, nothing, svg } from 'lit';
import { connection } from '/apps/shared/bus.js';
import { PageElement } from '/apps/shared/element.js';
import { clock, count, millis, percent } from '/apps/shared/format.js';

const READINGS = 120;
const ROWS = 8;
const STATES = { connecting: 'Connecting', open: 'Live', waiting: 'Reconnecting', closed: 'Closed' };
const FLOWS = ['host-alerts', 'routes', 'machine-temperature', 'gateway-log', 'orders', 'notifications', 'prices', 'generated-csv'];

/** What the flows of the demo find out, each on its address `results.<flow>`; two of them can be given something to do. */
class WeirFlows extends PageElement {
  static properties = { state: { state: true }, problem: { state: true } };

  #heard = new Map(FLOWS.map(flow => [flow, []]));
  #routes = new Map();
  #inputs = new Map();
  #order = 0;

  constructor() {
    super();
    this.state = connection.state;
    connection.on('state', state => (this.state = state));
    for (const flow of FLOWS) {
      connection.emitter(`results.${flow}`)
        .on('*', (data, event) => this.#take(flow, data, event))
        .on('error', error => (this.problem = `results.${flow}: ${error.message}`));
    }
  }

  #take(flow, data, event) {
    const events = this.#heard.get(flow);
    events.push({ data, type: event.type, at: event.time ?? Date.now() });
    if (events.length > READINGS) events.shift();
    if (flow === 'routes') this.#routes.set(data.route, data);
    this.requestUpdate();
  }

  #last(flow) {
    return this.#heard.get(flow).at(-1)?.data;
  }

  #recent(flow) {
    return this.#heard.get(flow).slice(-ROWS).reverse();
  }

  /** Gives a flow something to do. */
  #give(input, type, data) {
    this.problem = undefined;
    if (!this.#inputs.has(input)) {
      this.#inputs.set(input, connection.emitter(`inputs.${input}`));
    }
    this.#inputs.get(input).emit(type, data).catch(error => (this.problem = error.message));
  }

  #name() {
    return `o-${Math.floor(Date.now() / 1000) % 100000}-${++this.#order}`;
  }

  #pay(order) {
    this.#give('orders', 'paid', { order, total: 10 + (this.#order % 9) * 5 });
  }

  #reserve(order) {
    this.#give('orders', 'reserved', { order, warehouse: ['Ulm', 'Bonn', 'Kiel'][this.#order % 3] });
  }

  /** What is asked is shown at once: the answer may take its time, or never come. */
  #ask() {
    const data = { item: this.#name().replace('o', 'i') };
    this.#take('prices', data, { type: 'asked' });
    this.#give('prices', 'asked', data);
  }

  render() {
    return html`
      <header class="bar">
        <a class="brand" href="/"><img src="/images/weir.svg" alt="" width="28" height="28"><h1>Flows</h1></a>
        <a class="way" href="/">Board</a>
        <span class="pill" role="status" data-state=${this.state}><span class="dot"></span>${STATES[this.state]}</span>
        <button class="icon" @click=${() => window.weirTheme.toggle()} aria-label="Light or dark" title="Light or dark">
          <svg viewBox="0 0 24 24" width="18" height="18" aria-hidden="true"><path d="M12 3a9 9 0 1 0 9 9 7 7 0 0 1-9-9Z" fill="none" stroke="currentColor" stroke-width="1.8" stroke-linejoin="round"/></svg>
        </button>
      </header>
      <main id="flows">
        <p class="problem" role="alert">${this.problem ?? ''}</p>
        ${this.#temperature()} ${this.#topClients()} ${this.#routesTable()} ${this.#alerts()}
        ${this.#orders()} ${this.#notifications()} ${this.#prices()} ${this.#generated()}
      </main>`;
  }

  #temperature() {
    const points = this.#heard.get('machine-temperature');
    const now = points.at(-1)?.data;
    const wrong = points.filter(({ data }) => data.anomaly).length;
    return card('machine-temperature', 'A machine’s temperature', 'six', html`
      <p class="figure"><b class="number">${now ? now.value.toFixed(1) : '–'}</b> <span class="note">mean ${now ? now.mean.toFixed(1) : '–'}, ${wrong} out of line</span></p>
      ${chart(points.map(({ data }) => data))}`);
  }

  #topClients() {
    const now = this.#last('gateway-log');
    const most = now?.top[0]?.count ?? 1;
    return card('gateway-log', 'Who asks most', 'six', now
      ? html`<p class="note">${count(now.n)} requests of ${count(now.clients)} clients in a minute, ${count(now.bad)} of them refused or failed</p>
        <ol class="bars">${now.top.map(({ value, count: n }) => html`<li><code>${value}</code>
          <meter min="0" max=${most} .value=${n}></meter><b class="number">${count(n)}</b></li>`)}</ol>`
      : waiting('in five seconds'));
  }

  #routesTable() {
    const rows = [...this.#routes.values()].sort((a, b) => b.rate - a.rate).slice(0, ROWS);
    return card('routes', 'Routes of this node', 'eight', rows.length
      ? table(['Route', 'Per second', 'p50', 'p99', 'Errors'], rows.map(row => [html`<code>${row.route}</code>`, row.rate.toFixed(1), `${millis(row.p50)}\u00a0ms`, `${millis(row.p99)}\u00a0ms`, count(row.errors)]))
      : waiting('ten seconds after a request: reload this page'));
  }

  #alerts() {
    return card('host-alerts', 'Host alerts', 'four', list(this.#recent('host-alerts'), ({ data }) => html`<b>${data.what}</b> ${percent(data.share)} % in use`, 'when a host is short of something'));
  }

  #orders() {
    return card('orders', 'Orders', 'four', html`
      <p class="doing">
        <button class="button primary" @click=${() => { const order = this.#name(); this.#pay(order); this.#reserve(order); }}>Pay and reserve</button>
        <button class="button" @click=${() => this.#pay(this.#name())}>Pay only</button>
        <button class="button" @click=${() => this.#reserve(this.#name())}>Reserve only</button>
      </p>
      ${list(this.#recent('orders'), ({ data, type }) => (type === 'shipped' ? html`<b class="good">shipped</b> ${data.order} from ${data.from}` : html`<b class="warn">overdue</b> ${data.order}, no ${data.waited}`), 'half an order is overdue after thirty seconds')}`);
  }

  #notifications() {
    return card('notifications', 'Notifications', 'four', html`
      <p class="doing"><button class="button" @click=${() => this.#give('notifications', 'message', { to: 'ada', text: 'the disk is full' })}>Tell Ada</button>
        <button class="button" @click=${() => this.#give('notifications', 'message', { to: 'bob', text: 'the disk is full' })}>Tell Bob</button></p>
      ${list(this.#recent('notifications'), ({ data, type }) => html`<b class=${type === 'sent' ? 'good' : 'soft'}>${type}</b> ${data.to}: ${data.text}`, 'the same passes once a minute')}`);
  }

  #prices() {
    return card('prices', 'A service that may fail', 'four', html`
      <p class="doing"><button class="button" @click=${() => this.#ask()}>Ask for a price</button></p>
      ${list(this.#recent('prices'), ({ data, type }) => html`<b class=${type === 'priced' ? 'good' : 'warn'}>${type}</b> ${data.item}${data.price === undefined ? '' : `: ${data.price}`}`, 'retried, then guarded by a breaker')}`);
  }

  #generated() {
    const rows = this.#recent('generated-csv');
    return rows.length === 0 ? nothing : card('generated-csv', 'A file of any size', 'twelve', table(['Day', 'Region', 'Sales', 'Quantity', 'Revenue'],
      rows.map(({ data }) => [data.start.slice(0, 10), data.region, count(data.n), count(data.quantity), count(data.revenue)])));
  }
}

function card(flow, title, width, content) {
  return html`<section class="card ${width}" data-flow=${flow}><header><h2>${title}</h2><code class="note push">${flow}</code></header><div class="inside">${content}</div></section>`;
}

function waiting(text) {
  return html`<p class="note empty">${text}</p>`;
}

function list(events, line, otherwise) {
  return events.length ? html`<ul class="said">${events.map(event => html`<li><time class="note number">${clock(event.at)}</time><span>${line(event)}</span></li>`)}</ul>` : waiting(otherwise);
}

function table(heads, rows) {
  return html`<div class="scroll" tabindex="0" role="group" aria-label="Table, scrollable"><table>
    <thead><tr>${heads.map(head => html`<th scope="col">${head}</th>`)}</tr></thead>
    <tbody>${rows.map(row => html`<tr>${row.map(cell => html`<td class="number">${cell}</td>`)}</tr>`)}</tbody></table></div>`;
}

/** Readings as a line, their mean as a thin one, and what is out of line as dots. */
function chart(readings) {
  if (readings.length < 2) return waiting('a reading a second');
  const [width, height] = [600, 150];
  const all = readings.map(({ value }) => value);
  const [low, high] = [Math.min(...all) - 1, Math.max(...all) + 1];
  const x = i => ((i + READINGS - readings.length) / (READINGS - 1)) * width;
  const y = value => height - ((value - low) / (high - low)) * height;
  const line = of => readings.map((reading, i) => `${x(i).toFixed(1)},${y(of(reading)).toFixed(1)}`).join(' ');
  return html`<svg class="plot" viewBox="0 0 ${width} ${height}" preserveAspectRatio="none" role="img"
    aria-label="The last ${readings.length} readings, from ${low.toFixed(0)} to ${high.toFixed(0)}">
    <polyline class="mean" points=${line(({ mean }) => mean)}></polyline>
    <polyline class="value" points=${line(({ value }) => value)}></polyline>
    ${readings.map((reading, i) => (reading.anomaly ? svg`<line class="odd" x1=${x(i)} x2=${x(i)} y1=${y(reading.value) - 0.1} y2=${y(reading.value)}></line>` : nothing))}
  </svg>`;
}

customElements.define('weir-flows', WeirFlows);
