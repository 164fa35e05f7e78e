import { html, nothing } from 'lit';

const OPEN_DEPTH = 2;
const SHOWN = 100;

/** A JSON value as a tree whose branches fold. Keyboard and screen readers know `details` already. */
export function tree(value, name, depth = 0) {
  const label = name === undefined ? nothing : html`<span class="key">${name}</span>`;
  if (value === null || typeof value !== 'object') return html`<div class="leaf">${label}${leaf(value)}</div>`;
  if (value instanceof Uint8Array) return html`<div class="leaf">${label}<span class="bytes">${hex(value)}</span></div>`;
  const entries = Object.entries(value);
  const size = Array.isArray(value) ? `[${entries.length}]` : `{${entries.length}}`;
  return html`<details ?open=${depth < OPEN_DEPTH}>
    <summary>${label}<span class="size">${size}</span></summary>
    <div class="branch">
      ${entries.slice(0, SHOWN).map(([key, each]) => tree(each, key, depth + 1))}
      ${entries.length > SHOWN ? html`<div class="leaf size">and ${entries.length - SHOWN} more</div>` : nothing}
    </div>
  </details>`;
}

function leaf(value) {
  return html`<span class=${value === null ? 'null' : typeof value}>${JSON.stringify(value) ?? 'nothing'}</span>`;
}

function hex(bytes) {
  const shown = Array.from(bytes.subarray(0, 64), byte => byte.toString(16).padStart(2, '0')).join(' ');
  return bytes.length > 64 ? `${shown} … ${bytes.length} bytes` : shown;
}
