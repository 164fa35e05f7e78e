import { LitElement } from 'lit';

/** An element of the page: rendered into the page itself, so that one style sheet and one set of colours serve all. */
export class PageElement extends LitElement {
  createRenderRoot() {
    return this;
  }
}
