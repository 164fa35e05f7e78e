import { html, nothing, svg } from 'lit';
import { PageElement } from '/apps/shared/element.js';
import { count } from '/apps/shared/format.js';
import { rateOfEdge } from './figures.js';
import { layout, shape } from './layout.js';

const WIDE = { width: [118, 208], height: 78, across: 22, along: 46 };
const TALL = { width: [112, 264], height: 78, across: 12, along: 44 };
const EDGE = 10;
const PADDING = 28;
const KINDS = { input: 'Input', stage: 'Stage', target: 'Target' };

/**
 * A flow as a graph with what happens on it now. Boxes are buttons: the event `choose` has the id of one. Goes to the right where
 * there is room, downwards on a phone. All it says stands in words in the table beside it too.
 *
 * Properties: `flow` as figures.js puts it together; `chosen`, an id.
 */
class WeirFlowGraph extends PageElement {
  static properties = { flow: { attribute: false }, chosen: { attribute: false }, isNarrow: { state: true }, room: { state: true } };

  #narrow = matchMedia('(max-width: 860px)');
  #turned = () => (this.isNarrow = this.#narrow.matches);
  #drawn;
  #sized = new ResizeObserver(([{ contentRect }]) => (this.room = Math.floor(contentRect.width)));

  connectedCallback() {
    super.connectedCallback();
    this.#sized.observe(this);
    this.#narrow.addEventListener('change', this.#turned);
    this.#turned();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#sized.disconnect();
    this.#narrow.removeEventListener('change', this.#turned);
  }

  /** Laid out again with another file or another width only. Boxes are as wide as there is room for, within bounds. */
  get #layout() {
    const key = `${this.flow.digest} ${this.isNarrow} ${this.room}`;
    if (this.#drawn?.key !== key) {
      const { nodes, edges } = this.flow.graph;
      const box = this.isNarrow ? TALL : WIDE;
      const { layers, across } = shape(nodes, edges);
      const [beside, gap] = this.isNarrow ? [across, box.across] : [layers, box.along];
      const [least, most] = box.width;
      const fits = Math.floor((this.room - PADDING - 2 * EDGE - (beside - 1) * gap) / beside);
      this.#drawn = { key, ...layout(nodes, edges, { ...box, width: Math.max(least, Math.min(most, fits)) }, this.isNarrow) };
    }
    return this.#drawn;
  }

  #walk(event) {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    const boxes = [...this.querySelectorAll('.box')];
    const at = boxes.indexOf(document.activeElement);
    if (step === undefined || at < 0) return;
    event.preventDefault();
    boxes[(at + step + boxes.length) % boxes.length].focus();
  }

  render() {
    const { flow } = this;
    if (!flow?.graph || this.room === undefined) return nothing;
    const { width, height, nodes, edges } = this.#layout;
    const known = new Map(flow.graph.nodes.map(each => [each.id, each]));
    return html`<div class="graph scroll" @keydown=${this.#walk}>
      <svg role="group" aria-label="Graph of the flow ${flow.name}; the table of its stages says the same"
        width=${width + 2 * EDGE} height=${height + 2 * EDGE} viewBox="${-EDGE} ${-EDGE} ${width + 2 * EDGE} ${height + 2 * EDGE}">
        <g aria-hidden="true">${edges.map(edge => line(edge, rateOfEdge(flow.graph.edges.find(({ from, to }) => from === edge.from && to === edge.to), flow), flow.state))}</g>
        ${nodes.map(place => this.#box(place, known.get(place.id)))}
        <g aria-hidden="true">${edges.map(edge => words(edge, rateOfEdge(flow.graph.edges.find(({ from, to }) => from === edge.from && to === edge.to), flow)))}</g>
      </svg></div>`;
  }

  #box({ id, x, y, width, height }, node) {
    const stage = this.flow.stages[id];
    const says = marks(stage);
    const title = node.kind === 'input' ? node.type : id;
    const text = title === node.type ? node.text : [node.type, node.text].filter(Boolean).join(': ');
    const name = [KINDS[node.kind], title, text, ...says.map(({ text }) => text)].filter(Boolean).join(', ');
    return svg`<foreignObject x=${x} y=${y} width=${width} height=${height}>${html`
      <button class="box" data-kind=${node.kind} data-stage=${id} aria-label=${name} aria-pressed=${String(this.chosen === id)}
        data-trouble=${says.some(({ tone }) => tone === 'bad') ? 'yes' : nothing} @click=${() => this.#choose(id)}>
        <b>${title}</b><span class="text">${text || '\u00a0'}</span>
        <span class="marks">${says.map(({ text, sign, tone }) => html`<span class=${tone}><span aria-hidden="true">${sign}</span> ${text}</span>`)}</span>
      </button>`}</foreignObject>`;
  }

  #choose(id) {
    this.dispatchEvent(new CustomEvent('choose', { detail: id }));
  }
}

/** What is to be known of a stage at a glance, each with a shape of its own beside its colour. */
export function marks(stage) {
  if (!stage) return [];
  const all = [];
  if (stage.breaker && stage.breaker !== 'closed') all.push({ text: `breaker ${stage.breaker}`, sign: stage.breaker === 'open' ? '■' : '◧', tone: 'bad' });
  if (stage.rates?.errors > 0) all.push({ text: `${count(stage.rates.errors)} errors/s`, sign: '▲', tone: 'bad' });
  else if (stage.errors > 0) all.push({ text: `${count(stage.errors)} ${stage.errors === 1 ? 'error' : 'errors'}`, sign: '△', tone: 'warn' });
  if (stage.held > 0) all.push({ text: `${count(stage.held)} waiting`, sign: '⧗', tone: 'soft' });
  if (stage.breaker === 'closed') all.push({ text: 'breaker closed', sign: '□', tone: 'good' });
  if (stage.keys > 0) all.push({ text: `${count(stage.keys)} keys`, sign: '#', tone: 'soft' });
  return all;
}

function line({ path }, rate, state) {
  const moving = rate > 0 && state === 'running';
  const width = rate > 0 ? Math.min(6, 1.5 + Math.log10(1 + rate)) : 1.2;
  return svg`<path class="edge ${moving ? 'moving' : ''}" d=${path} stroke-width=${width.toFixed(1)}></path>`;
}

function words({ x, y, from, to, output }, rate) {
  const text = [output, rate === undefined ? undefined : `${count(rate)}/s`].filter(Boolean).join(' ');
  if (text === '') return nothing;
  const width = text.length * 6.6 + 10;
  return svg`<g class="rate" data-from=${from} data-to=${to} data-still=${rate > 0 ? nothing : 'yes'}><rect x=${x - width / 2} y=${y - 9} width=${width} height="18" rx="9"></rect><text x=${x} y=${y + 4} text-anchor="middle">${text}</text></g>`;
}

customElements.define('weir-flow-graph', WeirFlowGraph);
