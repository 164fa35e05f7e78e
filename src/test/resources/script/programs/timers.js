// Timers as callbacks, promises and iterators.
const timers = require('timers/promises');

async function main() {
  console.log(await timers.setTimeout(1, 'value'), await timers.setImmediate('now'));
  let n = 0;
  for await (const tick of timers.setInterval(1, 'tick')) {
    console.log(tick, ++n);
    if (n === 3) break;
  }
  const controller = new AbortController();
  const waiting = timers.setTimeout(10_000, null, { signal: controller.signal });
  controller.abort(new Error('enough'));
  await waiting.catch((error) => console.log(error.name, error.code, error.cause.message));
  await timers.setTimeout('soon').catch((error) => console.log(error.code));
  await timers.scheduler.wait(1);
  const order = [];
  await new Promise((resolve) => {
    setTimeout(() => { order.push('c'); resolve(); }, 30);
    setTimeout(() => order.push('b'), 15);
    setTimeout(() => order.push('a'), 1);
    const never = setTimeout(() => order.push('never'), 5);
    clearTimeout(never);
    let times = 0;
    const interval = setInterval(() => { if (++times === 2) clearInterval(interval); }, 1);
  });
  console.log(order.join(''));
}
main().then(() => console.log('end'));
