import { html } from 'lit';
import { PageElement } from '/apps/shared/element.js';

const SHOWN_MILLIS = 6000;

/** Asks before something is done that cannot be undone: `await confirm({title, text, action, danger})` is true or false. */
export function confirm(question) {
  const dialog = document.createElement('weir-confirm');
  Object.assign(dialog, question);
  document.body.append(dialog);
  return dialog.answer;
}

class WeirConfirm extends PageElement {
  static properties = { title: { attribute: false }, text: { attribute: false }, action: { attribute: false }, danger: { attribute: false } };

  #answered;
  answer = new Promise(resolve => (this.#answered = resolve));

  firstUpdated() {
    this.querySelector('dialog').showModal();
  }

  #close() {
    this.#answered(this.querySelector('dialog').returnValue === 'yes');
    this.remove();
  }

  render() {
    return html`<dialog class="dialog" aria-labelledby="confirm-title" @close=${this.#close}>
      <form method="dialog">
        <h2 id="confirm-title">${this.title}</h2>
        <p>${this.text}</p>
        <menu>
          <button class="button" value="no" autofocus>Cancel</button>
          <button class="button ${this.danger ? 'danger' : 'primary'}" value="yes">${this.action}</button>
        </menu>
      </form>
    </dialog>`;
  }
}

/** Says in a corner that something was done, or why not; `tone` is `good` or `bad`. Read aloud to who listens. */
export function toast(text, tone = 'good') {
  document.querySelector('weir-toasts')?.show(text, tone);
}

class WeirToasts extends PageElement {
  static properties = { shown: { state: true } };

  #next = 0;

  constructor() {
    super();
    this.shown = [];
  }

  show(text, tone) {
    const one = { id: this.#next++, text, tone };
    this.shown = [...this.shown.slice(-3), one];
    if (tone !== 'bad') setTimeout(() => this.#hide(one), SHOWN_MILLIS);
  }

  #hide(one) {
    this.shown = this.shown.filter(other => other !== one);
  }

  render() {
    return html`<div class="toasts" role="status" aria-live="polite">${this.shown.map(one => html`
      <div class="toast" data-tone=${one.tone}><span>${one.text}</span>
        <button class="icon small" aria-label="Close" @click=${() => this.#hide(one)}>×</button></div>`)}</div>`;
  }
}

customElements.define('weir-confirm', WeirConfirm);
customElements.define('weir-toasts', WeirToasts);
