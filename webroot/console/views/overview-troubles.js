import { bytes, count, duration, millis, percent } from '/apps/shared/format.js';
import { hrefOf } from '../router.js';

const LATE_MILLIS = 250;
const SLOW_MILLIS = 1000;
const FULL = 0.9;
const COLLECTING = 0.1;
const LAGGING = 1000;
const FIVE_MINUTES = 30;

/**
 * What is wrong right now, in words, the worst first: `{tone: 'bad' | 'warn', text, href, way}`. `way` names the page that `href`
 * leads to, where it is mended; `node` the node it is about, if it is one. Pure.
 */
export function troublesOf(nodes, hours) {
  const all = [
    ...nodes.flatMap(ofNode),
    ...membersOf(nodes),
    ...once(nodes.flatMap(ofFlows)),
    ...ofVersions(nodes),
    ...ofLetters(nodes),
    ...ofLag(hours),
  ];
  return [...all.filter(({ tone }) => tone === 'bad'), ...all.filter(({ tone }) => tone !== 'bad')];
}

/** What a node is called: where it listens, or its id while that is not known. */
export function nameOf({ name, node }) {
  return name ?? node;
}

function ofNode(node) {
  const name = nameOf(node);
  const { now = {}, heapMax } = node;
  const said = [];
  if (node.state === 'starting') said.push(warn(`${name} is starting or stopping.`));
  for (const { check, reason } of node.reasons ?? []) if (check !== 'start') said.push(bad(`${name} gets no traffic: ${reason}.`));
  for (const { warning } of node.warnings ?? []) said.push(warn(`${name}: ${warning}.`));
  if (now.loop > LATE_MILLIS) {
    said.push(warn(`An event loop of ${name} was ${millis(now.loop)} ms late: something on it takes too long.`, ['verticles'], 'Verticles'));
  }
  if (now.p99 > SLOW_MILLIS) said.push(warn(`${name} takes ${millis(now.p99)} ms to bring events to its sessions.`, ['addresses'], 'Addresses'));
  if (now.heap > FULL * heapMax) said.push(warn(`The heap of ${name} is nearly full: ${bytes(now.heap)} of ${bytes(heapMax)}. Give the JVM more with -Xmx.`));
  if (now.gc > COLLECTING) said.push(warn(`${name} spends ${percent(now.gc)} % of its time on garbage collection.`));
  return said.map(trouble => ({ ...trouble, node: node.node }));
}

/** Each node tells of those it sees; who answered is there, whatever another one says. */
function membersOf(nodes) {
  const answered = new Set(nodes.map(({ node }) => node));
  const names = new Set(nodes.map(nameOf));
  const said = new Map();
  for (const { members = [], gone = [], at } of nodes) {
    for (const member of members) {
      if (answered.has(member.node)) continue;
      if (member.state === 'joining') said.set(member.node, warn(`${nameOf(member)} is joining the cluster.`));
      if (member.state === 'node') said.set(member.node, bad(`${nameOf(member)} is in the cluster and does not answer.`));
    }
    for (const one of gone) {
      const isBack = answered.has(one.node) || (one.name !== undefined && names.has(one.name));
      if (!isBack && one.version !== undefined) said.set(one.node, warn(`${nameOf(one)} left the cluster ${duration((at - one.at) / 1000)} ago.`));
    }
  }
  return [...said.values()];
}

function ofFlows({ flows, breakers = [] }) {
  const stopped = (flows?.stopped ?? []).map(flow => bad(`The flow ${flow} has stopped by itself.`, ['flows', flow], flow));
  const open = breakers.filter(({ state }) => state !== 'closed').map(({ flow, stage, name, verticle, state }) => {
    const which = flow ? `of ${flow}, stage ${stage},` : `${name}${verticle ? ` of ${verticle}` : ''}`;
    const says = state === 'open' ? 'is open: what it calls has failed too often.' : 'tries whether what it calls is back.';
    return flow ? warn(`The circuit breaker ${which} ${says}`, ['flows', flow], flow) : warn(`The circuit breaker ${which} ${says}`, ['verticles'], 'Verticles');
  });
  return [...stopped, ...open];
}

function once(troubles) {
  return [...new Map(troubles.map(trouble => [trouble.text, trouble])).values()];
}

function ofVersions(nodes) {
  const versions = new Set(nodes.map(({ version }) => version));
  if (versions.size < 2) return [];
  return [warn(`Nodes run different versions: ${[...versions].join(', ')}. That is meant to be so only while an update is rolled out.`)];
}

function ofLetters(nodes) {
  const letters = nodes.reduce((sum, { now }) => sum + (now?.letters ?? 0), 0);
  return letters > 0 ? [warn(`${count(letters)} ${letters === 1 ? 'event' : 'events'} could not be processed.`, ['dead-letters'], 'Dead letters')] : [];
}

function ofLag(hours) {
  const sum = back => hours.reduce((all, hour) => all + (hour.at('lag', back) ?? 0), 0);
  const now = sum(0);
  if (now < LAGGING || now < 1.5 * sum(FIVE_MINUTES)) return [];
  return [warn(`${count(now)} events wait before flows, more than five minutes ago.`, ['flows'], 'Flows')];
}

function bad(text, path, way) {
  return { tone: 'bad', text: tidy(text), href: path && hrefOf(path), way };
}

function warn(text, path, way) {
  return { tone: 'warn', text: tidy(text), href: path && hrefOf(path), way };
}

/** What nodes say may end with a full stop of its own. */
function tidy(text) {
  return text.replace(/\.\.$/, '.');
}
