import { html, nothing } from 'lit';
import { PageElement } from '/apps/shared/element.js';
import { millis } from '/apps/shared/format.js';
import { icon } from './icons.js';
import { NoSuchView, routeOf, viewOf, VIEWS } from './router.js';
import './shared/dialogs.js';
import { Session } from './shared/session.js';
import './shared/sign-in.js';

const STATES = { connecting: 'Connecting', open: 'Live', waiting: 'Reconnecting', closed: 'Closed' };

/** The frame around the views: who is signed in, the way around, and whether what is shown is live. */
class WeirConsole extends PageElement {
  static properties = {
    route: { state: true }, view: { state: true }, fault: { state: true }, isMenuOpen: { state: true }, link: { state: true },
    latency: { state: true }, isReady: { state: true },
  };

  #session = new Session();
  #user;
  #shown;

  constructor() {
    super();
    this.route = routeOf(location.hash);
    this.#session.addEventListener('change', () => this.#signed());
    this.#session.resume().finally(() => (this.isReady = true));
    addEventListener('hashchange', () => this.#go());
    addEventListener('keydown', event => event.key === 'Escape' && (this.isMenuOpen = false));
  }

  get #page() {
    return VIEWS.find(({ name }) => name === (this.route.path[0] ?? VIEWS[0].name));
  }

