import { html, svg } from 'lit';
import { PageElement } from '/apps/shared/element.js';

const WIDTH = 120;
const HEIGHT = 34;

/** One number with its last minute behind it. */
class WeirTile extends PageElement {
  static properties = { label: {}, value: {}, unit: {}, points: { attribute: false }, color: {}, note: {} };

  render() {
    return html`
      <h3>${this.label}</h3>
      <p class="value number"><b>${this.value}</b>${this.unit ? html`<span>${this.unit}</span>` : ''}</p>
      <p class="note number">${this.note}</p>
      <svg viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" aria-hidden="true" class="line-${this.color}">${this.#line()}</svg>
    `;
  }

  #line() {
    if (this.points.length < 2) return '';
    const top = Math.max(...this.points.map(point => point.y)) || 1;
    const at = ({ x, y }) => `${(((x + 60) / 60) * WIDTH).toFixed(1)},${(HEIGHT - 2 - (y / top) * (HEIGHT - 6)).toFixed(1)}`;
    const line = this.points.map(at).join(' L');
    const [first, last] = [this.points[0], this.points.at(-1)].map(({ x }) => (((x + 60) / 60) * WIDTH).toFixed(1));
    return svg`<path class="area" d="M${first},${HEIGHT} L${line} L${last},${HEIGHT} Z"/><path class="stroke" d="M${line}" vector-effect="non-scaling-stroke"/>`;
  }
}

customElements.define('weir-tile', WeirTile);
