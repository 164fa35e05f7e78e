import { html, svg } from 'lit';

/** Outlines on a grid of 24 by 24, drawn in the colour of the text. */
const SHAPES = {
  overview: svg`<path d="M4 19V10M10 19V5M16 19v-7M22 19H2"/>`,
  addresses: svg`<path d="M4 6h16M4 12h16M4 18h10"/><circle cx="19" cy="18" r="2"/>`,
  tap: svg`<path d="M3 12h4l3-8 4 16 3-8h4"/>`,
  trace: svg`<circle cx="5" cy="6" r="2"/><circle cx="19" cy="12" r="2"/><circle cx="9" cy="19" r="2"/><path d="M7 6.5 17 11.5M17.5 13.5 10.6 18"/>`,
  flows: svg`<rect x="3" y="4" width="7" height="5" rx="1.5"/><rect x="14" y="15" width="7" height="5" rx="1.5"/><path d="M6.5 9v5.5a3 3 0 0 0 3 3H14"/>`,
  'dead-letters': svg`<rect x="3" y="6" width="18" height="13" rx="2"/><path d="m3 8 9 6 9-6"/>`,
  verticles: svg`<path d="m9 8-4 4 4 4M15 8l4 4-4 4"/>`,
  audit: svg`<path d="M12 3 5 6v5c0 4.6 2.9 8.3 7 10 4.1-1.7 7-5.4 7-10V6Z"/><path d="m9.2 11.8 2 2 3.8-4"/>`,
  menu: svg`<path d="M4 7h16M4 12h16M4 17h16"/>`,
  close: svg`<path d="M6 6l12 12M18 6 6 18"/>`,
  theme: svg`<path d="M12 3a9 9 0 1 0 9 9 7 7 0 0 1-9-9Z"/>`,
  out: svg`<path d="M14 4h4a2 2 0 0 1 2 2v12a2 2 0 0 1-2 2h-4M10 8l-4 4 4 4M6 12h9"/>`,
  search: svg`<circle cx="11" cy="11" r="6.5"/><path d="m16 16 4.5 4.5"/>`,
  pause: svg`<path d="M8 5v14M16 5v14"/>`,
  play: svg`<path d="m7 4 12 8-12 8Z"/>`,
  copy: svg`<rect x="8" y="8" width="12" height="12" rx="2"/><path d="M16 8V6a2 2 0 0 0-2-2H6a2 2 0 0 0-2 2v8a2 2 0 0 0 2 2h2"/>`,
  down: svg`<path d="m6 9 6 6 6-6"/>`,
  right: svg`<path d="m9 6 6 6-6 6"/>`,
  warning: svg`<path d="M12 4 2.8 19.5h18.4ZM12 10v4.5M12 17.2v.1"/>`,
  good: svg`<circle cx="12" cy="12" r="9"/><path d="m8 12.3 2.8 2.7L16 9.5"/>`,
};

/** An icon beside words that say the same: it is hidden from who listens to the page. */
export function icon(name, size = 18) {
  return html`<svg class="sign" viewBox="0 0 24 24" width=${size} height=${size} aria-hidden="true" fill="none" stroke="currentColor"
    stroke-width="1.7" stroke-linecap="round" stroke-linejoin="round">${SHAPES[name]}</svg>`;
}
