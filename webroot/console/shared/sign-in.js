import { html, nothing } from 'lit';
import { PageElement } from '/apps/shared/element.js';

/** Asks who is there. `session` does the signing in; when it has, whoever shows this takes it away. */
class WeirSignIn extends PageElement {
  static properties = { session: { attribute: false }, problem: { state: true }, busy: { state: true } };

  async #submit(event) {
    event.preventDefault();
    const token = new FormData(event.target).get('token').trim().replace(/^bearer\s+/i, '');
    if (token === '') {
      this.problem = 'Paste a token first.';
      return;
    }
    this.busy = true;
    try {
      await this.session.signIn(token);
      this.problem = undefined;
    } catch (error) {
      this.problem = error.status === 403 ? 'This token has neither the role operator nor viewer.' : error.message;
    } finally {
      this.busy = false;
    }
  }

  render() {
    return html`<form class="sign-in" @submit=${this.#submit}>
      <label for="sign-in-token">Token</label>
      <textarea id="sign-in-token" name="token" class="field mono" rows="4" autocomplete="off" spellcheck="false" required
        aria-describedby="sign-in-hint" placeholder="eyJ…"></textarea>
      <p id="sign-in-hint" class="note">A JSON Web Token with the role <code>operator</code> or <code>viewer</code>, such as
        <code>scripts/weir token --sub you --roles operator</code> prints. It stays in this tab.</p>
      <p class="problem" role="alert">${this.problem ?? nothing}</p>
      <button class="button primary" ?disabled=${this.busy}>Sign in</button>
    </form>`;
  }
}

customElements.define('weir-sign-in', WeirSignIn);
