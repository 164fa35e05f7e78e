// Speaks the bridge protocol directly, so that this page needs nothing else.
const byId = id => document.getElementById(id);
let socket;

function connect() {
  socket?.close();
  const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
  socket = new WebSocket(`${scheme}://${location.host}/eventbus/websocket`);
  const headers = {authorization: `Bearer ${byId('token').value}`};
  socket.onopen = () => send({type: 'register', address: `notes.${byId('name').value}`, headers});
  socket.onmessage = message => {
    const frame = JSON.parse(message.data);
    const item = document.createElement('li');
    item.textContent = frame.type === 'rec' ? frame.body.text : `refused: ${frame.body}`;
    byId('notes').append(item);
  };
}

const send = frame => socket.send(JSON.stringify(frame));
setInterval(() => socket?.readyState === 1 && send({type: 'ping'}), 5000);
byId('name').onchange = connect;
byId('send').onclick = () =>
  send({type: 'publish', address: `notes.${byId('name').value}`, body: {text: byId('note').value}});
