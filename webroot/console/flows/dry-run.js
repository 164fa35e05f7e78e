import { html, nothing } from 'lit';
import { PageElement } from '/apps/shared/element.js';
import { count } from '/apps/shared/format.js';
import '../shared/code.js';
import { placeOf } from '../shared/code.js';

const SHOWN = 100;
const PASTS = [['', 'the newest events'], ['10m', 'the last 10 minutes'], ['1h', 'the last hour'], ['1d', 'the last day'], ['7d', 'the last 7 days']];
const MILLIS = { m: 60_000, h: 3_600_000, d: 86_400_000 };
const SIGNS = { added: '+', removed: '−', changed: '±' };
const COUNTS = [['in', 'In'], ['out', 'Out'], ['dropped', 'Ended here'], ['errors', 'Errors'], ['deadLettered', 'Died'], ['keys', 'Keys']];
const NEW = `flow: my-flow
from: orders
stages:
  - filter: event.data.total > 100
to: large-orders
`;

/**
 * A flow's file goes through what is kept, without any effect, beside the version that runs: what each stage did, what would come
 * out and die, and the difference.
 *
 * Properties: `session`; `flow`, whose file is there at first, none for a new one.
 */
class WeirDryRun extends PageElement {
  static properties = {
    session: { attribute: false }, flow: { attribute: false }, text: { state: true }, problems: { state: true }, problem: { state: true },
    answer: { state: true }, busy: { state: true },
  };

  constructor() {
    super();
    this.problems = [];
  }

  willUpdate(changed) {
    if (changed.has('flow')) this.#load();
  }

  async #load() {
    Object.assign(this, { answer: undefined, problems: [], problem: undefined, text: this.flow === undefined ? NEW : '' });
    if (this.flow === undefined) return;
    try {
      this.text = (await this.session.api(`/v1/flows/${encodeURIComponent(this.flow)}`)).text;
    } catch (error) {
      this.problem = error.message;
    }
  }

  async #try(event) {
    event.preventDefault();
    const form = new FormData(event.target);
    const query = { show: SHOWN, limit: form.get('limit') || 10000, compare: form.get('compare'), file: 'the file' };
    const past = form.get('past');
    if (past) query.since = new Date(Date.now() - Number.parseInt(past, 10) * MILLIS[past.at(-1)]).toISOString();
    Object.assign(this, { busy: true, problems: [], problem: undefined });
    try {
      this.answer = await this.session.api('/v1/flows/dry-run', { method: 'POST', text: this.text, query });
    } catch (error) {
      this.answer = undefined;
      this.problems = (error.answer?.problems ?? []).map(each => placed(each, this.text));
      this.problem = this.problems.length > 0 ? undefined : error.message;
    } finally {
      this.busy = false;
    }
    this.updateComplete.then(() => this.querySelector('.outcome')?.focus());
  }

  render() {
    return html`<section class="card"><header><h2>${this.flow === undefined ? 'Try a new flow' : `Try a change of ${this.flow}`}</h2>
        <span class="note">Nothing is changed and nobody is asked: events that are kept go through this file and through the one that runs. Who tries is told on <code>weir.audit</code>.</span></header>
      <form class="inside stack" @submit=${this.#try}>
        <weir-code label="The file of the flow" .value=${this.text ?? ''} .problems=${this.problems} .rows=${16} @change-text=${event => (this.text = event.target.value)}></weir-code>
        <div class="bar">
          <label>Read <select class="field" name="past">${PASTS.map(([value, title]) => html`<option value=${value}>${title}</option>`)}</select></label>
          <label>at most <input class="field narrow" name="limit" type="number" min="1" max="200000" value="10000" required> events</label>
          <label>and compare with <select class="field" name="compare"><option value="rehearsed">what the running version would emit</option><option value="emitted">what was emitted then</option></select></label>
          <button class="button primary" ?disabled=${this.busy}>${this.busy ? 'Trying…' : 'Try'}</button>
        </div>
        <p class="problem" role="alert">${this.problem ?? ''}</p>
      </form></section>
      ${this.answer ? this.#outcome(this.answer) : nothing}`;
  }

  #outcome(answer) {
    const { candidate } = answer;
    return html`<section class="card outcome" tabindex="-1" aria-label="What came of it"><header><h2>What came of it</h2>
        ${answer.complete ? nothing : html`<span class="pill warn">ended early: ${answer.stoppedBy}</span>`}</header>
      <div class="inside stack">
        <p>${count(answer.events)} events were read${answer.events > 0 ? html` of ${answer.read.map(({ address }) => address).join(', ')}, from ${answer.begin} to ${answer.end}` : nothing}.
          ${candidate ? html`<b>${count(candidate.emitted)}</b> would be emitted, <b class=${candidate.deadLettered > 0 ? 'bad' : ''}>${count(candidate.deadLettered)}</b> would die.` : nothing}
          ${candidate?.stopped ? html`<span class="bad">It would stop: ${candidate.stopped}</span>` : nothing}</p>
        ${list('What would be forgotten', answer.forgets.map(each => `${each.stage}: ${count(each.keys)} keys, since ${each.why}`))}
        ${list('To be known', answer.notes ?? [])}
        ${answer.difference ? this.#difference(answer.difference) : html`<p class="note">${answer.known ? nothing : 'No flow of this name runs, so there is nothing to compare with.'}</p>`}
        ${candidate ? stages(candidate, answer.running) : nothing}
        ${candidate ? emissions('Emitted', candidate.emissions, candidate.emitted) : nothing}
        ${candidate ? emissions('Died', candidate.deadLetters, candidate.deadLettered) : nothing}
      </div></section>`;
  }

  #difference({ comparedWith, same, changed, added, removed, changes }) {
    const all = changed + added + removed;
    return html`<div class="difference"><h3>Difference to ${comparedWith === 'emitted' ? 'what was emitted then' : 'the running version'}</h3>
      <p class="bar"><span class="pill">${count(same)} the same</span><span class="pill good">+ ${count(added)} added</span><span class="pill bad">− ${count(removed)} removed</span><span class="pill warn">± ${count(changed)} changed</span></p>
      ${changes.length === 0 ? nothing : html`<div class="scroll" tabindex="0" role="group" aria-label="Differences, scrollable"><table class="table diff">
        <thead><tr>${['', 'To', 'Type', 'Key', 'Before', 'Now'].map(head => html`<th scope="col">${head || html`<span class="unseen">What</span>`}</th>`)}</tr></thead>
        <tbody>${changes.map(({ change, before, now }) => html`<tr data-change=${change}><td><span aria-hidden="true">${SIGNS[change]}</span> ${change}</td>
          <td>${(now ?? before).to}</td><td>${(now ?? before).type ?? ''}</td><td>${(now ?? before).key ?? ''}</td><td class="wide"><code>${written(before)}</code></td><td class="wide"><code>${written(now)}</code></td></tr>`)}</tbody></table></div>`}
      ${changes.length < all ? html`<p class="note">The first ${changes.length} of ${count(all)}.</p>` : nothing}</div>`;
  }
}

