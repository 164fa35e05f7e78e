/**
 * The last minute of what nodes and hosts say of themselves. Every node says its own each second; the board shows the system, so
 * rates and clients are summed over nodes, and hosts are averaged. Pure: events in, numbers out; times are the servers'.
 */
const WINDOW_SECONDS = 60;
const GONE_SECONDS = 6;

export class Metrics {
  #sources = new Map();
  #buckets = new Map();
  #newest = 0;

  /** Takes in an event of type `node` or `host`; anything else, and what is older than the last of its source, is ignored. */
  accept({ type, source = '', time, data }) {
    const at = Date.parse(time) / 1000;
    if (!Number.isFinite(at) || (type !== 'node' && type !== 'host') || !data) return false;
    const key = `${type} ${(type === 'node' && data.node) || source}`;
    const before = this.#sources.get(key);
    if (before && before.at >= at) return false;
    const sample = { key, type, at, data, rates: type === 'node' ? ratesBetween(before, at, data) : undefined };
    this.#sources.set(key, sample);
    this.#newest = Math.max(this.#newest, at);
    this.#bucket(Math.floor(at)).set(key, sample);
    this.#forget();
    return true;
  }

  #bucket(second) {
    let bucket = this.#buckets.get(second);
    if (!bucket) this.#buckets.set(second, (bucket = new Map()));
    return bucket;
  }

  #forget() {
    for (const second of this.#buckets.keys()) if (second < this.#newest - WINDOW_SECONDS - 1) this.#buckets.delete(second);
    for (const [key, sample] of this.#sources) if (sample.at < this.#newest - WINDOW_SECONDS) this.#sources.delete(key);
  }

  /** The nodes that are there, by name. */
  nodes() {
    return this.#present('node').map(({ data, rates }) => ({ ...data, ...rates })).sort((a, b) => String(a.node).localeCompare(b.node));
  }

  #present(type) {
    return [...this.#sources.values()].filter(sample => sample.type === type && sample.at >= this.#newest - GONE_SECONDS);
  }

  /** The system now; members are undefined while nothing is known. */
  now() {
    return summary(this.#present('node').concat(this.#present('host')));
  }

  /** One point per second of the last minute, oldest first: `{ago, in, out, cpu, memory, lag, clients}`. */
  series() {
    const end = Math.floor(this.#newest);
    return [...this.#buckets.entries()]
      .sort(([a], [b]) => a - b)
      .map(([second, bucket]) => ({ ago: second - end, ...summary([...bucket.values()]) }));
  }
}

function ratesBetween(before, at, data) {
  if (!before) return { in: undefined, out: undefined };
  const seconds = at - before.at;
  const rate = name => Math.max(0, (data[name] - before.data[name]) / seconds);
  return { in: rate('eventsIn'), out: rate('eventsOut') };
}

function summary(samples) {
  const nodes = samples.filter(sample => sample.type === 'node');
  const hosts = samples.filter(sample => sample.type === 'host');
  return {
    clients: sum(nodes.map(({ data }) => data.clients)),
    in: sum(nodes.map(({ rates }) => rates.in)),
    out: sum(nodes.map(({ rates }) => rates.out)),
    lag: most(nodes.map(({ data }) => data.loopLagMillis)),
    cpu: mean(hosts.map(({ data }) => data.cpu)),
    memory: mean(hosts.map(({ data }) => data.memory && data.memory.used / data.memory.total)),
    memoryUsed: mean(hosts.map(({ data }) => data.memory?.used)),
    memoryTotal: mean(hosts.map(({ data }) => data.memory?.total)),
    load: mean(hosts.map(({ data }) => data.load?.[0])),
  };
}

const known = numbers => numbers.filter(Number.isFinite);
const sum = numbers => (known(numbers).length ? known(numbers).reduce((a, b) => a + b, 0) : undefined);
const mean = numbers => (known(numbers).length ? sum(numbers) / known(numbers).length : undefined);
const most = numbers => (known(numbers).length ? Math.max(...known(numbers)) : undefined);
