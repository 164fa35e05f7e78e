// A chat server on WebSockets with rooms: ws://127.0.0.1:3001/lobby. The same file runs under Node with the package ws.
const { WebSocketServer, WebSocket } = require('ws');

const PORT = Number(process.env.CHAT_PORT || 3001);
const LONGEST_NAME = 30;
const SLOW = 1024 * 1024;

const wss = new WebSocketServer({ port: PORT, maxPayload: 16 * 1024 });
let guests = 0;

wss.on('connection', (ws, req) => {
  ws.room = decodeURIComponent(new URL(req.url, 'ws://chat').pathname.slice(1)) || 'lobby';
  ws.name = `guest${++guests}`;
  ws.isAlive = true;
  ws.on('pong', () => {
    ws.isAlive = true;
  });
  ws.on('error', (error) => console.warn(`${ws.name}: ${error.message}`));
  ws.on('message', (data) => heard(ws, data.toString()));
  ws.on('close', () => tell(ws.room, { left: ws.name }));
  tell(ws.room, { joined: ws.name });
});

function heard(ws, text) {
  if (text.startsWith('/name ')) {
    const name = text.slice(6).trim().slice(0, LONGEST_NAME);
    if (name === '') return;
    tell(ws.room, { renamed: ws.name, to: name });
    ws.name = name;
  } else if (text.trim() !== '') tell(ws.room, { from: ws.name, text });
}

function tell(room, message) {
  const line = JSON.stringify(message);
  for (const client of wss.clients) {
    if (client.readyState !== WebSocket.OPEN || client.room !== room) continue;
    if (client.bufferedAmount > SLOW) client.close(1013, 'too slow');
    else client.send(line);
  }
}

// Who does not answer a ping within half a minute is gone.
const pinging = setInterval(() => {
  for (const client of wss.clients) {
    if (!client.isAlive) client.terminate();
    client.isAlive = false;
    client.ping();
  }
}, 30000);
wss.on('close', () => clearInterval(pinging));
wss.on('listening', () => console.log(`chat at ws://127.0.0.1:${wss.address().port}/lobby`));
