import { html } from 'lit';
import { PageElement } from '/apps/shared/element.js';

/** How all nodes are doing. */
class OverviewView extends PageElement {
  static properties = { session: { attribute: false }, route: { attribute: false }, nodes: { state: true }, problem: { state: true } };

  #report;

  connectedCallback() {
    super.connectedCallback();
    this.#report ??= this.session.report('overview', {
      whole: nodes => Object.assign(this, { nodes, problem: undefined }),
      news: () => this.requestUpdate(),
      failed: error => (this.problem = error.message),
    });
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#report?.close();
    this.#report = undefined;
  }

  render() {
    return html`<p class="problem" role="alert">${this.problem ?? ''}</p>
      <section class="card"><header><h2>Nodes</h2></header>
      <ul>${(this.nodes ?? []).map(({ node }) => html`<li><code>${node}</code></li>`)}</ul></section>`;
  }
}

customElements.define('weir-overview-view', OverviewView);
