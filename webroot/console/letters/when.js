import { html } from 'lit';

/** A moment as people read it, to the second; whole for who points at it. */
export function when(time) {
  const shown = new Date(time).toLocaleString([], { month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false });
  return html`<time class="number" datetime=${time} title=${time}>${shown}</time>`;
}
