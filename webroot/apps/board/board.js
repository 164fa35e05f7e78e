import { html, nothing } from 'lit';
import '/apps/board/tile.js';
import '/apps/chart/chart.js';
import '/apps/clicks/clicks.js';
import { connection, whenOpen } from '/apps/shared/bus.js';
import { PageElement } from '/apps/shared/element.js';
import { bytes, count, duration, millis, percent } from '/apps/shared/format.js';
import { Metrics } from '/apps/board/metrics.js';

const LATENCIES = 60;

/** How the system is, once a second. Begins with the last minute, which it asks for, and goes on with the events themselves. */
class WeirBoard extends PageElement {
  #metrics = new Metrics();
  #latencies = [];
  #early = []; // events that came before the past; undefined while there is nothing to wait for

  constructor() {
    super();
    for (const address of ['node.metrics', 'host.metrics']) {
      connection.emitter(address).on('*', (data, event) => this.#heard(event)).on('error', error => console.info(`${address}: ${error.message}`));
    }
    connection.on('latency', latency => this.#measured(latency));
    whenOpen(() => this.#catchUp());
  }

  #heard(event) {
    if (this.#early) this.#early.push(event);
    else if (this.#metrics.accept(event)) this.requestUpdate();
  }

  async #catchUp() {
    this.#early ??= [];
    const past = await connection.request('board.now').catch(error => {
      console.info(`The board starts empty: ${error.message}`);
      return { events: [] };
    });
    for (const event of [...past.events, ...(this.#early ?? [])]) this.#metrics.accept(event);
    this.#early = undefined;
    this.requestUpdate();
  }

  #measured(latency) {
    this.#latencies.push({ at: Date.now(), latency });
    if (this.#latencies.length > LATENCIES) this.#latencies.shift();
    this.requestUpdate();
  }

  render() {
    const now = this.#metrics.now();
    const series = this.#metrics.series();
    const line = name => series.map(point => ({ x: point.ago, y: point[name] })).filter(point => point.y !== undefined);
    const latencies = this.#latencies.map(({ at, latency }) => ({ x: (at - Date.now()) / 1000, y: latency })).filter(({ x }) => x >= -60);
    const mine = this.#latencies.at(-1)?.latency;
    return html`
      <section class="tiles" id="board" aria-label="Now">
        ${tile('Clients', count(now.clients), '', line('clients'), '1', `on ${plural(this.#metrics.nodes().length, 'node')}`)}
        ${tile('Events', count(now.in), '/s', line('in'), '1', `${count(now.out)} delivered/s`)}
        ${tile('Your latency', millis(mine), 'ms', latencies, '2', 'there and back')}
        ${tile('Loop lag', millis(now.lag), 'ms', line('lag'), '2', 'the slowest event loop')}
        ${tile('CPU', percent(now.cpu), '%', line('cpu'), '3', `load ${now.load === undefined ? '–' : now.load.toFixed(2)}`)}
        ${tile('Memory', percent(now.memory), '%', line('memory'), '3', `${bytes(now.memoryUsed)} of ${bytes(now.memoryTotal)}`)}
      </section>
      ${chart('Throughput', 'wide', 'events per second', count, [['In', '1', line('in')], ['Delivered', '2', line('out')]])}
      <weir-clicks id="clicks"></weir-clicks>
      ${chart('Host', '', 'share in use', n => `${Math.round(n * 100)} %`, [['CPU', '3', line('cpu')], ['Memory', '1', line('memory')]], 1)}
      ${chart('Time', '', 'milliseconds', millis, [['Your latency', '2', latencies], ['Loop lag', '3', line('lag')]])}
      ${this.#nodes()}
    `;
  }

  #nodes() {
    const nodes = this.#metrics.nodes();
    return html`<section class="card nodes">
      <header><h2>Nodes</h2><span class="note push">${plural(nodes.length, 'node')}</span></header>
      <div class="scroll" tabindex="0" role="group" aria-label="Nodes, scrollable">
        <table>
          <thead><tr><th>Node</th><th>Clients</th><th>In/s</th><th>Out/s</th><th>Lag</th><th>Heap</th><th>Up</th></tr></thead>
          <tbody>${nodes.map(node => html`<tr>
            <td><span class="live"></span><code title=${node.node}>${String(node.node).slice(0, 8)}</code></td>
            <td>${count(node.clients)}</td><td>${count(node.in)}</td><td>${count(node.out)}</td><td>${millis(node.loopLagMillis)} ms</td>
            <td>${bytes(node.heap?.used)}</td><td>${duration(node.uptimeMillis / 1000)}</td>
          </tr>`)}</tbody>
        </table>
      </div>
      ${nodes.length === 1 ? html`<p class="hint note">One node. <code>scripts/cluster 3</code> starts three; end one, and this page goes on.</p>` : nothing}
    </section>`;
  }
}

function tile(label, value, unit, points, color, note) {
  return html`<weir-tile .label=${label} .value=${value} .unit=${unit} .points=${points} .color=${color} .note=${note}></weir-tile>`;
}

function chart(title, size, note, format, lines, max) {
  const series = lines.map(([label, color, points]) => ({ label, color: `--series-${color}`, points }));
  return html`<weir-chart class="card ${size}" .heading=${title} .note=${note} .format=${format} .series=${series} .max=${max}></weir-chart>`;
}

function plural(n, noun) {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}

customElements.define('weir-board', WeirBoard);
