/** What is known of an event, put in the order in which it is shown. Pure functions over the answer of `GET /v1/trace/{id}`. */

export const LANES = [
  { name: 'source', title: 'Client or source' },
  { name: 'journal', title: 'Journal' },
  { name: 'flow', title: 'Flows' },
  { name: 'subscription', title: 'Subscriptions' },
  { name: 'verticle', title: 'Verticles' },
  { name: 'session', title: 'Sessions' },
  { name: 'dead', title: 'Dead letters' },
];

const LANE_OF = {
  emitted: 'source', accept: 'source', request: 'source', reply: 'source', kept: 'journal', commit: 'journal', feed: 'journal',
  delayed: 'journal', flow: 'flow', stage: 'flow', deliver: 'session', handle: 'verticle', 'dead-letter': 'dead', replayed: 'dead', discarded: 'dead', subscription: 'subscription',
};

export function laneOf(fact) {
  const isFlow = fact.source === 'flow' || fact.detail?.flow !== undefined || fact.where.includes('/');
  return LANE_OF[fact.kind] ?? (isFlow ? 'flow' : 'subscription');
}

/** The lanes in which there is anything. */
export function lanesOf({ facts }) {
  const used = new Set(facts.map(laneOf));
  return LANES.filter(({ name }) => used.has(name));
}

export const isSampled = fact => fact.source === 'sampled';

/** How bad it is: `bad` for what failed, `warn` for what waits, `good` for what is settled. */
export function toneOf(fact) {
  if (['failed', 'retry', 'dead-letter'].includes(fact.kind) || fact.detail?.error) return 'bad';
  if (['waiting', 'pending', 'delayed', 'discarded'].includes(fact.kind)) return 'warn';
  return ['settled', 'deliver', 'handle', 'reply', 'replayed'].includes(fact.kind) ? 'good' : '';
}

/**
 * The events, each below the one that caused it: `{event, number, depth}`. Those that were never kept are known by what was recorded
 * of them.
 */
export function treeOf({ events, facts }) {
  const all = [...events];
  const ids = new Set(all.map(({ id }) => id));
  for (const { event } of facts) {
    if (event == null || ids.has(event)) continue;
    ids.add(event);
    all.push({ id: event });
  }
  const caused = new Map();
  for (const event of all) {
    const cause = event.causationid;
    if (ids.has(cause) && cause !== event.id) caused.set(cause, [...(caused.get(cause) ?? []), event]);
  }
  const rows = [];
  const shown = new Set();
  const show = (event, depth) => {
    if (shown.has(event)) return;
    shown.add(event);
    rows.push({ event, number: rows.length + 1, depth });
    caused.get(event.id)?.forEach(effect => show(effect, depth + 1));
  };
  const effects = new Set([...caused.values()].flat());
  all.filter(event => !effects.has(event)).forEach(event => show(event, 0));
  all.forEach(event => show(event, 0)); // a circle has no beginning
  return rows;
}

/** What has a time, in its order and with `millis` since the first; and what holds now, or happened at a time that is not kept. */
export function timelineOf({ facts }) {
  const timed = facts.filter(({ at }) => at !== undefined).map(fact => ({ ...fact, ms: Date.parse(fact.at) })).sort((a, b) => a.ms - b.ms);
  const first = timed[0]?.ms;
  return { timed: timed.map(fact => ({ ...fact, since: fact.ms - first })), untimed: facts.filter(({ at }) => at === undefined) };
}

/** The recorded steps that took time, with where each begins and how long it is, as shares of the whole. */
export function waterfallOf({ facts }) {
  const steps = facts.filter(fact => isSampled(fact) && fact.at !== undefined && fact.detail.micros !== undefined)
    .map(fact => ({ fact, from: Date.parse(fact.at), took: fact.detail.micros / 1000 }));
  if (steps.length === 0) return { steps, millis: 0 };
  const begin = Math.min(...steps.map(({ from }) => from));
  const end = Math.max(...steps.map(({ from, took }) => from + took));
  const whole = Math.max(end - begin, 0.001);
  steps.sort((a, b) => a.from - b.from || b.took - a.took);
  return { steps: steps.map(step => ({ ...step, left: (step.from - begin) / whole, share: step.took / whole })), millis: whole };
}

/** 0.012, 3.4, 812 milliseconds and 3.2 s as people read them. */
export function took(millis) {
  if (millis >= 10_000) return `${(millis / 1000).toFixed(1)} s`;
  if (millis >= 10 || Number.isInteger(millis)) return `${Math.round(millis)} ms`;
  return `${millis >= 1 ? millis.toFixed(1) : millis.toFixed(3)} ms`;
}
