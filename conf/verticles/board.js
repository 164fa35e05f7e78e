'use strict';
// A live metrics board: hears what every host says of itself, and tells a page once a second how they all have been for the last
// minute. Who opens the page asks first, and need not begin with nothing.
//
// addresses:
//   - {match: host.metrics, subscribe: anyone}
//   - {match: board.hosts, subscribe: anyone}
//   - {match: board.hosts.now, request: anyone}
// sources:
//   - host: {every: 1s, to: host.metrics}
// verticles:
//   - {deploy: "js:conf/verticles/board.js"}
//
// In the page:
//   const board = connect().emitter('board.hosts');
//   board.on('summary', hosts => draw(hosts));
//   await board.ready();
//   draw(await connection.request('board.hosts.now'));

const weir = require('weir');

const { from = 'host.metrics', to = 'board.hosts', ask = 'board.hosts.now', every = 1000, remembered = 60_000 } = weir.config;

const hosts = new Map();
let news = false;

const metrics = weir.emitter(from);
metrics.on('*', (data, event) => {
  const host = event.subject ?? event.source;
  if (!hosts.has(host)) hosts.set(host, []);
  hosts.get(host).push({ at: performance.now(), cpu: data.cpu, memory: data.memory.used / data.memory.total, load: data.load });
  news = true;
});
metrics.on('error', (error) => weir.log.warn('%s: %s', from, error.message));

function forget() {
  const since = performance.now() - remembered;
  for (const [host, samples] of hosts) {
    const young = samples.findIndex(({ at }) => at >= since);
    if (young < 0) hosts.delete(host);
    else samples.splice(0, young);
    news ||= young !== 0;
  }
}

function of(samples, name) {
  const values = samples.map((sample) => sample[name]).filter(Number.isFinite);
  const sum = values.reduce((all, value) => all + value, 0);
  return { now: values.at(-1), mean: values.length === 0 ? undefined : sum / values.length, most: values.length === 0 ? undefined : Math.max(...values) };
}

function summary() {
  forget();
  return [...hosts].map(([host, samples]) => ({
    host,
    samples: samples.length,
    cpu: of(samples, 'cpu'),
    memory: of(samples, 'memory'),
    load: of(samples, 'load'),
  }));
}

const board = weir.emitter(to);
setInterval(() => {
  const now = summary();
  if (!news) return;
  news = false;
  board.emit('summary', now);
}, every);

weir.reply(ask, () => summary());
