import { html, nothing } from 'lit';
import { PageElement } from '/apps/shared/element.js';

/**
 * A text to write in, with numbers of its lines; what is wrong with it stands below, each a button that leads to its place.
 *
 * Properties: `label`; `value`; `problems` as `[{line, column, message, mend}]`, both from 1, `line` undefined for the whole;
 * `rows`. The event `change-text` when it was written in; `value` has the text then.
 */
class WeirCode extends PageElement {
  static properties = { label: {}, value: { attribute: false }, problems: { attribute: false }, rows: { attribute: false }, readonly: { type: Boolean } };

  #area;

  constructor() {
    super();
    Object.assign(this, { value: '', problems: [], rows: 14 });
  }

  firstUpdated() {
    this.#area = this.querySelector('textarea');
  }

  updated(changed) {
    // Set only where it is another, so that the place of the caret stays.
    if (changed.has('value') && this.#area.value !== this.value) this.#area.value = this.value;
  }

  #typed() {
    this.value = this.#area.value;
    this.dispatchEvent(new Event('change-text'));
  }

  #scrolled() {
    this.querySelector('.lines').scrollTop = this.#area.scrollTop;
  }

  /** To a line and a column of it, both from 1. */
  goTo(line, column = 1) {
    const lines = this.#area.value.split('\n');
    const before = lines.slice(0, line - 1).reduce((all, each) => all + each.length + 1, 0);
    const at = before + Math.min(column - 1, (lines[line - 1] ?? '').length);
    this.#area.focus();
    this.#area.setSelectionRange(at, at);
    this.#area.scrollTop = Math.max(0, (line - 4) * 19);
  }

  render() {
    const wrong = new Set(this.problems.map(({ line }) => line));
    const lines = this.value.split('\n').length;
    return html`<div class="code" data-wrong=${this.problems.length > 0 ? 'yes' : nothing}>
        <div class="lines" aria-hidden="true">${Array.from({ length: lines }, (_, i) => html`<span class=${wrong.has(i + 1) ? 'bad' : ''}>${i + 1}</span>`)}</div>
        <textarea class="mono" rows=${this.rows} aria-label=${this.label} aria-invalid=${String(this.problems.length > 0)} ?readonly=${this.readonly}
          spellcheck="false" autocomplete="off" autocapitalize="off" wrap="off" @input=${this.#typed} @scroll=${this.#scrolled}></textarea>
      </div>
      <div role="alert"><ul class="wrongs">${this.problems.map(each => this.#wrong(each))}</ul></div>`;
  }

  #wrong({ line, column, message, mend }) {
    const where = line === undefined ? '' : `Line ${line}${column === undefined ? '' : `, column ${column}`}`;
    return html`<li>${line === undefined ? nothing : html`<button class="button small" @click=${() => this.goTo(line, column)}>${where}</button> `}
      <span class="bad">${message}</span>${mend ? html` <span class="note">${mend}</span>` : nothing}</li>`;
  }
}

/** The line and column of a place in a text, from 1. */
export function placeOf(text, at) {
  const before = text.slice(0, at).split('\n');
  return { line: before.length, column: before.at(-1).length + 1 };
}

/** `{value}` of a JSON text, or `{problem}` with its place. */
export function parsedJson(text) {
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    return { problem: { ...jsonPlace(text, error.message), message: error.message.replace(/\s*\(?(in JSON )?at (position \d+|line \d+ column \d+.*)\)?.*$/s, '').replace(/\s+in JSON$/, ''), mend: 'Nothing is sent before it is JSON.' } };
  }
}

function jsonPlace(text, message) {
  const lined = /line (\d+),? column (\d+)/.exec(message);
  if (lined) return { line: Number(lined[1]), column: Number(lined[2]) };
  const position = /position (\d+)/.exec(message);
  return placeOf(text, position ? Number(position[1]) : firstWrong(text));
}

/** Where engines do not say it: behind the longest beginning that could still become JSON. */
function firstWrong(text) {
  let [good, bad] = [0, text.length];
  while (good < bad) {
    const half = Math.ceil((good + bad) / 2);
    if (couldBecomeJson(text.slice(0, half))) good = half;
    else bad = half - 1;
  }
  return good;
}

function couldBecomeJson(text) {
  try {
    JSON.parse(text);
    return true;
  } catch ({ message }) {
    return /end of|unterminated|no number after|exponent|bad (unicode )?escape|fraction/i.test(message);
  }
}

document.head.append(Object.assign(document.createElement('link'), { rel: 'stylesheet', href: '/console/shared/code.css' }));
customElements.define('weir-code', WeirCode);
