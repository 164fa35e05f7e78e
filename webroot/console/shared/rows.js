import { html, nothing } from 'lit';
import { PageElement } from '/apps/shared/element.js';

const ROW = 32;
const SPARE = 8;

/**
 * A list of any length of which only what is in sight is in the page. Arrow keys, Home, End and the page keys walk, Enter or a click
 * chooses: the event `choose` with the item. Newer items above the first one in sight do not move what is read.
 *
 * Properties: `items`; `columns` as `{title, cell(item), width, number}`, a width being one of CSS grid; `key(item)`; `label` in
 * words; `chosen`, the key of the chosen item.
 */
class WeirRows extends PageElement {
  static properties = {
    items: { attribute: false }, columns: { attribute: false }, key: { attribute: false }, label: { attribute: false },
    chosen: { attribute: false }, from: { state: true }, current: { state: true },
  };

  #box;
  #frame = 0;
  #tall = 600;
  #sized = new ResizeObserver(([{ contentRect }]) => this.#resized(contentRect.height));

  constructor() {
    super();
    Object.assign(this, { items: [], columns: [], key: item => item, label: 'List', from: 0, current: undefined });
  }

  connectedCallback() {
    super.connectedCallback();
    if (this.#box) this.#sized.observe(this.#box);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#sized.disconnect();
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
  }

  firstUpdated() {
    this.#box = this.querySelector('.rows');
    this.#sized.observe(this.#box);
  }

  willUpdate(changed) {
    if (!changed.has('items') || !this.#box || this.#box.scrollTop < ROW) return;
    const first = changed.get('items')?.[Math.floor(this.#box.scrollTop / ROW)];
    if (first === undefined) return;
    const key = this.key(first);
    const now = this.items.findIndex(item => this.key(item) === key);
    if (now >= 0) this.moved = now * ROW + (this.#box.scrollTop % ROW);
  }

  updated(changed) {
    if (changed.has('columns')) this.style.setProperty('--columns', this.columns.map(({ width = '1fr' }) => width).join(' '));
    this.style.setProperty('--all', `${this.items.length * ROW}px`);
    this.style.setProperty('--before', `${this.from * ROW}px`);
    if (this.moved === undefined) return;
    this.#box.scrollTop = this.moved;
    this.moved = undefined;
    this.#scrolled();
  }

  #resized(height) {
    this.#tall = height;
    this.#look();
  }

  #scrolled() {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      this.#look();
    });
  }

  #look() {
    this.from = Math.max(0, Math.floor(this.#box.scrollTop / ROW) - SPARE);
    this.requestUpdate();
  }

  #keyed(event) {
    const page = Math.max(1, Math.floor(this.#tall / ROW) - 1);
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity };
    const step = steps[event.key];
    if (step !== undefined) this.#walk(step);
    else if (event.key === 'Enter' && this.#place() >= 0) this.#choose(this.items[this.#place()]);
    else return;
    event.preventDefault();
  }

  #place() {
    return this.current === undefined ? -1 : this.items.findIndex(item => this.key(item) === this.current);
  }

  #walk(step) {
    if (this.items.length === 0) return;
    const at = Math.max(0, Math.min(this.items.length - 1, Math.max(this.#place(), step > 0 ? -1 : 0) + step));
    this.current = this.key(this.items[at]);
    const [top, bottom] = [at * ROW, (at + 1) * ROW];
    if (top < this.#box.scrollTop) this.#box.scrollTop = top;
    const room = this.#tall - ROW; // the head stays in sight
    if (bottom > this.#box.scrollTop + room) this.#box.scrollTop = bottom - room;
    this.#scrolled();
  }

  #choose(item) {
    this.current = this.key(item);
    this.dispatchEvent(new CustomEvent('choose', { detail: item }));
  }

  render() {
    const shown = this.items.slice(this.from, this.from + Math.ceil(this.#tall / ROW) + 2 * SPARE);
    return html`<div class="rows" role="grid" tabindex="0" aria-label=${this.label} aria-rowcount=${this.items.length + 1}
        aria-activedescendant=${shown.some(item => this.key(item) === this.current) ? 'row-current' : nothing}
        @scroll=${this.#scrolled} @keydown=${this.#keyed}>
      <div class="row head" role="row" aria-rowindex="1">${this.columns.map(({ title, number }) => html`<span role="columnheader" class=${number ? 'number' : ''}>${title}</span>`)}</div>
      <div class="all" role="rowgroup"><div class="sight" role="presentation">${shown.map((item, i) => this.#row(item, this.from + i))}</div></div>
    </div>`;
  }

  #row(item, at) {
    const key = this.key(item);
    const isCurrent = key === this.current;
    return html`<div class="row ${isCurrent ? 'current' : ''}" role="row" id=${isCurrent ? 'row-current' : nothing} aria-rowindex=${at + 2}
        aria-selected=${String(key === this.chosen)} @click=${() => this.#choose(item)}>
      ${this.columns.map(({ cell, number }) => html`<span role="gridcell" class=${number ? 'number' : ''}>${cell(item)}</span>`)}
    </div>`;
  }
}

customElements.define('weir-rows', WeirRows);
