// Node's order: synchronous code, ticks, promise jobs, timers, immediates; ticks and jobs between each callback.
const said = [];
const say = (what) => said.push(what);

setTimeout(() => {
  say('timer 1');
  process.nextTick(() => say('tick of timer 1'));
  Promise.resolve().then(() => say('job of timer 1'));
  setImmediate(() => say('immediate of timer 1'));
}, 1);
setTimeout(() => say('timer 2'), 1);
Promise.resolve().then(() => {
  say('job 1');
  process.nextTick(() => say('tick of job 1'));
}).then(() => say('job 2'));
queueMicrotask(() => say('microtask'));
process.nextTick(() => {
  say('tick 1');
  process.nextTick(() => say('tick 3'));
  Promise.resolve().then(() => say('job of tick 1'));
});
process.nextTick((a, b) => say(`tick 2 ${a}${b}`), 'x', 'y');
(async () => {
  say('async start');
  await null;
  say('async after await');
})();
say('main');
const start = Date.now();
while (Date.now() - start < 5); // both timers are due when the loop begins

setTimeout(() => {
  setImmediate(() => {
    console.log('immediate 1');
    process.nextTick(() => console.log('tick between immediates'));
    setTimeout(() => console.log('timer of immediate 1'), 0);
  });
  setImmediate(() => console.log('immediate 2'));
  const gone = setImmediate(() => console.log('never'));
  clearImmediate(gone);
}, 20);
process.on('exit', (code) => {
  console.log(said.join('\n'));
  console.log('exit', code);
});
