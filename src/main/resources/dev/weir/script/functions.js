// Calls the function of a script stage. Events and answers cross as JSON text, which is the fastest way in and out.
(function (log) {
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
  const writer = (level) => (...values) => log.line(level, values.map(shown).join(' '));
  globalThis.console = {
    debug: writer('debug'),
    log: writer('info'),
    info: writer('info'),
    warn: writer('warn'),
    error: writer('error'),
  };
  const context = (text) => Object.assign(parse(text), { log: globalThis.console.log });
  return (fn) => (event, surroundings) => {
    const answer = fn(parse(event), context(surroundings));
    if (answer === null || typeof answer !== 'object' || typeof answer.then !== 'function') return stringify(answer);
    const state = { done: false, value: undefined, error: undefined };
    answer.then(
      (value) => {
        state.value = stringify(value);
        state.done = true;
      },
      (error) => {
        state.error = shown(error);
      },
    ).then(undefined, (error) => {
      state.error = shown(error);
    });
    return state;
  };
});
