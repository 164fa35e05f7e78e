import { html, nothing } from 'lit';
import { PageElement } from '/apps/shared/element.js';

const NO_ROLE = 'This token has neither the role operator nor viewer.';

/** The code of the link for the first operator. It is taken out of the address bar and the history as soon as it is seen. */
let code;

function takeCode() {
  const found = /^#code=([\w-]+)$/.exec(location.hash);
  if (!found) return;
  code = found[1];
  history.replaceState(null, '', `${location.pathname}#/overview`);
  document.querySelectorAll('weir-sign-in').forEach(element => element.useCode());
}

takeCode(); // before the console looks where it is
addEventListener('hashchange', takeCode);

/**
 * Asks who is there, in the ways that the node takes: a name and a password, a token of one's own, the link for the first operator.
 * `session` does the signing in; when it has, whoever shows this takes it away.
 */
class WeirSignIn extends PageElement {
  static properties = {
    session: { attribute: false }, ways: { state: true }, wantsToken: { state: true }, problem: { state: true }, busy: { state: true },
  };

  connectedCallback() {
    super.connectedCallback();
    this.#look();
    this.useCode();
  }

  async #look() {
    try {
      this.ways = (await (await fetch('/console/session', { cache: 'no-store' })).json()).ways;
    } catch {
      this.ways = ['password', 'token']; // the node will say which of them it takes
    }
    await this.updateComplete;
    if (document.activeElement === document.body) this.#focus();
  }

  #focus() {
    this.querySelector('input, textarea')?.focus();
  }

  /** Signs in with the code of a link, if there is one. */
  useCode() {
    if (code === undefined || this.busy) return;
    const given = code;
    code = undefined;
    this.#enter(() => this.#ask({ code: given }));
  }

  async #ask(body) {
    return (await this.session.api('/console/session', { method: 'POST', body })).token;
  }

  #withPassword(event) {
    event.preventDefault();
    const form = event.target;
    const [name, password] = [form.elements.name.value.trim(), form.elements.password.value];
    if (name === '' || password === '') {
      this.problem = 'Write your name and your password.';
      return;
    }
    this.#enter(() => this.#ask({ name, password }), () => {
      form.elements.password.value = '';
      form.elements.password.focus();
    });
  }

  #withToken(event) {
    event.preventDefault();
    const token = event.target.elements.token.value.trim().replace(/^bearer\s+/i, '');
    if (token === '') {
      this.problem = 'Paste a token first.';
      return;
    }
    this.#enter(async () => token);
  }

  async #enter(prove, again = () => {}) {
    this.busy = true;
    this.problem = undefined;
    try {
      await this.session.signIn(await prove());
    } catch (error) {
      this.problem = error.status === 403 ? NO_ROLE : sentence(error.message);
      again();
    } finally {
      this.busy = false;
    }
  }

  render() {
    const problem = html`<p class="problem" role="alert">${this.problem ?? nothing}</p>`;
    if (this.ways === undefined) return html`<p class="note" role="status">Asking the node…</p>${problem}`;
    const [byPassword, byToken] = [this.ways.includes('password'), this.ways.includes('token')];
    if (!byPassword && !byToken) return html`${problem}${this.#first()}`;
    const token = byToken && (this.wantsToken || !byPassword);
    return html`<div class="stack">${token ? this.#token(problem) : this.#password(problem)}
      ${byPassword && byToken ? html`<button class="button quiet" @click=${() => this.#other()}>${token ? 'Use a name and a password' : 'Use a token instead'}</button>` : nothing}</div>`;
  }

  #other() {
    this.wantsToken = !this.wantsToken;
    this.problem = undefined;
    this.updateComplete.then(() => this.#focus());
  }

  #password(problem) {
    return html`<form class="sign-in" @submit=${this.#withPassword}>
      <label for="sign-in-name">Name</label>
      <input id="sign-in-name" name="name" class="field" autocomplete="username" autocapitalize="none" spellcheck="false" required>
      <label for="sign-in-password">Password</label>
      <input id="sign-in-password" name="password" type="password" class="field" autocomplete="current-password" required>
      ${problem}
      <button class="button primary" ?disabled=${this.busy}>${this.busy ? 'Signing in…' : 'Sign in'}</button>
    </form>`;
  }

  #token(problem) {
    return html`<form class="sign-in" @submit=${this.#withToken}>
      <label for="sign-in-token">Token</label>
      <textarea id="sign-in-token" name="token" class="field mono" rows="4" autocomplete="off" spellcheck="false" required
        aria-describedby="sign-in-hint" placeholder="eyJ…"></textarea>
      <p id="sign-in-hint" class="note">A JSON Web Token with the role <code>operator</code> or <code>viewer</code>, such as
        <code>scripts/weir token --sub you --role operator</code> prints where <code>auth.jwt.secret</code> is configured. It stays in this tab.</p>
      ${problem}
      <button class="button primary" ?disabled=${this.busy}>Sign in</button>
    </form>`;
  }

  /** Nobody is an operator yet. */
  #first() {
    return html`<div class="sign-in">
      <h2>Nobody is an operator of this node yet</h2>
      <p>It printed a link when it started, <code>/console/#code=…</code>, that is good once and for 15 minutes. <code>kill -HUP</code>
        with its process id, or starting it again, prints a new one.</p>
      <p class="note">For good, write users into the configuration, below <code>auth.console.users</code>:
        <code>scripts/weir password</code> makes what belongs there.</p>
    </div>`;
  }
}

function sentence(text) {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`;
}

customElements.define('weir-sign-in', WeirSignIn);
