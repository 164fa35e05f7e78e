import { html, nothing } from 'lit';
import { PageElement } from '/apps/shared/element.js';
import { hrefOf } from '../router.js';
import { parsedJson } from '../shared/code.js';
import { confirm, toast } from '../shared/dialogs.js';
import '../shared/json-tree.js';
import { when } from './when.js';

const REASONS = { attempts: 'every attempt failed', rejected: 'it was rejected, and trying again would not help' };
const ENVELOPE = ['specversion', 'data', 'data_base64'];
const FLOW = 'flow.';

/**
 * One dead letter: what it is, why it died, and what can be done with it. The event `gone` with its id when it was replayed or
 * discarded, `edited` with it when it has other data.
 *
 * Properties: `session`; `letter`.
 */
class WeirLetter extends PageElement {
  static properties = { session: { attribute: false }, letter: { attribute: false }, draft: { state: true }, problems: { state: true }, problem: { state: true }, busy: { state: true } };

  willUpdate(changed) {
    if (changed.has('letter') && changed.get('letter')?.id !== this.letter?.id) Object.assign(this, { draft: undefined, problems: [], problem: undefined });
  }

  get #path() {
    return `/v1/dead-letters/${encodeURIComponent(this.letter.id)}`;
  }

  #begin() {
    this.draft = JSON.stringify(this.letter.event.data ?? null, null, 2);
    this.updateComplete.then(() => this.querySelector('textarea').focus());
  }

  #typed(text) {
    this.draft = text;
    const { problem } = parsedJson(text);
    this.problems = problem ? [problem] : [];
  }

  /** Saves what was written, and gives it back with it if so wished. */
  async #save(andReplay) {
    const { value, problem } = parsedJson(this.draft);
    this.problems = problem ? [problem] : [];
    if (problem) return;
    await this.#do(async () => {
      if (andReplay) return this.#replayed(await this.session.api(`${this.#path}/replay`, { method: 'POST', body: { data: value } }));
      const edited = await this.session.api(this.#path, { method: 'PATCH', body: { data: value } });
      this.draft = undefined;
      this.dispatchEvent(new CustomEvent('edited', { detail: edited }));
      toast('It has other data from now on.');
    });
  }

  #replayed({ replayed, problems }) {
    const why = Object.values(problems ?? {})[0];
    if (replayed === 0) throw new Error(why ?? 'It was not replayed: its subscription does not read that address any more.');
    toast('It is back with its subscription, as if it were new.');
    this.dispatchEvent(new CustomEvent('gone', { detail: this.letter.id }));
  }

  #replay() {
    return this.#do(async () => this.#replayed(await this.session.api(`${this.#path}/replay`, { method: 'POST' })));
  }

  async #discard() {
    if (!(await confirm({ title: 'Discard one dead letter?', text: `${this.letter.event.type} ${this.letter.event.id} is thrown away for good.`, action: 'Discard', danger: true }))) return;
    await this.#do(async () => {
      await this.session.api(this.#path, { method: 'DELETE' });
      toast('It is discarded.');
      this.dispatchEvent(new CustomEvent('gone', { detail: this.letter.id }));
    });
  }

  async #do(action) {
    Object.assign(this, { busy: true, problem: undefined });
    try {
      await action();
    } catch (error) {
      this.problem = error.message;
    } finally {
      this.busy = false;
    }
  }

  render() {
    const { letter } = this;
    const { event } = letter;
    const act = this.session.can('act') && event.data_base64 === undefined;
    return html`<section class="card letter" aria-label="Dead letter ${letter.id}"><header><h2>${event.type}</h2><code class="note">${letter.id}</code>
        <button class="icon small push" aria-label="Close" @click=${() => this.dispatchEvent(new Event('close'))}>×</button></header>
      <div class="inside stack">
        ${this.#facts(letter)}
        ${this.session.can('act') ? this.#actions() : nothing}
        <p class="problem" role="alert">${this.problem ?? ''}</p>
        <div><h3>Attempts</h3><ol class="errors">${letter.failures.map(({ time, error }, i) => html`<li><span class="note number">${i + 1}</span><span class="note">${when(time)}</span><span class="bad">${error}</span></li>`)}</ol></div>
        <div><h3>Data</h3>${this.draft === undefined
          ? html`<div class="tree">${event.data_base64 === undefined ? html`<weir-json-tree .value=${event.data ?? null}></weir-json-tree>` : html`<p class="note">Bytes, in base 64</p><code>${event.data_base64}</code>`}</div>${act ? html`<button class="button small" @click=${this.#begin}>Edit the data</button>` : nothing}`
          : this.#editor()}</div>
        <div><h3>Attributes</h3><dl class="facts">${Object.entries(event).filter(([name]) => !ENVELOPE.includes(name)).map(([name, value]) => html`<dt>${name}</dt><dd><code>${String(value)}</code></dd>`)}</dl></div>
      </div></section>`;
  }

  #facts({ subscription, hop, address, position, time, reason, attempts, event }) {
    const flow = subscription.startsWith(FLOW) ? subscription.slice(FLOW.length) : undefined;
    return html`<dl class="facts">
      <dt>Died</dt><dd>${when(time)}, ${REASONS[reason] ?? reason}, after ${attempts} ${attempts === 1 ? 'attempt' : 'attempts'}</dd>
      <dt>${flow === undefined ? 'Subscription' : 'Flow'}</dt><dd>${flow === undefined ? subscription : html`<a href=${hrefOf(['flows', flow])}>${flow}</a>`}</dd>
      <dt>Where</dt><dd>${hop}</dd>
      <dt>From</dt><dd>${address === null ? 'no address: a source' : html`<a href=${hrefOf(['addresses', address])}>${address}</a> <code class="note">${position}</code>`}</dd>
      <dt>Event</dt><dd><a href=${hrefOf(['trace', event.id])}>Follow ${event.id}</a></dd></dl>`;
  }

  #actions() {
    return html`<div class="bar"><button class="button small primary" ?disabled=${this.busy || this.draft !== undefined} @click=${this.#replay}>Replay</button>
      <button class="button small" ?disabled=${this.busy} @click=${this.#discard}>Discard…</button></div>`;
  }

  #editor() {
    const wrong = this.problems.length > 0;
    return html`<weir-code label="The data as JSON" .value=${this.draft} .problems=${this.problems} .rows=${10} @change-text=${event => this.#typed(event.target.value)}></weir-code>
      <div class="bar"><button class="button small primary" ?disabled=${this.busy || wrong} @click=${() => this.#save(true)}>Replay with this data</button>
        <button class="button small" ?disabled=${this.busy || wrong} @click=${() => this.#save(false)}>Save</button>
        <button class="button small quiet" @click=${() => Object.assign(this, { draft: undefined, problems: [] })}>Cancel</button></div>`;
  }
}

customElements.define('weir-letter', WeirLetter);
