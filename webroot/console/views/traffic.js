/** Addresses as all nodes together tell of them: what each has told last, added up. */
export class Traffic {
  #nodes = new Map();
  #sums = new Map();

  /** All there is. */
  whole(nodes) {
    this.#nodes = new Map(nodes.map(({ node, addresses, ...rest }) => [node, { ...rest, node, rows: new Map(addresses.map(row => [row.address, row])) }]));
    this.#sums = new Map();
    for (const { rows } of this.#nodes.values()) for (const address of rows.keys()) this.#sum(address);
  }

  /** What one node says has changed. */
  news(node, { addresses = [], gone = [], ...sections }) {
    const known = this.#nodes.get(node);
    if (!known) return;
    Object.assign(known, sections);
    for (const row of addresses) known.rows.set(row.address, row);
    for (const address of gone) known.rows.delete(address);
    for (const address of new Set([...addresses.map(row => row.address), ...gone])) this.#sum(address);
  }

  #sum(address) {
    const on = this.on(address);
    if (on.length === 0) this.#sums.delete(address);
    else this.#sums.set(address, sumOf(address, on.map(({ row }) => row)));
  }

  /** One row for each address. */
  get rows() {
    return [...this.#sums.values()];
  }

  /** The row of one address; undefined when it is not in use. */
  row(address) {
    return this.#sums.get(address);
  }

  /** What each node that uses an address tells of it, as `[{node, row}]`. */
  on(address) {
    return [...this.#nodes.values()].filter(({ rows }) => rows.has(address)).map(({ node, rows }) => ({ node, row: rows.get(address) }));
  }

  /** Events of addresses that are not counted each for itself. */
  get others() {
    return [...this.#nodes.values()].reduce((sum, { others }) => sum + (others?.in ?? 0), 0);
  }

  /** The policy that decides for a row. */
  policy({ match }) {
    return match === undefined ? undefined : this.policies.find(policy => policy.match === match);
  }

  /** As the first node has them: nodes with others are not ready. */
  get policies() {
    return [...this.#nodes.values()].find(({ policies }) => policies)?.policies ?? [];
  }

  /** Each subscription as its owner tells of it, or without figures while nobody owns it. */
  get subscriptions() {
    const all = new Map();
    for (const { node, subscriptions = [] } of this.#nodes.values()) {
      for (const each of subscriptions) {
        if (each.owned || !all.has(each.name)) all.set(each.name, { ...each, node });
      }
    }
    return [...all.values()];
  }

  /** Addresses that somebody publishes to and nobody hears, the loudest first. */
  get unheard() {
    const all = new Map();
    for (const { unheard = [] } of this.#nodes.values()) {
      for (const { address, events, since } of unheard) {
        const known = all.get(address) ?? { address, events: 0, since };
        all.set(address, { address, events: known.events + events, since: Math.min(known.since, since) });
      }
    }
    return [...all.values()].sort((a, b) => b.events - a.events);
  }

  /** What nodes left behind that are gone. Every audit finds them, so the one that found most is believed. */
  get departed() {
    const all = new Map();
    for (const { departed = [] } of this.#nodes.values()) {
      for (const each of departed) {
        if ((all.get(each.node)?.registrations ?? 0) < each.registrations) all.set(each.node, each);
      }
    }
    return [...all.values()].sort((a, b) => b.at - a.at);
  }
}

const ADDED = ['in', 'out', 'taken', 'inRate', 'outRate', 'takenRate', 'bridge', 'sse', 'verticles'];

function sumOf(address, rows) {
  const sum = { address, pattern: rows.some(row => row.pattern), match: rows.find(row => row.match)?.match, present: Math.max(...rows.map(row => row.present ?? 0)) };
  for (const field of ADDED) sum[field] = rows.reduce((total, row) => total + (row[field] ?? 0), 0);
  sum.listeners = sum.bridge + sum.sse + sum.verticles;
  sum.kept = rows.map(row => row.kept).filter(Boolean).sort((a, b) => b.head - a.head)[0];
  return sum;
}
