// Ticks, promise jobs, timers and immediates, nested in each other. What comes when does not hang on how fast the machine is.
const say = (...words) => console.log(words.join(' '));
clearTimeout(setTimeout(() => say('never'), 5));
(async () => {
  say('async begins');
  await null;
  say('after await');
  await new Promise((resolve) => process.nextTick(resolve));
  say('after a tick');
  for await (const n of (async function* () { yield 1; yield 2; })()) say('yielded', n);
})();
process.nextTick(() => {
  say('tick');
  Promise.reject(new Error('handled')).catch((error) => say('caught', error.message));
  process.nextTick(() => say('tick in tick'));
});
Promise.resolve().then(() => say('job 1')).then(() => say('job 2')).finally(() => say('finally'));
queueMicrotask(() => say('microtask'));
setTimeout(() => {
  say('timer');
  setImmediate(() => say('immediate of a timer'));
  setTimeout(intervals, 5);
  process.nextTick(() => say('tick of a timer'));
  Promise.resolve().then(() => {
    say('job of a timer');
    process.nextTick(() => say('tick of a job of a timer'));
    queueMicrotask(() => say('microtask of a job'));
  });
}, 5);
function intervals() {
  let n = 0;
  const interval = setInterval((a, b) => {
    say('interval', ++n, a, b);
    if (n === 2) {
      clearInterval(interval);
      immediates();
    }
  }, 2, 'a', 'b');
}
function immediates() {
  for (const n of [1, 2]) {
    setImmediate((x) => {
      say('immediate', n, x);
      process.nextTick(() => say('tick of an immediate', n));
      Promise.resolve().then(() => say('job of an immediate', n));
      if (n === 1) setImmediate(() => say('immediate of an immediate'));
    }, 'x');
  }
}
const idle = setTimeout(() => say('never'), 100000);
say(idle.hasRef(), idle.unref().hasRef());
let rounds = 0;
process.on('beforeExit', (code) => {
  say('beforeExit', code);
  if (rounds++ === 0) setTimeout(() => say('more'), 1);
});
process.on('exit', (code) => say('exit', code));
say('main ends');
