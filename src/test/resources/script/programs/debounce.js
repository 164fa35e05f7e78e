// Debounce, throttle and a buffer that flushes after a pause or when it is full.
const { setTimeout: sleep } = require('timers/promises');

function debounce(fn, pause) {
  let timer;
  return (...args) => {
    clearTimeout(timer);
    timer = setTimeout(fn, pause, ...args);
  };
}
function flushing(most, pause, flush) {
  let items = [];
  const out = () => {
    const batch = items;
    items = [];
    if (batch.length > 0) flush(batch);
  };
  const later = debounce(out, pause);
  return (item) => {
    items.push(item);
    if (items.length >= most) out();
    else later();
  };
}

async function main() {
  const typed = debounce((text) => console.log('search for', text), 15);
  for (const text of ['w', 'we', 'wei', 'weir']) typed(text);
  await sleep(60);
  typed('again');
  await sleep(60);
  const add = flushing(3, 15, (batch) => console.log('batch', batch));
  for (let i = 1; i <= 7; i++) add(i);
  await sleep(60);
  const timer = setTimeout(() => console.log('refreshed timer'), 5);
  timer.refresh();
  console.log(timer.hasRef(), timer.unref().hasRef(), timer.ref().hasRef());
}
main();
