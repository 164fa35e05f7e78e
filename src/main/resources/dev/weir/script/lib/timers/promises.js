'use strict';
// Timers as promises and as an async iterator, stopped by an AbortSignal.

const { AbortError, codes } = require('internal/errors');
const { validateAbortSignal, validateBoolean, validateNumber, validateObject } = require('internal/validators');
const { kResistStopPropagation } = require('internal/event_target');
const timers = require('timers');

function check(delay, options) {
  if (delay !== undefined) validateNumber(delay, 'delay');
  validateObject(options, 'options');
  if (options.signal !== undefined) validateAbortSignal(options.signal, 'options.signal');
  if (options.ref !== undefined) validateBoolean(options.ref, 'options.ref');
}

const abortedBy = (signal) => new AbortError(undefined, { cause: signal?.reason });
const onAbort = (signal, listener, once = false) =>
  signal.addEventListener('abort', listener, { once, [kResistStopPropagation]: true });

function promised({ signal, ref = true }, start, stop) {
  if (signal?.aborted) return Promise.reject(abortedBy(signal));
  let cancel;
  const promise = new Promise((resolve, reject) => {
    const timer = start(resolve);
    if (!ref) timer.unref();
    if (signal) {
      cancel = () => {
        stop(timer);
        reject(abortedBy(signal));
      };
      onAbort(signal, cancel);
    }
  });
  return cancel === undefined ? promise : promise.finally(() => signal.removeEventListener('abort', cancel));
}

function setTimeout(delay, value, options = {}) {
  try {
    check(delay, options);
  } catch (error) {
    return Promise.reject(error);
  }
  return promised(options, (resolve) => timers.setTimeout(() => resolve(value), delay), timers.clearTimeout);
}

function setImmediate(value, options = {}) {
  try {
    check(undefined, options);
  } catch (error) {
    return Promise.reject(error);
  }
  return promised(options, (resolve) => timers.setImmediate(() => resolve(value)), timers.clearImmediate);
}

async function* setInterval(delay, value, options = {}) {
  check(delay, options);
  const { signal, ref = true } = options;
  if (signal?.aborted) throw abortedBy(signal);
  let due = 0;
  let wake;
  const woken = (outcome) => {
    wake?.(outcome);
    wake = undefined;
  };
  const timer = timers.setInterval(() => {
    due++;
    woken();
  }, delay);
  if (!ref) timer.unref();
  const cancel = () => {
    timers.clearInterval(timer);
    woken(Promise.reject(abortedBy(signal)));
  };
  if (signal) onAbort(signal, cancel, true);
  try {
    while (!signal?.aborted) {
      if (due === 0) await new Promise((resolve) => { wake = resolve; });
      for (; due > 0; due--) yield value;
    }
    throw abortedBy(signal);
  } finally {
    timers.clearInterval(timer);
    signal?.removeEventListener('abort', cancel);
  }
}

class Scheduler {
  constructor() {
    throw new codes.ERR_ILLEGAL_CONSTRUCTOR();
  }

  yield() {
    return setImmediate();
  }

  wait(delay, options) {
    return setTimeout(delay, undefined, options);
  }
}

module.exports = { setTimeout, setImmediate, setInterval, scheduler: Object.create(Scheduler.prototype) };
