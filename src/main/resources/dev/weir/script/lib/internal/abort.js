'use strict';
// AbortController and AbortSignal.

const { codes } = require('internal/errors');
const { DOMException } = require('internal/dom_exception');
const { Event, EventTarget, defineEventHandler, initEventTarget, kTrusted, listenersOf } = require('internal/event_target');
const { validateArray, validateUint32 } = require('internal/validators');

const kInspect = Symbol.for('nodejs.util.inspect.custom');
const kState = Symbol('kState'); // {aborted, reason, sources, dependents, kept, pruneAt}

const shown = (self, fields, depth, options, inspect) =>
  (depth < 0
    ? self.constructor.name
    : `${self.constructor.name} ${inspect(fields, { ...options, depth: options.depth === null ? null : options.depth - 1 })}`);
const abortReason = () => new DOMException('This operation was aborted', 'AbortError');

function stateOf(signal) {
  const state = signal?.[kState];
  if (state === undefined) throw new codes.ERR_INVALID_THIS('AbortSignal');
  return state;
}

class AbortSignal extends EventTarget {
  constructor() {
    throw new codes.ERR_ILLEGAL_CONSTRUCTOR();
  }

  get aborted() {
    return stateOf(this).aborted;
  }

  get reason() {
    return stateOf(this).reason;
  }

  throwIfAborted() {
    if (this.aborted) throw this.reason;
  }

  [kInspect](depth, options, inspect) {
    return shown(this, { aborted: this.aborted }, depth, options, inspect);
  }

  static abort(reason = abortReason()) {
    return createSignal(true, reason);
  }

  static timeout(delay) {
    validateUint32(delay, 'delay', false);
    const signal = createSignal();
    const expire = () =>
      abort(signal, new DOMException('The operation was aborted due to timeout', 'TimeoutError'));
    setTimeout(expire, delay).unref();
    return signal;
  }

  /** Aborted as soon as one of the signals is. Signals that are composed themselves are followed to their sources. */
  static any(signals) {
    validateArray(signals, 'signals');
    signals.forEach((each, index) => {
      if (each?.[kState] === undefined) throw new codes.ERR_INVALID_ARG_TYPE(`signals[${index}]`, 'AbortSignal', each);
    });
    const result = createSignal();
    const already = signals.find((each) => each.aborted);
    if (already) {
      abort(result, already.reason);
      return result;
    }
    const sources = new Set(signals.flatMap((each) => each[kState].sources ?? [each]));
    result[kState].sources = [...sources];
    for (const source of sources) depend(source[kState], result);
    return result;
  }

  /** A composed signal that is listened to lives as long as its sources do, even if nobody else holds it. */
  addEventListener(type, ...rest) {
    super.addEventListener(type, ...rest);
    for (const source of stateOf(this).sources ?? []) source[kState].kept.add(this);
  }

  removeEventListener(type, ...rest) {
    super.removeEventListener(type, ...rest);
    if (listenersOf(this, 'abort').length > 0) return;
    for (const source of stateOf(this).sources ?? []) source[kState].kept.delete(this);
  }
}
for (const name of ['aborted']) Object.defineProperty(AbortSignal.prototype, name, { enumerable: true });
Object.defineProperty(AbortSignal.prototype, Symbol.toStringTag, { value: 'AbortSignal', configurable: true });
defineEventHandler(AbortSignal.prototype, 'abort');

/** Signals that were collected are dropped now and then, so that a source that lives for ever does not gather them. */
function depend(state, signal) {
  if (state.dependents.size >= state.pruneAt) {
    for (const each of state.dependents) if (each.deref() === undefined) state.dependents.delete(each);
    state.pruneAt = Math.max(64, state.dependents.size * 2);
  }
  state.dependents.add(new WeakRef(signal));
}

function createSignal(aborted = false, reason = undefined) {
  const signal = Object.create(AbortSignal.prototype);
  initEventTarget(signal);
  const state = { aborted, reason, sources: undefined, dependents: new Set(), kept: new Set(), pruneAt: 64 };
  Object.defineProperty(signal, kState, { value: state });
  return signal;
}

function abort(signal, reason) {
  const state = signal[kState];
  if (state.aborted) return;
  state.aborted = true;
  state.reason = reason;
  signal.dispatchEvent(new Event('abort', { [kTrusted]: true }));
  for (const each of state.dependents) {
    const dependent = each.deref();
    if (dependent) abort(dependent, reason);
  }
  state.dependents.clear();
  state.kept.clear();
}

class AbortController {
  #signal;

  get signal() {
    this.#signal ??= createSignal();
    return this.#signal;
  }

  abort(reason = abortReason()) {
    abort(this.signal, reason);
  }

  [kInspect](depth, options, inspect) {
    return shown(this, { signal: this.signal }, depth, options, inspect);
  }
}
for (const name of ['signal', 'abort']) Object.defineProperty(AbortController.prototype, name, { enumerable: true });
Object.defineProperty(AbortController.prototype, Symbol.toStringTag, { value: 'AbortController', configurable: true });

/** util.aborted: resolved when the signal aborts. */
async function aborted(signal, resource) {
  if (signal?.[kState] === undefined) throw new codes.ERR_INVALID_ARG_TYPE('signal', 'AbortSignal', signal);
  require('internal/validators').validateObject(resource, 'resource', { array: true, func: true });
  if (signal.aborted) return undefined;
  return new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
}

module.exports = { AbortController, AbortSignal, aborted };
