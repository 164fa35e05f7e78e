'use strict';
// Runs named cases one after another and says of each whether it held. The same files run under Node.
const cases = [];

exports.test = (name, body) => cases.push({ name, body });

/** What `fn` throws. */
exports.thrown = (fn) => {
  try {
    fn();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
};

/** A listener that remembers what it was called with. */
exports.recorder = () => {
  const listener = (...args) => { listener.calls.push(args); };
  listener.calls = [];
  return listener;
};

/** Resolves when the event comes. */
exports.event = (emitter, name) => new Promise((resolve) => { emitter.once(name, (...args) => resolve(args)); });

exports.warnings = (fn) => new Promise((resolve) => {
  const seen = [];
  const listener = (warning) => seen.push(warning);
  process.on('warning', listener);
  fn();
  setImmediate(() => {
    process.removeListener('warning', listener);
    resolve(seen);
  });
});

setImmediate(async () => {
  for (const { name, body } of cases) {
    try {
      await body();
      console.log(`ok ${name}`);
    } catch (error) {
      console.log(`not ok ${name}: ${String(error && error.stack).split('\n').join(' | ')}`);
    }
  }
});
