// A Socket.IO server with one room per address: `sub` joins, `pub` goes to everyone in room `a`.
const {createServer} = require('http');
const {Server} = require('socket.io');

const http = createServer();
// Long pings, as the load generator answers none.
const io = new Server(http, {perMessageDeflate: false, transports: ['websocket'], serveClient: false, pingInterval: 3600000});

io.on('connection', socket => {
  socket.on('sub', address => socket.join(address));
  socket.on('pub', event => io.to('a').emit('msg', event));
});

http.listen(Number(process.argv[2]), '127.0.0.1');
