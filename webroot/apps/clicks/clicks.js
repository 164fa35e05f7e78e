import { html } from 'lit';
import { connection, me, whenOpen } from '/apps/shared/bus.js';
import { PageElement } from '/apps/shared/element.js';

const DROPS = 24;
const whole = new Intl.NumberFormat('en');

/** A button whose click is an event. The count is of everyone's clicks; one's own come back through the server like all others. */
class WeirClicks extends PageElement {
  static properties = { total: { state: true }, mine: { state: true }, drops: { state: true }, problem: { state: true } };

  #clicks = connection.emitter('clicks');
  #drop = 0;

  constructor() {
    super();
    this.total = undefined;
    this.mine = 0;
    this.drops = [];
    this.#clicks.on('click', (data, event) => this.#heard(event)).on('error', error => (this.problem = error.message));
    whenOpen(() => this.#count());
  }

  async #count() {
    try {
      await this.#clicks.ready();
      this.total = (await connection.request('board.now')).clicks;
    } catch (error) {
      this.problem = error.message;
    }
  }

  #heard(event) {
    const own = event.subject === me.id;
    this.total = (this.total ?? 0) + 1;
    if (own) this.mine++;
    const drop = { key: this.#drop++, own, place: this.#drop % 7 };
    this.drops = [...this.drops.slice(1 - DROPS), drop];
  }

  #click() {
    this.problem = undefined;
    this.#clicks.emit('click', { by: me.name }, { key: me.id });
  }

  #landed(key) {
    this.drops = this.drops.filter(drop => drop.key !== key);
  }

  render() {
    return html`<section class="card">
      <header><h2>One button for everyone</h2><code class="note push">clicks</code></header>
      <div class="stage">
        <div class="drops" aria-hidden="true">${this.drops.map(({ key, own, place }) => html`<i
          class="drop place-${place} ${own ? 'own' : ''}" @animationend=${() => this.#landed(key)}></i>`)}</div>
        <p class="total number" role="status" aria-label="Clicks of everyone"><b>${this.total === undefined ? '–' : whole.format(this.total)}</b></p>
        <p class="note">clicks by everyone, <span class="number mine">${whole.format(this.mine)}</span> of them yours</p>
        <button class="button primary big" @click=${() => this.#click()}>Click</button>
        <p class="problem" role="alert">${this.problem ?? ''}</p>
      </div>
    </section>`;
  }
}

customElements.define('weir-clicks', WeirClicks);
