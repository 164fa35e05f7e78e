// A plain WebSocket server that sends each message to every other socket, as the ws documentation's broadcast example does.
const {WebSocketServer, WebSocket} = require('ws');

const server = new WebSocketServer({host: '127.0.0.1', port: Number(process.argv[2]), perMessageDeflate: false});

server.on('connection', socket => {
  socket.on('error', () => socket.terminate());
  socket.on('message', (data, binary) => {
    for (const client of server.clients) {
      if (client !== socket && client.readyState === WebSocket.OPEN) client.send(data, {binary});
    }
  });
});
