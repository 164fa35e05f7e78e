// What goes wrong with http and fetch, on both sides of a connection.
const http = require('http');
const told = [];
const handlers = {
  '/message': (req, res) => {
    try { res.statusMessage = 'a\r\nX: y'; res.end(); } catch (e) { told.push(e.code); }
    try { res.writeHead(200, 'a\nb'); res.end(); } catch (e) { told.push(e.code); }
    res.statusMessage = 'Fine';
    try { res.statusCode = 42; res.end(); } catch (e) { told.push(e.message); }
    res.statusCode = 200;
    try { res.addTrailers({ 'X-A': 'v\r\nEvil: 1' }); } catch (e) { told.push(e.code); }
    res.end('ok');
  },
  '/304': (req, res) => { res.writeHead(304); res.write('more'); res.end('body'); },
  '/204': (req, res) => { res.writeHead(204); res.write('more'); res.end('body'); },
  '/late': (req, res) => { res.on('error', (e) => told.push(e.code)); res.write('x'); res.end(); res.write('after'); res.end(); res.end('more'); },
  '/close': (req, res) => { res.setHeader('Connection', 'close'); req.socket.on('close', () => told.push('closed')); res.end('bye'); },
  '/drip': (req, res) => { let n = 0; const timer = setInterval(() => { res.write('.'); if (++n === 8) { clearInterval(timer); res.end(); } }, 200); },
  '/endless': (req, res) => { const timer = setInterval(() => res.write('.'.repeat(1000)), 5); res.on('close', () => { clearInterval(timer); told.push('left'); }); },
  '/upload': (req, res) => { req.on('close', () => told.push(`upload ${req.complete}`)); req.on('error', () => {}); req.once('data', () => req.destroy()); },
  '/continue': (req, res) => { let body = ''; req.on('data', (d) => { body += d; }); req.on('end', () => res.end(`got ${body}`)); },
  '/echo': (req, res) => { let body = ''; req.setEncoding('latin1'); req.on('data', (d) => { body += d; }); req.on('end', () => res.end(JSON.stringify([req.method, req.headers['content-length'], req.headers.connection, body]))); },
};
const server = http.createServer((req, res) => handlers[req.url](req, res));
const until = async (word) => { while (!told.includes(word)) await new Promise((r) => setTimeout(r, 5)); };
server.on('listening', async () => {
  const { port } = server.address();
  const ask = (path, options, act) => new Promise((done) => {
    const said = [];
    let req;
    try { req = http.request({ port, host: '127.0.0.1', path, ...options }); } catch (e) { console.log(path, e.name, e.code, JSON.stringify(e.message)); done(); return; }
    req.on('timeout', () => said.push('timeout'));
    req.on('error', (e) => said.push(`error ${e.code} ${e.message}`));
    req.on('response', (res) => {
      let body = '';
      res.on('data', (d) => { body += d; });
      res.on('aborted', () => said.push('aborted'));
      res.on('error', (e) => said.push(`response ${e.code}`));
      res.on('end', () => said.push(`${res.statusCode} ${res.statusMessage} ${body} ${res.headers['transfer-encoding']} ${res.headers.connection}`));
    });
    req.on('close', () => { said.push(`close ${req.destroyed}`); setTimeout(() => { console.log(path, said.join(' | ')); done(); }, 20); });
    if (act) act(req, said); else req.end();
  });
  for (const path of ['/message', '/304', '/204', '/late', '/close']) await ask(path);
  await until('closed');
  await ask('/drip', { timeout: 1200 });
  await ask('/endless', {}, (req, said) => { req.on('response', (res) => res.once('data', () => res.destroy())); req.end(); });
  await until('left');
  await ask('/upload', { method: 'POST' }, (req) => { req.write('x'); });
  await until('upload false');
  await ask('/continue', { method: 'POST', headers: { Expect: '100-continue' } }, (req, said) => { req.on('continue', () => { said.push('continue'); req.end('body'); }); });
  await ask('/echo', { method: 'a b' }); await ask('/echo', { method: 'GET\r\nX: y' }); await ask('/echo', { port: 70000 }); await ask('/echo', { host: {} });
  await ask('/echo', { method: 'POST' }, (req) => { req.end('half \ud800'); });
  console.log(told.join());
  const base = `http://127.0.0.1:${port}`;
  const get = async (name, path, init) => {
    try {
      const res = await fetch(base + path, init);
      console.log(name, res.status, res.body === null, await res.text(), res.bodyUsed);
    } catch (e) { console.log(name, e.name, JSON.stringify(e.message), e.cause && e.cause.code); }
  };
  await get('none', '/204'); await get('method', '/echo', { method: 'a b' }); await get('break', '/echo', { method: 'GET\r\nX: y' });
  await get('transfer-encoding', '/echo', { headers: { 'transfer-encoding': 'chunked' } }); await get('upgrade', '/echo', { headers: { upgrade: 'x' } });
  await get('close', '/echo', { headers: { connection: 'close' } }); await get('length', '/echo', { method: 'POST', body: 'abc', headers: { 'content-length': '3' } });
  await get('redirect', '/echo', { redirect: 'x' }); await get('signal', '/echo', { signal: {} }); await get('header', '/echo', { headers: { 'a b': '1' } });
  try { new Response('', { statusText: 'a\r\nb' }); } catch (e) { console.log(e.message); }
  server.close(() => console.log('end'));
  server.closeAllConnections();
});
http.createServer().listen(0).close((error) => {
  console.log('closed before it listened', error);
  server.listen(0, '127.0.0.1');
});
