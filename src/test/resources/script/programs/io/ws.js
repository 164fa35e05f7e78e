// WebSockets: echo, broadcast, subprotocols, both faces of a client, close codes, and servers that share one HTTP server.
const http = require('http');
const WebSocket = require('ws');

const { WebSocketServer, createWebSocketStream } = WebSocket;
const say = (...what) => console.log(JSON.stringify(what));
const url = (server) => `ws://127.0.0.1:${server.address().port}`;

/** A client that keeps what it got, for `next`. */
function client(address, ...more) {
  return new Promise((resolve, reject) => {
    const ws = new WebSocket(address, ...more);
    const got = [];
    const waiting = [];
    ws.on('message', (data, isBinary) => {
      const message = [data.toString(), isBinary, Buffer.isBuffer(data)];
      if (waiting.length > 0) waiting.shift()(message);
      else got.push(message);
    });
    ws.next = () => (got.length > 0 ? Promise.resolve(got.shift()) : new Promise((ok) => waiting.push(ok)));
    ws.on('open', () => resolve(ws));
    ws.on('error', reject);
  });
}
const closed = (ws) => new Promise((resolve) => ws.once('close', (code, reason) => resolve([code, reason.toString()])));
const event = (emitter, name) => new Promise((resolve) => emitter.once(name, resolve));
const thrown = (what) => {
  try {
    what();
  } catch (error) {
    say(error.name, error.message);
  }
};

async function talk() {
  const wss = new WebSocketServer({ port: 0, host: '127.0.0.1', maxPayload: 1000 });
  await event(wss, 'listening');
  const ends = [];
  wss.on('connection', (ws, req) => {
    say('connection', req.url, req.headers['x-a'], ws.readyState, ws.protocol);
    ws.on('error', () => {});
    ends.push(new Promise((resolve) => ws.on('close', (code, reason) => resolve([code, reason.toString()]))));
    ws.on('message', (data, isBinary) => {
      const text = data.toString();
      if (text === 'all') {
        wss.clients.forEach((each) => {
          if (each.readyState === WebSocket.OPEN) each.send(data, { binary: isBinary });
        });
      } else if (text === 'several') {
        ws.send('1');
        ws.send('2');
        ws.send(Buffer.from([51]));
        ws.ping('p');
        ws.send('4');
      } else if (text === 'bye') ws.close(4001, 'done');
      else if (text === 'kill') ws.terminate();
      else ws.send(data, { binary: isBinary });
    });
  });

  const a = await client(`${url(wss)}/x?q=1`, { headers: { 'X-A': 'v' } });
  say(a.readyState, a.url.slice(-6), a.protocol, a.extensions, a.binaryType, a.bufferedAmount);
  for (const data of ['héllo', Buffer.from([1, 2, 3]), new Uint8Array([65]).buffer, 12]) {
    a.send(data);
    say(await a.next());
  }
  const b = await client(url(wss), ['chat', 'b']);
  say(b.protocol, wss.clients.size);
  a.send('all');
  say(await a.next(), await b.next());
  const pinged = event(a, 'ping');
  a.send('several');
  say(await a.next(), await a.next(), await a.next(), (await pinged).toString(), await a.next());
  const ponged = event(a, 'pong');
  a.ping('hi');
  say((await ponged).toString());

  a.onmessage = (e) => say('onmessage', e.type, e.data, e.target === a);
  a.addEventListener('message', { handleEvent: (e) => say('handleEvent', e.data) }, { once: true });
  a.send('as an event');
  await a.next();
  say(typeof a.onmessage);
  a.onmessage = null;

  a.send('bye');
  say(await closed(a), a.readyState, await ends[0]);
  a.send('late', (error) => say(error.message));
  say(a.bufferedAmount);
  b.close(1000, 'ok');
  say(b.readyState, await closed(b), await ends[1]);
  const c = await client(url(wss));
  c.send('kill');
  say(await closed(c), await ends[2]);
  const d = await client(url(wss));
  d.close();
  say(await closed(d), await ends[3]);
  const e = await client(url(wss));
  e.send('x'.repeat(2000));
  say(await closed(e));
  const f = await client(url(wss));
  thrown(() => f.close(5));
  thrown(() => f.ping('x'.repeat(126)));
  f.terminate();
  say(await closed(f), await ends[5]);
  const g = await client(url(wss));
  const duplex = createWebSocketStream(g, { encoding: 'utf8' });
  duplex.write('as a stream');
  say(await event(duplex, 'data'));
  duplex.end();
  await closed(g);
  wss.close(() => say('closed', wss.clients.size));
  await event(wss, 'close');
}

async function share() {
  const server = http.createServer((req, res) => res.end('plain'));
  const foo = new WebSocketServer({ noServer: true });
  const bar = new WebSocketServer({ noServer: true, verifyClient: (info) => info.req.url !== '/bar?no' });
  server.on('upgrade', (req, socket, head) => {
    const path = req.url.split('?')[0];
    if (path === '/foo') foo.handleUpgrade(req, socket, head, (ws) => foo.emit('connection', ws, req));
    else if (path === '/bar') bar.handleUpgrade(req, socket, head, (ws) => bar.emit('connection', ws, req));
    else if (path === '/401') {
      socket.write('HTTP/1.1 401 Unauthorized\r\n\r\n');
      socket.destroy();
    } else socket.destroy();
  });
  foo.on('connection', (ws) => ws.send('foo'));
  bar.on('connection', (ws) => ws.send('bar'));
  server.listen(0, '127.0.0.1');
  await event(server, 'listening');
  for (const path of ['/foo', '/bar']) {
    const ws = new WebSocket(url(server) + path);
    say(path, (await event(ws, 'message')).toString());
    ws.terminate();
  }
  for (const path of ['/401', '/bar?no', '/dead']) {
    say(path, (await event(new WebSocket(url(server) + path), 'error')).message);
  }
  server.close();
  server.closeAllConnections();
}

say(WebSocket.OPEN, WebSocket.Server === WebSocketServer, WebSocket.WebSocket === WebSocket);
thrown(() => new WebSocketServer());
thrown(() => new WebSocket('ftp://x'));
thrown(() => new WebSocket('ws://x#a'));
const nobody = new WebSocket('ws://127.0.0.1:1');
thrown(() => nobody.send('x'));
nobody.on('error', (error) => say(error.code, error.message));
nobody.on('close', async (code, reason) => {
  say(code, reason.length);
  await talk();
  await share();
});
