'use strict';
// What belongs to a request is there wherever its work goes on: files, requests to others, their answers.
const { AsyncLocalStorage } = require('async_hooks');
const fs = require('fs');
const http = require('http');
const path = require('path');

const als = new AsyncLocalStorage();
const file = path.join(__dirname, 'locals.tmp');
const said = [];
const say = (what) => said.push(`${what}: ${als.getStore()}`);

async function work(res) {
  say('begun');
  await fs.promises.writeFile(file, 'x');
  say('written');
  fs.readFile(file, 'utf8', (error, text) => {
    say(`read ${text}`);
    fs.stat(file, () => {
      say('stat');
      process.nextTick(() => res.end(als.getStore()));
    });
  });
}

const server = http.createServer((req, res) => {
  say('request');
  als.run(`req ${req.url}`, () => work(res));
});

function get(name) {
  return new Promise((resolve) => als.run(name, () => {
    http.get({ port: server.address().port, host: '127.0.0.1', path: `/${name}`, agent: false }, (res) => {
      say('response');
      let text = '';
      res.setEncoding('utf8');
      res.on('data', (chunk) => { text += chunk; });
      res.on('end', () => {
        say(`end ${text}`);
        resolve();
      });
    });
  }));
}

server.listen(0, '127.0.0.1', async () => {
  await get('a');
  await get('b');
  await als.run('fetch', () => fetch(`http://127.0.0.1:${server.address().port}/c`)).then((res) => res.text()).then((text) => say(text));
  await als.run('refused', () => new Promise((resolve) => {
    http.get({ port: 1, host: '127.0.0.1' }).on('error', (error) => {
      say(error.code);
      resolve();
    });
  }));
  say('outside');
  fs.unlinkSync(file);
  server.close();
  if (server.closeAllConnections) server.closeAllConnections();
  console.log(said.join('\n'));
});
