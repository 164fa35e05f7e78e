// A price ticker: a WebSocket client of a feed of {"symbol": "...", "price": 1.5} that says what moved by a percent and comes
// again, later each time, when the feed is gone or silent. Runs under Node with the package ws as it is.
const WebSocket = require('ws');

const FEED = process.env.TICKER_URL || 'ws://127.0.0.1:3002/prices';
const MOVED = Number(process.env.TICKER_PERCENT || 1) / 100;
const FIRST_PAUSE = 100;
const LONGEST_PAUSE = 30000;
const SILENCE = 30000;

const told = new Map();
let pause = FIRST_PAUSE;

function connect() {
  const ws = new WebSocket(FEED, { handshakeTimeout: 10000, maxPayload: 64 * 1024 });
  let silence;
  const heard = () => {
    clearTimeout(silence);
    silence = setTimeout(() => ws.terminate(), SILENCE);
  };
  ws.on('open', () => {
    pause = FIRST_PAUSE;
    heard();
    console.log('connected');
  });
  ws.on('ping', heard);
  ws.on('message', (data) => {
    heard();
    tick(data.toString());
  });
  ws.on('error', (error) => console.warn(`feed: ${error.message}`));
  ws.on('close', (code) => {
    clearTimeout(silence);
    console.log(`disconnected (${code}), again in ${pause} ms`);
    setTimeout(connect, pause);
    pause = Math.min(pause * 2, LONGEST_PAUSE);
  });
}

function tick(text) {
  let symbol;
  let price;
  try {
    ({ symbol, price } = JSON.parse(text));
  } catch {
    // Below: no price.
  }
  if (typeof symbol !== 'string' || !(price > 0)) {
    console.warn(`not a price: ${text.slice(0, 80)}`);
    return;
  }
  const before = told.get(symbol);
  if (before !== undefined && Math.abs(price - before) < before * MOVED) return;
  told.set(symbol, price);
  console.log(before === undefined ? `${symbol} ${price}` : `${symbol} ${price} (${price > before ? '+' : ''}${((price / before - 1) * 100).toFixed(2)}%)`);
}

connect();
