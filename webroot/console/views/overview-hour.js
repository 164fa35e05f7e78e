/** The figures of all nodes over the last hour, as the nodes told them whole and then step by step. Pure: no clocks, no page. */

const STEPS = 360;

/** What a new node shows is not drawn wider than it is. */
const LEAST = 30;

/** How figures of several nodes become one: their sum, or the worst. */
const WORST = new Set(['p50', 'p99', 'commit', 'loop', 'gc']);

/** The hour of one node. */
export class Hour {
  #series = new Map();
  #step;
  #size = 0;

  constructor({ step, history = {} }) {
    this.#step = step;
    for (const [figure, values] of Object.entries(history)) {
      this.#series.set(figure, [...values]);
      this.#size = Math.max(this.#size, values.length);
    }
  }

  get size() {
    return this.#size;
  }

  /** What a node tells of a step that has ended. Steps of which nothing was heard stay blank. */
  add({ step, ended = {} }) {
    const steps = Math.min(STEPS, step - this.#step);
    if (!(steps > 0)) return;
    const known = new Set([...this.#series.keys(), ...Object.keys(ended)]);
    for (const figure of known) {
      const values = this.#series.get(figure) ?? new Array(this.#size).fill(null);
      for (let i = 1; i < steps; i++) values.push(null);
      values.push(ended[figure] ?? null);
      this.#series.set(figure, values.slice(-STEPS));
    }
    this.#step = step;
    this.#size = Math.min(STEPS, this.#size + steps);
  }

  /** A figure `back` steps before the newest; null when it is not known. */
  at(figure, back) {
    const values = this.#series.get(figure);
    return values?.[values.length - 1 - back] ?? null;
  }
}

/** One figure of all nodes, oldest first, as long as the longest and at least five minutes; null where no node knows it. */
export function together(hours, figure) {
  const size = Math.max(LEAST, ...hours.map(hour => hour.size));
  return Array.from({ length: size }, (_, i) => joined(figure, hours.map(hour => hour.at(figure, size - 1 - i))));
}

/** One figure out of one of each node; null when no node knows it. */
export function joined(figure, values) {
  const known = values.filter(value => value !== null && value !== undefined);
  if (known.length === 0) return null;
  return WORST.has(figure) ? Math.max(...known) : known.reduce((sum, value) => sum + value, 0);
}