function written(emission) {
  if (!emission) return '';
  return emission.data_base64 === undefined ? JSON.stringify(emission.data ?? null) : `base64 ${emission.data_base64}`;
}

/** The place of a problem in the text: `at` has its line, and what is said of an expression its column in there. */
export function placed({ at, message, mend }, text) {
  const line = Number(/:(\d+)$/.exec(at)?.[1] ?? Number.NaN);
  if (!(line > 0)) return { message, mend };
  const expression = /^(?:.*: )?'([\s\S]*?)(?:\.\.\.)?' at (?:line (\d+), )?column (\d+)/.exec(message);
  if (!expression) return { line, message, mend };
  const begin = text.split('\n').slice(0, line - 1).reduce((all, each) => all + each.length + 1, 0);
  const first = expression[1].split('\n')[0];
  const found = text.indexOf(first, begin);
  if (found < 0 || first === '' || expression[2] !== undefined) return { line, message, mend };
  return { ...placeOf(text, found + Number(expression[3]) - 1), message, mend };
}

function list(title, lines) {
  return lines.length === 0 ? nothing : html`<div><h3>${title}</h3><ul class="lined">${lines.map(line => html`<li>${line}</li>`)}</ul></div>`;
}

function stages(candidate, running) {
  const ids = Object.keys(candidate.stages);
  return html`<div><h3>Each stage</h3><div class="scroll" tabindex="0" role="group" aria-label="Stages of the dry run, scrollable"><table class="table">
    <thead><tr><th scope="col">Stage</th>${COUNTS.map(([, title]) => html`<th scope="col" class="number">${title}</th>`)}</tr></thead>
    <tbody>${ids.map(id => html`<tr><th scope="row">${id}</th>${COUNTS.map(([key]) => html`<td class="number">${count(candidate.stages[id][key] ?? 0)}${was(running?.stages[id], key, candidate.stages[id][key])}</td>`)}</tr>`)}</tbody></table></div>
    ${running ? html`<p class="note">In brackets what the running version had, where that is another number.</p>` : nothing}</div>`;
}

function was(counts, key, now) {
  return counts === undefined || (counts[key] ?? 0) === (now ?? 0) ? nothing : html` <span class="note">(${count(counts[key] ?? 0)})</span>`;
}

function emissions(title, shown, all) {
  if (all === 0) return nothing;
  return html`<div><h3>${title}</h3><div class="scroll" tabindex="0" role="group" aria-label="${title}, scrollable"><table class="table">
    <thead><tr>${['At', 'To', 'Type', 'Key', 'Data'].map(head => html`<th scope="col">${head}</th>`)}</tr></thead>
    <tbody>${shown.map(each => html`<tr><td>${each.at}</td><td>${each.to}</td><td>${each.type ?? ''}</td><td>${each.key ?? ''}</td><td class="wide"><code>${written(each)}</code></td></tr>`)}</tbody></table></div>
    ${shown.length < all ? html`<p class="note">The first ${shown.length} of ${count(all)}.</p>` : nothing}</div>`;
}

customElements.define('weir-dry-run', WeirDryRun);
