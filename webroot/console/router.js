/** The views there are, in the order of the menu. Each is a module of its own, fetched when it is first wanted. */
export const VIEWS = [
  { name: 'overview', title: 'Overview' },
  { name: 'addresses', title: 'Addresses' },
  { name: 'tap', title: 'Tap' },
  { name: 'trace', title: 'Trace' },
  { name: 'flows', title: 'Flows' },
  { name: 'dead-letters', title: 'Dead letters' },
  { name: 'verticles', title: 'Verticles' },
  { name: 'audit', title: 'Audit' },
];

/** A view whose module the node does not have. */
export class NoSuchView extends Error {}

/** What is behind the `#`: `#/flows/orders?by=rate` is the path `['flows', 'orders']` and the query `by=rate`. */
export function routeOf(hash) {
  const [path, query = ''] = hash.replace(/^#\/?/, '').split('?', 2);
  return { path: path.split('/').filter(Boolean).map(decoded), query: new URLSearchParams(query) };
}

/** The hash of a route, with each part made safe: `hrefOf(['addresses', 'chat.lobby'])`. */
export function hrefOf(path, query = {}) {
  const given = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== undefined && value !== ''));
  const parts = path.map(part => encodeURIComponent(part)).join('/');
  return `#/${parts}${given.size > 0 ? `?${given}` : ''}`;
}

function decoded(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part; // a lone % that somebody typed
  }
}

/** The element of a view, made anew. Rejects with NoSuchView when there is none. */
export async function viewOf(name) {
  const element = `weir-${name}-view`;
  if (!customElements.get(element)) {
    await exists(`/console/views/${name}.js`);
    await Promise.all([styled(name), import(`/console/views/${name}.js`)]);
  }
  return document.createElement(element);
}

/** A module that is not there fails like one with a fault in it, so it is looked for first. */
async function exists(url) {
  const answer = await fetch(url, { method: 'HEAD' });
  if (answer.status === 404) throw new NoSuchView(url);
}

function styled(name) {
  const href = `/console/views/${name}.css`;
  if (document.querySelector(`link[href="${href}"]`)) return undefined;
  return new Promise(resolve => {
    const link = Object.assign(document.createElement('link'), { rel: 'stylesheet', href });
    link.onload = link.onerror = resolve; // a view without its colours is better than none
    document.head.append(link);
  });
}
