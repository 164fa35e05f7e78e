/** What the nodes tell of flows, put together. Pure functions but for the store. */

const WORST = ['stopped', 'failed', 'paused', 'running', 'elsewhere', 'skipped'];
const BREAKERS = ['open', 'half-open', 'closed'];
const SUMS = ['in', 'out', 'dropped', 'errors', 'retries', 'deadLettered', 'evicted', 'keys', 'held'];
const KNOWN = new Set([...SUMS, 'nanos', 'breaker', 'lastErrors']);
const OF_FILE = ['graph', 'file', 'spread'];

/** What each node told last, by node and flow. */
export class FlowStore {
  #nodes = new Map();

  whole(nodes) {
    this.#nodes = new Map(nodes.map(({ node, flows = [] }) => [node, new Map(flows.map(flow => [flow.flow, flow]))]));
  }

  news(node, { flows = [], gone = [] }) {
    const known = this.#nodes.get(node) ?? new Map();
    this.#nodes.set(node, known);
    gone.forEach(name => known.delete(name));
    for (const told of flows) {
      const before = known.get(told.flow) ?? {};
      known.set(told.flow, { ...Object.fromEntries(OF_FILE.map(key => [key, before[key]])), ...told });
    }
  }

  /** All flows by name, each with what its nodes tell added up. */
  flows() {
    const byName = new Map();
    for (const [node, flows] of this.#nodes) {
      for (const [name, told] of flows) {
        if (!byName.has(name)) byName.set(name, []);
        byName.get(name).push({ node, ...told });
      }
    }
    return [...byName].map(([name, parts]) => together(name, parts)).sort((a, b) => (a.name < b.name ? -1 : 1));
  }
}

function together(name, parts) {
  const stages = {};
  for (const part of parts) {
    for (const [id, counts] of Object.entries(part.stages ?? {})) {
      stages[id] = stage(stages[id], counts, part.rates?.stages?.[id], part.node);
    }
  }
  const state = WORST.find(each => parts.some(part => part.state === each)) ?? 'failed';
  const first = parts.find(part => part.graph) ?? parts[0];
  return {
    name, parts, stages, state,
    stopped: parts.find(part => part.stopped)?.stopped,
    digest: first.digest, differs: new Set(parts.map(part => part.digest)).size > 1,
    kept: parts.some(part => part.kept), spread: first.spread, file: first.file, graph: first.graph,
    lag: sum(parts, 'lag'), taken: sum(parts, 'taken'), dropped: sum(parts, 'dropped'), unkept: sum(parts, 'unkept'),
    rate: rateOf(parts.map(part => part.rates?.taken)),
    errorRate: rateOf(Object.values(stages).map(each => each.rates?.errors)),
    errors: Object.values(stages).reduce((all, each) => all + each.errors, 0),
    deadLettered: Object.values(stages).reduce((all, each) => all + each.deadLettered, 0),
    held: Object.values(stages).reduce((all, each) => all + each.held, 0),
    breakers: Object.values(stages).filter(each => each.breaker && each.breaker !== 'closed').length,
    warnings: parts.flatMap(part => (part.warnings ?? []).map(each => ({ ...each, node: part.node }))).sort((a, b) => b.at - a.at),
  };
}

function sum(parts, key) {
  return parts.reduce((all, part) => all + (part[key] ?? 0), 0);
}

/** The sum of what is known; undefined when nothing is. */
function rateOf(rates) {
  const known = rates.filter(rate => rate !== undefined);
  return known.length === 0 ? undefined : known.reduce((all, rate) => all + rate, 0);
}

function stage(before, counts, rates, node) {
  const now = { others: { ...before?.others } };
  for (const key of SUMS) now[key] = (before?.[key] ?? 0) + (counts[key] ?? 0);
  for (const [key, value] of Object.entries(counts)) {
    if (!KNOWN.has(key) && typeof value === 'number') now.others[key] = (now.others[key] ?? 0) + value;
  }
  now.nanos = Math.max(before?.nanos ?? 0, counts.nanos ?? 0) || undefined;
  now.breaker = BREAKERS.find(each => each === counts.breaker || each === before?.breaker);
  now.lastErrors = [...(before?.lastErrors ?? []), ...(counts.lastErrors ?? []).map(each => ({ ...each, node }))].sort((a, b) => b.at - a.at).slice(0, 8);
  now.rates = rates ? Object.fromEntries(['in', 'out', 'errors'].map(key => [key, (before?.rates?.[key] ?? 0) + (rates[key] ?? 0)])) : before?.rates;
  return now;
}

/** Events a second on a line of the graph; undefined where that is not known. */
export function rateOfEdge(edge, flow) {
  const { edges, nodes } = flow.graph;
  if (nodes.find(({ id }) => id === edge.from)?.kind === 'input') {
    return nodes.filter(({ kind }) => kind === 'input').length === 1 ? flow.rate : undefined;
  }
  // All targets of one output get every event, so that one of them that nothing else leads to tells of all.
  const outputs = grouped(edges.filter(({ from }) => from === edge.from), ({ output }) => output);
  const known = output => outputs.get(output).filter(each => edges.filter(({ to }) => to === each.to).length === 1).map(each => flow.stages[each.to]?.rates?.in)[0];
  const own = known(edge.output);
  if (own !== undefined) return own;
  const others = [...outputs.keys()].filter(output => output !== edge.output).map(known);
  const gone = flow.stages[edge.from]?.rates?.out;
  if (gone === undefined || others.includes(undefined)) return undefined;
  return Math.max(0, others.reduce((left, rate) => left - rate, gone));
}

function grouped(all, keyOf) {
  const groups = new Map();
  for (const each of all) groups.set(keyOf(each), [...(groups.get(keyOf(each)) ?? []), each]);
  return groups;
}
