// Lists of timers of one duration, refresh, primitives, what is refused.
const say = console.log;
setTimeout(say, -5, 'negative');
setTimeout(say, NaN, 'not a number');
setTimeout(say, 1, 'one');
setTimeout(say, 20, 'twenty', 1);
setTimeout(say, 20, 'twenty', 2);
const id = +setTimeout(say, 20, 'never');
clearTimeout(id);
clearTimeout(undefined);
clearTimeout(null);
clearTimeout({});
setTimeout(say, 20, 'twenty', 3);
setTimeout(() => {
  const chain = [];
  function immediately(n) {
    chain.push(n);
    if (n < 3) setImmediate(immediately, n + 1);
    else again();
  }
  setImmediate((x) => say('immediate', x, chain.join()), 7);
  setImmediate(immediately, 1);
}, 40);
function again() {
  let times = 0;
  const timer = setTimeout(() => {
    say('refreshed', ++times);
    if (times < 3) timer.refresh();
  }, 5);
}
for (const wrong of ['text', undefined, null, 5, {}, []]) {
  try {
    setTimeout(wrong, 1);
  } catch (error) {
    say(error.name, error.code, error.message);
  }
}
try {
  process.nextTick(5);
} catch (error) {
  say(error.name, error.code);
}