  #go() {
    if (location.hash === '#view') return history.replaceState(null, '', hashOf(this.route)); // the way to skip the menu
    this.route = routeOf(location.hash);
    this.isMenuOpen = false;
    this.#show();
  }

  /** Whoever signs in again finds the page as it was; for somebody else it is made anew. */
  #signed() {
    const { state, name, role } = this.#session;
    if (state === 'in') {
      const user = `${name} ${role}`;
      if (this.#user !== user) this.#drop();
      this.#user = user;
      this.#follow();
      this.#show();
    } else if (state === 'out') {
      this.#user = undefined;
      this.#drop();
      this.#become(undefined);
    }
    this.requestUpdate();
  }

  #drop() {
    this.view = this.#shown = this.fault = undefined;
  }

  #follow() {
    const { connection } = this.#session;
    if (this.connection === connection) return;
    this.connection = connection;
    this.#become(connection.state);
    const mine = action => value => this.connection === connection && action(value);
    connection.on('state', mine(state => this.#become(state))).on('latency', mine(latency => (this.latency = latency)));
  }

  /** The whole page may look different while what it shows is not live. */
  #become(state) {
    this.link = state;
    if (state) document.documentElement.dataset.connection = state;
    else delete document.documentElement.dataset.connection;
  }

  async #show() {
    if (this.#session.state === 'out') return;
    const page = this.#page;
    document.title = `${page?.title ?? 'Not found'} · Weir`;
    if (this.#shown === page?.name && this.view) {
      this.view.route = this.route;
      return;
    }
    const again = this.#shown !== undefined;
    this.#drop();
    this.#shown = page?.name;
    if (!page) return;
    try {
      const view = await viewOf(page.name);
      if (this.#shown !== page.name) return;
      Object.assign(view, { session: this.#session, route: this.route });
      this.view = view;
    } catch (error) {
      if (this.#shown === page.name) this.fault = error;
    }
    if (again) this.querySelector('main')?.focus({ preventScroll: true });
  }

  updated(changed) {
    if (changed.has('isMenuOpen') && this.isMenuOpen) this.querySelector('.side nav a[aria-current], .side nav a').focus();
    const dialog = this.querySelector('dialog.again');
    if (dialog && !dialog.open) dialog.showModal();
  }

  render() {
    if (!this.isReady) return nothing;
    return this.#session.state === 'out' ? this.#door() : this.#inside();
  }

  #door() {
    return html`<div class="door"><header class="doorbar">${this.#theme()}</header>
      <main id="view" tabindex="-1" class="door-card">
        <div class="brand"><img src="/images/weir.svg" alt="" width="34" height="34"><h1>Weir console</h1></div>
        <weir-sign-in .session=${this.#session}></weir-sign-in>
      </main></div><weir-toasts></weir-toasts>`;
  }

  #inside() {
    const page = this.#page;
    return html`<div class="app ${this.isMenuOpen ? 'menu-open' : ''}">
      ${this.#side(page)}
      <div class="veil" @click=${() => (this.isMenuOpen = false)}></div>
      <header class="top">
        <button class="icon menu" aria-label="Menu" aria-controls="menu" aria-expanded=${String(Boolean(this.isMenuOpen))}
          @click=${() => (this.isMenuOpen = !this.isMenuOpen)}>${icon('menu', 20)}</button>
        <h1>${page?.title ?? 'Not found'}</h1>
        ${this.#pill()} ${this.#theme()} ${this.#who()}
      </header>
      ${this.link === 'waiting' || this.link === 'closed' ? this.#banner() : nothing}
      <main id="view" tabindex="-1">${this.#content(page)}</main>
    </div>
    ${this.#session.state === 'expired' ? this.#again() : nothing}
    <weir-toasts></weir-toasts>`;
  }

  #side(page) {
    return html`<aside class="side" id="menu">
      <a class="brand" href="#/overview"><img src="/images/weir.svg" alt="" width="26" height="26"><span>Weir</span></a>
      <nav aria-label="Console"><ul>${VIEWS.map(({ name, title }) => html`<li>
        <a href="#/${name}" aria-current=${page?.name === name ? 'page' : nothing} @click=${() => (this.isMenuOpen = false)}>${icon(name)}<span>${title}</span></a></li>`)}</ul></nav>
    </aside>`;
  }

  #pill() {
    const lag = this.link === 'open' && this.latency !== undefined;
    return html`<span class="live" data-state=${this.link}><span role="status"><span class="dot"></span>${STATES[this.link]}</span>
      ${lag ? html`<span class="number lag" title="Time to the node and back">${millis(this.latency)} ms</span>` : nothing}</span>`;
  }

  #theme() {
    return html`<button class="icon" @click=${() => window.weirTheme.toggle()} aria-label="Light or dark" title="Light or dark">${icon('theme')}</button>`;
  }

  #who() {
    const { name, role } = this.#session;
    const may = role === 'operator' ? 'An operator: sees everything and acts' : 'A viewer: sees everything and changes nothing';
    return html`<span class="who" title=${may}><b>${name}</b> <span class="pill">${role}</span></span>
      <button class="icon" @click=${() => this.#session.signOut()} aria-label="Sign out" title="Sign out">${icon('out')}</button>`;
  }

  #banner() {
    const closed = this.link === 'closed';
    return html`<div class="banner" role="alert">
      <span>${closed ? 'The node has closed the connection.' : 'The connection is lost. What you see is how it was then.'}</span>
      ${closed
        ? html`<button class="button" @click=${() => location.reload()}>Reload</button>`
        : html`<button class="button" @click=${() => this.connection.retry()}>Try now</button>`}
    </div>`;
  }

  #content(page) {
    if (!page) return empty('There is no such page', html`The menu has all there are. <a href="#/overview">To the overview</a>`);
    if (this.fault instanceof NoSuchView) return empty(`${page.title} is not part of this node`, 'It comes with a newer version of Weir.');
    if (this.fault) return empty(`${page.title} could not be opened`, html`${this.fault.message} <button class="button" @click=${() => location.reload()}>Reload</button>`);
    return this.view ?? html`<p class="loading" role="status">Opening ${page.title}…</p>`;
  }

  /** Over the page, which stays as it is: nothing that was typed is lost. */
  #again() {
    return html`<dialog class="dialog again" aria-labelledby="again-title" @cancel=${event => event.preventDefault()}>
      <h2 id="again-title">Sign in again</h2>
      <p class="note">Your token is no longer valid. The page goes on where it was.</p>
      <weir-sign-in .session=${this.#session}></weir-sign-in>
      <button class="button quiet" @click=${() => this.#session.signOut()}>Sign out instead</button>
    </dialog>`;
  }
}

function hashOf({ path, query }) {
  return `#/${path.map(encodeURIComponent).join('/')}${query.size > 0 ? `?${query}` : ''}`;
}

function empty(title, text) {
  return html`<section class="empty"><h2>${title}</h2><p>${text}</p></section>`;
}

customElements.define('weir-console', WeirConsole);
