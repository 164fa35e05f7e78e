/** Where a node is: the addresses of its raw WebSocket, of SockJS and of its HTTP interface, out of one URL. */
export function endpointOf(url) {
  const parsed = parse(url);
  const secure = parsed.protocol === 'https:' || parsed.protocol === 'wss:';
  const path = parsed.pathname.replace(/\/+$/, '').replace(/\/websocket$/, '') || '/eventbus';
  const http = `${secure ? 'https' : 'http'}://${parsed.host}`;
  return Object.freeze({ http, sockjs: `${http}${path}`, raw: `${secure ? 'wss' : 'ws'}://${parsed.host}${path}/websocket` });
}

/** The nodes named by the `urls` option; in a browser, the one that served the page when there is no such option. */
export function endpointsOf(urls) {
  const given = urls === undefined ? here() : [urls].flat();
  if (given.length === 0) throw new TypeError('connect: urls is empty; name at least one node, as in "http://127.0.0.1:8080"');
  return given.map(endpointOf);
}

function here() {
  if (globalThis.location?.host) return [globalThis.location.origin];
  throw new TypeError('connect: outside a page say which node, as in connect({urls: "http://127.0.0.1:8080"})');
}

function parse(url) {
  try {
    const parsed = new URL(url);
    if (['http:', 'https:', 'ws:', 'wss:'].includes(parsed.protocol)) return parsed;
  } catch {
    // the message below says what is wanted
  }
  throw new TypeError(`connect: ${JSON.stringify(String(url))} is not the URL of a node; write it as "https://weir.example.com"`);
}
