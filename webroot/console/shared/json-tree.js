import { html, nothing } from 'lit';
import { PageElement } from '/apps/shared/element.js';

const OPEN_DEPTH = 2;
const PAGE = 100;
const LONGEST_TEXT = 2000;

/**
 * A JSON value as a tree that folds. Arrow keys walk, open and close as in any tree; of long lists the first hundred are there until
 * more are asked for. Enter on a value, or a double click, is the event `pick` with its path, as in `data.items[0].price`.
 *
 * Properties: `value`; `label` in words; `root`, the name at which paths begin.
 */
class WeirJsonTree extends PageElement {
  static properties = { value: { attribute: false }, label: { attribute: false }, root: { attribute: false }, current: { state: true } };

  #turned = new Set(); // paths that are the other way round than they would be
  #pages = new Map();
  #shown = [];

  constructor() {
    super();
    Object.assign(this, { label: 'Data', root: 'data', current: '' });
  }

  willUpdate(changed) {
    if (changed.has('value')) this.current = '';
    this.#shown = [];
    this.#add(this.value, this.root, '', 0);
    if (!this.#shown.some(({ path }) => path === this.current)) this.current = '';
  }

  #add(value, name, path, depth) {
    const entries = entriesOf(value);
    const node = { path, name, value, depth, size: entries?.length, isList: Array.isArray(value), isOpen: entries !== undefined && this.#isOpen(path, depth) };
    this.#shown.push(node);
    if (!node.isOpen) return;
    const most = this.#pages.get(path) ?? PAGE;
    for (const [key, each] of entries.slice(0, most)) this.#add(each, key, pathOf(path, key, node.isList), depth + 1);
    if (entries.length > most) this.#shown.push({ path: `${path}\n`, parent: path, depth: depth + 1, more: entries.length - most });
  }

  #isOpen(path, depth) {
    return depth < OPEN_DEPTH !== this.#turned.has(path);
  }

  #turn(node) {
    if (node.more) this.#pages.set(node.parent, (this.#pages.get(node.parent) ?? PAGE) + PAGE);
    else if (node.size === undefined) return this.#pick(node);
    else if (!this.#turned.delete(node.path)) this.#turned.add(node.path);
    this.requestUpdate();
  }

  #pick({ path }) {
    if (path !== '') this.dispatchEvent(new CustomEvent('pick', { detail: path.startsWith('[') ? this.root + path : `${this.root}.${path}` }));
  }

  #keyed(event) {
    const at = this.#shown.findIndex(({ path }) => path === this.current);
    const node = this.#shown[at];
    const go = to => this.#to(this.#shown[Math.max(0, Math.min(this.#shown.length - 1, to))]);
    const actions = {
      ArrowDown: () => go(at + 1), ArrowUp: () => go(at - 1), Home: () => go(0), End: () => go(this.#shown.length - 1),
      ArrowRight: () => (node.size !== undefined && !node.isOpen ? this.#turn(node) : go(at + 1)),
      ArrowLeft: () => (node.isOpen ? this.#turn(node) : this.#to(this.#parentOf(at))),
      Enter: () => this.#turn(node), ' ': () => this.#turn(node),
    };
    if (!node || !Object.hasOwn(actions, event.key)) return;
    event.preventDefault();
    actions[event.key]();
  }

  #parentOf(at) {
    return this.#shown.slice(0, at).findLast(({ depth }) => depth < this.#shown[at].depth) ?? this.#shown[0];
  }

  async #to(node) {
    this.current = node.path;
    await this.updateComplete;
    this.querySelector('[tabindex="0"]')?.focus();
  }

  render() {
    return html`<div class="json-tree mono" role="tree" aria-label=${this.label} @keydown=${this.#keyed}>${this.#shown.map(node => this.#row(node))}</div>`;
  }

  #row(node) {
    const isBranch = node.size !== undefined;
    return html`<div role="treeitem" class="node" data-depth=${Math.min(node.depth, 12)} aria-level=${node.depth + 1} tabindex=${node.path === this.current ? 0 : -1}
      aria-expanded=${isBranch ? String(node.isOpen) : nothing}
      @click=${() => { this.current = node.path; if (isBranch || node.more) this.#turn(node); }} @dblclick=${() => !isBranch && !node.more && this.#pick(node)}>${
      node.more ? html`<span class="more">${Math.min(node.more, PAGE)} more of ${node.more}</span>`
      : html`<span class="fold" aria-hidden="true">${isBranch ? (node.isOpen ? '▾' : '▸') : ''}</span><span class="key">${node.name}</span>${
        isBranch ? html`<span class="size">${node.isList ? `[${node.size}]` : `{${node.size}}`}</span>` : leaf(node.value)}`}</div>`;
  }
}

function entriesOf(value) {
  if (value === null || typeof value !== 'object' || value instanceof Uint8Array) return undefined;
  return Object.entries(value);
}

function pathOf(parent, key, isList) {
  if (isList) return `${parent}[${key}]`;
  if (!/^[A-Za-z_]\w*$/.test(key)) return `${parent}[${JSON.stringify(key)}]`;
  return parent === '' ? key : `${parent}.${key}`;
}

function leaf(value) {
  const kind = value === null ? 'null' : typeof value;
  const text = value instanceof Uint8Array ? `${value.length} bytes` : JSON.stringify(value) ?? 'nothing';
  return html`<span class="value ${kind}">${text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}… ${text.length} characters` : text}</span>`;
}

document.head.append(Object.assign(document.createElement('link'), { rel: 'stylesheet', href: '/console/shared/json-tree.css' }));
customElements.define('weir-json-tree', WeirJsonTree);
