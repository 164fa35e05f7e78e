// Calls the function of a script stage. Events come as objects, as JSON text where only that says what they are; answers go the same way.
(function (host) {
  'use strict';
  const parse = JSON.parse;
  const stringify = JSON.stringify;
  const shown = (value) => {
    if (typeof value === 'string') return value;
    if (value instanceof Error) return value.stack;
    try {
      return stringify(value) ?? String(value);
    } catch {
      return String(value);
    }
  };
  const writer = (level) => (...values) => host.line(level, values.map(shown).join(' '));
  globalThis.console = {
    debug: writer('debug'),
    log: writer('info'),
    info: writer('info'),
    warn: writer('warn'),
    error: writer('error'),
  };
  const { log } = globalThis.console;
  const read = (given) => (typeof given === 'string' ? parse(given) : given);
  const give = (answer) => {
    if (typeof answer !== 'object' || answer === null || !host.take(answer)) host.text(stringify(answer) ?? null);
  };
  let latest = 0;
  return (fn) => (event, surroundings) => {
    const call = ++latest;
    const context = read(surroundings);
    context.log = log;
    const answer = fn(read(event), context);
    if (answer === null || typeof answer !== 'object' || typeof answer.then !== 'function') {
      give(answer);
      return;
    }
    // What a promise of an earlier call comes to belongs to that call, which is over.
    answer.then((value) => {
      if (call === latest) give(value);
    }).then(undefined, (error) => {
      if (call === latest) host.failed(shown(error));
    });
  };
});
