import { html, nothing } from 'lit';
import { connection } from '/apps/shared/bus.js';
import { PageElement } from '/apps/shared/element.js';
import { millis } from '/apps/shared/format.js';

const STATES = {
  connecting: { text: 'Connecting', tone: 'warn' },
  open: { text: 'Live', tone: 'good' },
  waiting: { text: 'Reconnecting', tone: 'warn' },
  closed: { text: 'Closed', tone: 'bad' },
};

const SECTIONS = [['board', 'Board'], ['clicks', 'Button'], ['chat', 'Chat'], ['feed', 'Feed']];

/** Name, way around, colours, and how the connection is: nobody has to guess whether what they see is live. */
class WeirHeader extends PageElement {
  static properties = { state: { state: true }, latency: { state: true }, lost: { state: true }, section: { state: true } };

  constructor() {
    super();
    this.state = connection.state;
    connection.on('state', state => this.#become(state));
    connection.on('latency', latency => (this.latency = latency));
    connection.on('disconnect', lost => (this.lost = lost));
    connection.on('reconnect', () => (this.lost = undefined)).on('connect', () => (this.lost = undefined));
  }

  /** The whole page may look different while what it shows is not live. */
  #become(state) {
    this.state = document.documentElement.dataset.connection = state;
  }

  async firstUpdated() {
    await customElements.whenDefined('weir-board');
    await document.querySelector('weir-board').updateComplete;
    const visible = new Set();
    const seen = new IntersectionObserver(entries => {
      for (const { isIntersecting, target } of entries) visible[isIntersecting ? 'add' : 'delete'](target.id);
      this.section = SECTIONS.map(([id]) => id).find(id => visible.has(id));
    }, { rootMargin: '-90px 0px -65%' });
    for (const [id] of SECTIONS) seen.observe(document.getElementById(id));
  }

  render() {
    const { text, tone } = STATES[this.state];
    return html`
      <header class="bar">
        <a class="brand" href="#board"><img src="/images/weir.svg" alt="" width="28" height="28"><h1>Weir</h1></a>
        <nav aria-label="Sections">
          ${SECTIONS.map(([id, title]) => html`<a href="#${id}" aria-current=${this.section === id ? 'true' : nothing}>${title}</a>`)}
          <a href="/apps/flows.html">Flows</a>
          <a href="/console/">Console</a>
        </nav>
        <span class="pill ${tone}" role="status" data-state=${this.state} title=${`${connection.url} over ${connection.transport}`}>
          <span class="dot"></span>${text}
          ${this.state === 'open' && this.latency !== undefined ? html`<span class="number lag">${millis(this.latency)} ms</span>` : nothing}
        </span>
        <button class="icon" @click=${() => window.weirTheme.toggle()} aria-label="Light or dark" title="Light or dark">
          <svg viewBox="0 0 24 24" width="18" height="18" aria-hidden="true"><path d="M12 3a9 9 0 1 0 9 9 7 7 0 0 1-9-9Z" fill="none" stroke="currentColor" stroke-width="1.8" stroke-linejoin="round"/></svg>
        </button>
      </header>
      ${this.state !== 'open' && this.lost ? this.banner() : nothing}
    `;
  }

  banner() {
    const closed = this.state === 'closed';
    return html`<div class="banner" role="alert">
      <span>${closed ? `The server has closed the connection: ${this.lost.reason}.` : 'The connection is lost. What you send now goes out when it is back.'}</span>
      ${closed
        ? html`<button class="button" @click=${() => location.reload()}>Reload</button>`
        : html`<button class="button" @click=${() => connection.retry()}>Try now</button>`}
    </div>`;
  }
}

customElements.define('weir-header', WeirHeader);
