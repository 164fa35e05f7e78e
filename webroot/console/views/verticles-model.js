const LINES = 200;
const ORDER = { ended: 0, waiting: 1, running: 2 };

/** The verticles of all nodes, each with what it has said last. */
export class Verticles {
  #nodes = new Map();

  /** All there is. */
  whole(nodes) {
    this.#nodes = new Map(nodes.map(({ node, verticles = [], leaks = [] }) => [node, { leaks, verticles: new Map(verticles.map(each => [each.name, each])) }]));
  }

  /** What one node says has changed. Lines may come twice; their numbers tell. */
  news(node, { verticles = [], leaks, log = {} }) {
    const known = this.#nodes.get(node);
    if (!known) return;
    if (leaks) known.leaks = leaks;
    for (const each of verticles) known.verticles.set(each.name, { ...each, log: known.verticles.get(each.name)?.log ?? [] });
    for (const [name, lines] of Object.entries(log)) {
      const verticle = known.verticles.get(name);
      if (verticle) verticle.log = joined(verticle.log ?? [], lines);
    }
  }

  /** What is suspected, with its node. */
  get leaks() {
    return [...this.#nodes].flatMap(([node, { leaks }]) => leaks.map(leak => ({ ...leak, node })));
  }

  /** Each verticle of each node, those that need somebody first. */
  get all() {
    const isAlone = this.#nodes.size === 1;
    return [...this.#nodes]
      .flatMap(([node, { verticles }]) => [...verticles.values()].map(each => ({ ...each, log: each.log ?? [], node, isAlone, key: `${node} ${each.name}` })))
      .sort((a, b) => ORDER[a.state] - ORDER[b.state] || (a.key < b.key ? -1 : 1));
  }
}

function joined(before, lines) {
  const last = before.at(-1)?.seq ?? 0;
  return [...before, ...lines.filter(({ seq }) => seq > last)].slice(-LINES);
}
