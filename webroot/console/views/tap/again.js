import { html, nothing } from 'lit';
import { PageElement } from '/apps/shared/element.js';
import { parsedJson } from '/console/shared/code.js';
import { toast } from '/console/shared/dialogs.js';
import { childOf } from './cloud-event.js';

/** Lets an operator change an event and emit it again: a new event, caused by the old one, with the operator's own rights. */
export function emitAgain(session, event) {
  const dialog = document.createElement('weir-tap-again');
  Object.assign(dialog, { session, event });
  document.body.append(dialog);
}

class TapAgain extends PageElement {
  static properties = { session: { attribute: false }, event: { attribute: false }, problems: { state: true }, refused: { state: true }, isBusy: { state: true } };

  constructor() {
    super();
    this.problems = [];
  }

  firstUpdated() {
    this.querySelector('dialog').showModal();
  }

  async #submit(submitted) {
    submitted.preventDefault();
    if (submitted.submitter?.name !== 'emit') return; // a button that leads to a place in the text
    const text = this.querySelector('weir-code').value;
    const { value, problem } = text.trim() === '' ? {} : parsedJson(text);
    this.problems = problem ? [problem] : [];
    if (problem) return;
    const fields = new FormData(submitted.target);
    const body = childOf(this.event, { type: fields.get('type').trim() || 'message', subject: fields.get('subject').trim(), data: value });
    this.isBusy = true;
    try {
      const path = `/v1/addresses/${encodeURIComponent(this.event.address)}/events`;
      const { id } = await this.session.api(path, { method: 'POST', body, type: 'application/cloudevents+json' });
      toast(`Emitted as ${id}`);
      this.querySelector('dialog').close();
    } catch (error) {
      this.refused = error.message;
    } finally {
      this.isBusy = false;
    }
  }

  render() {
    const { address, attributes, data } = this.event;
    return html`<dialog class="dialog wide" aria-labelledby="again-title" @close=${() => this.remove()}>
      <form class="form" @submit=${this.#submit}>
        <h2 id="again-title">Emit again</h2>
        <p class="note">A new event on <code>${address}</code>, with your own rights${attributes.id === undefined ? '' : html`; it says that <code>${attributes.id}</code> caused it`}.</p>
        <div class="pair">
          <label>Type <input class="field" name="type" .value=${attributes.type ?? 'message'} autocomplete="off" spellcheck="false"></label>
          <label>Subject <input class="field" name="subject" .value=${attributes.subject ?? ''} autocomplete="off" spellcheck="false"></label>
        </div>
        <weir-code label="Data, as JSON" .value=${data === undefined ? '' : JSON.stringify(data, null, 2)} .problems=${this.problems}></weir-code>
        <p class="problem" role="alert">${this.refused ?? nothing}</p>
        <menu>
          <button class="button" type="button" @click=${() => this.querySelector('dialog').close()}>Cancel</button>
          <button class="button primary" name="emit" ?disabled=${this.isBusy}>Emit</button>
        </menu>
      </form>
    </dialog>`;
  }
}

customElements.define('weir-tap-again', TapAgain);
