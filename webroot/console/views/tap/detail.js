import { html, nothing } from 'lit';
import { PageElement } from '/apps/shared/element.js';
import { bytes } from '/apps/shared/format.js';
import { hrefOf } from '/console/router.js';
import { toast } from '/console/shared/dialogs.js';
import '/console/shared/json-tree.js';
import { cloudEventOf, curlOf } from './cloud-event.js';
import { timeOf } from './columns.js';

const CAME = { publish: 'published', kept: 'kept, and published', send: 'sent to one listener', request: 'a request' };

/** One event with all that is known of it. Events: `close`, `again` to emit it again, `column` with a path. */
class TapDetail extends PageElement {
  static properties = { event: { attribute: false }, mayAct: { attribute: false } };

  #tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  async #copy(text, what) {
    try {
      await navigator.clipboard.writeText(text);
      toast(`${what} copied`);
    } catch {
      toast('The browser does not let this page copy; it needs https or 127.0.0.1.', 'bad');
    }
  }

  /** Why it cannot be emitted again, if it cannot. */
  get #hindrance() {
    const { via, cut, data_base64: isBytes, class: isObject } = this.event;
    if (via === 'request') return 'A request is for one who answers; it is not an event.';
    if (cut) return 'Only the beginning of its data is here.';
    if (isBytes || isObject) return 'Its data is not JSON.';
    return undefined;
  }

  render() {
    const { event } = this;
    const { id, type = 'message' } = event.attributes;
    return html`<div class="bar"><h2 class="name">${type}</h2>
        <button class="icon small push" aria-label="Close the event" @click=${() => this.#tell('close')}>×</button></div>
      <div class="bar">
        <button class="button small" @click=${() => this.#copy(JSON.stringify(cloudEventOf(event), null, 2), 'JSON')}>Copy JSON</button>
        <button class="button small" @click=${() => this.#copy(curlOf(event), 'The command')}>Copy curl</button>
        ${id === undefined ? nothing : html`<a class="button small" href=${hrefOf(['trace', id])}>Follow this event</a>`}
        ${this.mayAct ? html`<button class="button small" ?disabled=${this.#hindrance !== undefined} title=${this.#hindrance ?? nothing}
          @click=${() => this.#tell('again')}>Edit and emit again…</button>` : nothing}
      </div>
      ${this.#facts()} ${this.#data()}`;
  }

  #facts() {
    const { address, at, via, node, size, epoch, offset, attributes, headers = {} } = this.event;
    const facts = Object.entries({ ...attributes, type: undefined, position: epoch === undefined ? undefined : `${epoch}:${offset}` });
    return html`<dl class="facts">
      <dt>address</dt><dd><a href=${hrefOf(['addresses', address])}>${address}</a></dd>
      <dt>seen</dt><dd>${timeOf(at)}, ${CAME[via] ?? via}, on node ${node}</dd>
      ${facts.filter(([, value]) => value !== undefined).map(([name, value]) => html`<dt>${name}</dt><dd class="mono">${value}</dd>`)}
      ${size === undefined ? nothing : html`<dt>size</dt><dd>${bytes(size)} of data</dd>`}
      ${Object.entries(headers).map(([name, value]) => html`<dt>header ${name}</dt><dd class="mono">${value}</dd>`)}
    </dl>`;
  }

  #data() {
    const { data, text, data_base64: base64, cut, size, class: name } = this.event;
    const note = cut ? html`<p class="note">Its data has ${bytes(size)}; the first 16 KB are here.</p>` : nothing;
    if (data !== undefined) return html`<weir-json-tree .value=${data} @pick=${({ detail }) => this.#tell('column', detail)}></weir-json-tree>
      <p class="note">A double click or Enter on a value makes it a column.</p>`;
    if (text !== undefined) return html`${note}<pre class="text">${text}</pre>`;
    if (base64 !== undefined) return html`${note}<pre class="text">${hexOf(base64)}</pre>`;
    return html`<p class="note">${name === undefined ? 'It has no data.' : `Its data is an object of ${name}, which is not JSON.`}</p>`;
  }
}

function hexOf(base64) {
  const shown = Array.from(atob(base64).slice(0, 512), letter => letter.charCodeAt(0).toString(16).padStart(2, '0'));
  return shown.join(' ') + (base64.length > 684 ? ' …' : '');
}

customElements.define('weir-tap-detail', TapDetail);
