import { connect } from '/client/weir.js';

const byId = id => document.getElementById(id);
const say = text => { byId('status').textContent = text; };

byId('sign-in').addEventListener('submit', event => {
  event.preventDefault();
  signIn(byId('token').value.trim()).catch(error => say(error.message));
});

async function signIn(token) {
  const connection = connect({ token });
  const { hello: me } = await connection.request('hello');
  const notes = connection.emitter(`notes.${me}`);
  const shown = new Set();
  const show = (offset, { text }) => {
    if (!shown.has(offset)) {
      shown.add(offset);
      const item = document.createElement('li');
      item.textContent = text;
      byId('notes').append(item);
    }
  };

  // Live first, then what was kept: nothing falls in between, and what comes twice is shown once.
  notes.on('note', (data, event) => show(event.offset, data));
  notes.on('error', error => say(error.message));
  await notes.ready();
  const kept = await fetch(`/v1/addresses/notes.${me}/events`, { headers: { authorization: `Bearer ${token}` } });
  for (const event of (await kept.json()).events) {
    show(event.weiroffset, event.data);
  }

  say(`Hello ${me}. These notes are yours; open the page twice to see them come.`);
  byId('sign-in').hidden = true;
  byId('write').hidden = false;
  byId('write').addEventListener('submit', event => {
    event.preventDefault();
    notes.emit('note', { text: byId('note').value });
    byId('note').value = '';
  });
}
