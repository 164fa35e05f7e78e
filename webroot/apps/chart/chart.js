import { Chart, Filler, LinearScale, LineController, LineElement, PointElement, Tooltip } from 'chart.js';
import { html } from 'lit';
import { PageElement } from '/apps/shared/element.js';

Chart.register(Filler, LinearScale, LineController, LineElement, PointElement, Tooltip);

/** The last sixty seconds of a few lines. What is drawn is also said, for those who do not see it. */
class WeirChart extends PageElement {
  static properties = {
    heading: {}, note: {}, format: { attribute: false }, series: { attribute: false }, max: { type: Number },
  };

  #chart;
  #themed = () => this.#paint();

  connectedCallback() {
    super.connectedCallback();
    window.addEventListener('themechange', this.#themed);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    window.removeEventListener('themechange', this.#themed);
    this.#chart?.destroy();
    this.#chart = undefined;
  }

  render() {
    return html`
      <header>
        <h2>${this.heading}</h2><span class="note">${this.note}</span>
        <ul class="legend push">${this.series.map(({ label, color, points }) => html`<li class=${color.slice(2)}>
          ${label} <b class="number">${points.length ? this.format(points.at(-1).y) : '–'}</b></li>`)}</ul>
      </header>
      <div class="plot"><canvas role="img" aria-label=${this.#said()}></canvas></div>
    `;
  }

  #said() {
    const lines = this.series.map(({ label, points }) => `${label} ${points.length ? this.format(points.at(-1).y) : 'unknown'}`);
    return `${this.heading} of the last minute. Now: ${lines.join(', ')}.`;
  }

  firstUpdated() {
    this.#chart = new Chart(this.querySelector('canvas'), {
      type: 'line',
      data: { datasets: [] },
      options: {
        animation: false,
        maintainAspectRatio: false,
        interaction: { mode: 'nearest', axis: 'x', intersect: false },
        elements: { point: { radius: 0, hoverRadius: 4 }, line: { borderWidth: 2, tension: 0.3, fill: true } },
        scales: {
          x: { type: 'linear', min: -60, max: 0, border: { display: false }, grid: { display: false }, ticks: { stepSize: 15, callback: ago } },
          y: { min: 0, max: this.max, border: { display: false }, ticks: { maxTicksLimit: 5, callback: value => this.format(value) } },
        },
        plugins: {
          tooltip: {
            displayColors: true, boxPadding: 4, padding: 10, cornerRadius: 8,
            callbacks: { title: ([item]) => ago(item.parsed.x), label: item => ` ${item.dataset.label}: ${this.format(item.parsed.y)}` },
          },
        },
      },
    });
    this.#paint();
  }

  updated() {
    this.#draw('none');
  }

  /** Colours come from the style sheet; a canvas has to be told. */
  #paint() {
    if (!this.#chart) return;
    const style = getComputedStyle(document.documentElement);
    const color = name => style.getPropertyValue(name).trim();
    const { scales, plugins } = this.#chart.options;
    const font = { size: 11.5, family: getComputedStyle(document.body).fontFamily };
    for (const scale of [scales.x, scales.y]) Object.assign(scale.ticks, { color: color('--faint'), font });
    scales.y.grid = { color: color('--line') };
    Object.assign(plugins.tooltip, { backgroundColor: color('--text'), titleColor: color('--card'), bodyColor: color('--card') });
    this.#draw();
  }

  #draw(mode) {
    if (!this.#chart) return;
    const style = getComputedStyle(document.documentElement);
    this.#chart.data.datasets = this.series.map(({ label, color, points }) => {
      const stroke = style.getPropertyValue(color).trim();
      return { label, data: points, borderColor: stroke, backgroundColor: `${stroke}1c`, pointHoverBackgroundColor: stroke };
    });
    this.#chart.update(mode);
  }
}

function ago(seconds) {
  return seconds === 0 ? 'now' : `−${Math.round(-seconds)} s`;
}

customElements.define('weir-chart', WeirChart);
