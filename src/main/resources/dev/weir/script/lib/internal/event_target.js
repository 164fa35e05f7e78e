'use strict';
// Event, CustomEvent, EventTarget, and NodeEventTarget (an EventTarget with a few of EventEmitter's methods).

const EventEmitter = require('events');
const { codes } = require('internal/errors');
const { validateAbortSignal, validateObject, validateString } = require('internal/validators');

const { kMaxEventTargetListeners, kMaxEventTargetListenersWarned } = EventEmitter;
const kEvents = Symbol('kEvents');
const kHandlers = Symbol('kHandlers');
const kResistStopPropagation = Symbol('kResistStopPropagation');
const kIsEventTarget = Symbol.for('nodejs.event_target');
const kInspect = Symbol.for('nodejs.util.inspect.custom');
const kNodeStyle = Symbol('kIsNodeStyleListener');
const kTrusted = Symbol('kTrustEvent');
const kState = Symbol('kState'); // of an event under way: {target, dispatched, stopped}

function shown(self, fields, depth, options, inspect) {
  if (depth < 0) return self.constructor.name;
  const deeper = { ...options, depth: Number.isInteger(options.depth) ? options.depth - 1 : options.depth };
  return `${self.constructor.name} ${inspect(fields, deeper)}`;
}

const enumerable = (prototype, ...names) => {
  for (const name of names) Object.defineProperty(prototype, name, { enumerable: true });
};
const tag = (Class) =>
  Object.defineProperty(Class.prototype, Symbol.toStringTag, { value: Class.name, configurable: true });

class Event {
  #type;
  #bubbles;
  #cancelable;
  #composed;
  #prevented = false;
  #stopped = false;
  #timeStamp = require('perf_hooks').performance.now();

  constructor(type, options = undefined) {
    if (arguments.length === 0) throw new codes.ERR_MISSING_ARGS('type');
    if (options != null) validateObject(options, 'options');
    this.#type = `${type}`;
    this.#bubbles = !!options?.bubbles;
    this.#cancelable = !!options?.cancelable;
    this.#composed = !!options?.composed;
    const state = { target: null, dispatched: false, stopped: false, trusted: !!options?.[kTrusted] };
    Object.defineProperty(this, kState, { value: state });
  }

  initEvent(type, bubbles = false, cancelable = false) {
    if (arguments.length === 0) throw new codes.ERR_MISSING_ARGS('type');
    if (this[kState].dispatched) return;
    this.#type = `${type}`;
    this.#bubbles = !!bubbles;
    this.#cancelable = !!cancelable;
  }

  [kInspect](depth, options, inspect) {
    const { type, timeStamp } = this;
    const fields = { type, defaultPrevented: this.#prevented, cancelable: this.#cancelable, timeStamp };
    return shown(this, fields, depth, options, inspect);
  }

  stopImmediatePropagation() {
    this.#stopped = true;
    this[kState].stopped = true;
  }
  preventDefault() { this.#prevented = true; }
  stopPropagation() { this.#stopped = true; }
  composedPath() { return this[kState].dispatched ? [this[kState].target] : []; }

  get type() { return this.#type; }
  get target() { return this[kState].target; }
  get currentTarget() { return this[kState].dispatched ? this[kState].target : null; }
  get srcElement() { return this[kState].target; }
  get cancelable() { return this.#cancelable; }
  get defaultPrevented() { return this.#cancelable && this.#prevented; }
  get timeStamp() { return this.#timeStamp; }
  get returnValue() { return !this.#cancelable || !this.#prevented; }
  get bubbles() { return this.#bubbles; }
  get composed() { return this.#composed; }
  get eventPhase() { return this[kState].dispatched ? Event.AT_TARGET : Event.NONE; }
  get cancelBubble() { return this.#stopped; }
  set cancelBubble(value) { if (value) this.#stopped = true; }
  get isTrusted() { return this[kState].trusted; }
}
tag(Event);
enumerable(Event.prototype, 'initEvent', 'stopImmediatePropagation', 'preventDefault', 'target', 'currentTarget',
  'srcElement', 'type', 'cancelable', 'defaultPrevented', 'timeStamp', 'composedPath', 'returnValue', 'bubbles',
  'composed', 'eventPhase', 'cancelBubble', 'stopPropagation', 'isTrusted');
['NONE', 'CAPTURING_PHASE', 'AT_TARGET', 'BUBBLING_PHASE'].forEach((name, value) =>
  Object.defineProperty(Event, name, { value, enumerable: true }));

class CustomEvent extends Event {
  #detail;

  constructor(type, options = undefined) {
    if (arguments.length === 0) throw new codes.ERR_MISSING_ARGS('type');
    super(type, options);
    this.#detail = options?.detail ?? null;
  }

  get detail() { return this.#detail; }
}
tag(CustomEvent);
enumerable(CustomEvent.prototype, 'detail');

function throwLater(error) {
  process.nextTick(() => {
    throw error;
  });
}

function callbackOf(listener) {
  if (typeof listener === 'function') return listener;
  return async function handleEvent(...args) {
    if (listener.handleEvent) await listener.handleEvent(...args);
  };
}

function isListener(listener) {
  if (listener == null) return false;
  if (typeof listener === 'function' || typeof listener === 'object') return true;
  throw new codes.ERR_INVALID_ARG_TYPE('listener', 'EventListener', listener);
}

function listenerOptions(options) {
  if (typeof options === 'boolean') return { capture: options };
  if (options == null) return {};
  validateObject(options, 'options', { array: true, func: true });
  return {
    once: Boolean(options.once),
    capture: Boolean(options.capture),
    passive: Boolean(options.passive),
    signal: options.signal,
    resist: Boolean(options[kResistStopPropagation]),
    nodeStyle: Boolean(options[kNodeStyle]),
  };
}

const mustBeTarget = (value, type = 'EventTarget') => {
  if (!isEventTarget(value)) throw new codes.ERR_INVALID_THIS(type);
};

/** Listeners of a type are kept in their order of arrival; one taken away during a dispatch is not called any more. */
class EventTarget {
  static [kIsEventTarget] = true;

  constructor() {
    initEventTarget(this);
  }

  addEventListener(type, listener, options = undefined) {
    mustBeTarget(this);
    if (arguments.length < 2) throw new codes.ERR_MISSING_ARGS('type', 'listener');
    const flags = listenerOptions(options);
    validateAbortSignal(flags.signal, 'options.signal');
    if (flags.signal?.aborted) return;
    flags.signal?.addEventListener('abort', () => this.removeEventListener(type, listener, options),
      { once: true, [kResistStopPropagation]: true });
    if (!isListener(listener)) {
      const warning = new Error(`addEventListener called with ${listener} which has no effect.`);
      Object.assign(warning, { name: 'AddEventListenerArgumentTypeWarning', target: this, type });
      process.emitWarning(warning);
      return;
    }
    const name = String(type);
    const list = this[kEvents].get(name) ?? [];
    const capture = Boolean(flags.capture);
    if (list.some((each) => each.listener === listener && each.capture === capture)) return;
    list.push({ ...flags, listener, capture, callback: callbackOf(listener), removed: false });
    this[kEvents].set(name, list);
    warnOfLeak(this, name, list.length);
  }

  removeEventListener(type, listener, options = undefined) {
    mustBeTarget(this);
    if (arguments.length < 2) throw new codes.ERR_MISSING_ARGS('type', 'listener');
    if (!isListener(listener)) return;
    const capture = options === true || options?.capture === true;
    const list = this[kEvents].get(String(type)) ?? [];
    drop(this, String(type), list.find((each) => each.listener === listener && each.capture === capture));
  }

  dispatchEvent(event) {
    mustBeTarget(this);
    if (arguments.length < 1) throw new codes.ERR_MISSING_ARGS('event');
    if (!(event instanceof Event)) throw new codes.ERR_INVALID_ARG_TYPE('event', 'Event', event);
    if (event[kState].dispatched) throw new codes.ERR_EVENT_RECURSION(event.type);
    dispatch(this, event.type, event, () => event);
    return event.defaultPrevented !== true;
  }

  [kInspect](depth, options, inspect) {
    return shown(this, {}, depth, options, inspect);
  }
}
tag(EventTarget);
enumerable(EventTarget.prototype, 'addEventListener', 'removeEventListener', 'dispatchEvent');

function drop(target, type, entry) {
  if (entry === undefined) return;
  entry.removed = true;
  const rest = target[kEvents].get(type).filter((each) => each !== entry);
  if (rest.length > 0) target[kEvents].set(type, rest);
  else target[kEvents].delete(type);
}

function dispatch(target, type, nodeValue, eventFor) {
  let event;
  const begin = () => {
    event ??= eventFor();
    Object.assign(event[kState], { target, dispatched: true });
    return event;
  };
  if (nodeValue instanceof Event) begin();
  for (const entry of [...(target[kEvents].get(type) ?? [])]) {
    if (entry.removed || (event?.[kState].stopped && !entry.resist)) continue;
    if (entry.once) drop(target, type, entry);
    try {
      const result = entry.callback.call(target, entry.nodeStyle ? nodeValue : begin());
      if (typeof result?.then === 'function') result.then(undefined, throwLater);
    } catch (error) {
      throwLater(error);
    }
  }
  if (event) event[kState].dispatched = false;
}

function warnOfLeak(target, type, count) {
  const max = target[kMaxEventTargetListeners];
  if (!(max > 0 && count > max) || target[kMaxEventTargetListenersWarned]) return;
  target[kMaxEventTargetListenersWarned] = true;
  const name = require('internal/util/inspect').inspect(target, { depth: -1 });
  const warning = new Error(`Possible EventTarget memory leak detected. ${count} ${type} listeners added to ${name}. ` +
    `MaxListeners is ${max}. Use events.setMaxListeners() to increase limit`);
  Object.assign(warning, { name: 'MaxListenersExceededWarning', target, type, count });
  process.emitWarning(warning);
}

function initEventTarget(self) {
  const hidden = (key, value) => Object.defineProperty(self, key, { value, writable: true, configurable: true });
  hidden(kEvents, new Map());
  hidden(kHandlers, new Map());
  hidden(kMaxEventTargetListeners, EventEmitter.defaultMaxListeners);
  hidden(kMaxEventTargetListenersWarned, false);
}

class NodeEventTarget extends EventTarget {
  static defaultMaxListeners = 10;

  setMaxListeners(n) { EventEmitter.setMaxListeners(n, this); }
  getMaxListeners() { return this[kMaxEventTargetListeners]; }
  eventNames() { return [...this[kEvents].keys()]; }
  listenerCount(type) { return this[kEvents].get(String(type))?.length ?? 0; }

  removeListener(type, listener, options) {
    this.removeEventListener(type, listener, options);
    return this;
  }
  off(type, listener, options) { return this.removeListener(type, listener, options); }

  addListener(type, listener) {
    this.addEventListener(type, listener, { [kNodeStyle]: true });
    return this;
  }
  on(type, listener) { return this.addListener(type, listener); }

  once(type, listener) {
    this.addEventListener(type, listener, { once: true, [kNodeStyle]: true });
    return this;
  }

  emit(type, value) {
    validateString(type, 'type');
    const heard = this.listenerCount(type) > 0;
    dispatch(this, type, value, () => new CustomEvent(type, { detail: value }));
    return heard;
  }

  removeAllListeners(type) {
    if (type === undefined) this[kEvents].clear();
    else this[kEvents].delete(String(type));
    return this;
  }
}
enumerable(NodeEventTarget.prototype, 'setMaxListeners', 'getMaxListeners', 'eventNames', 'listenerCount', 'off',
  'removeListener', 'on', 'addListener', 'once', 'emit', 'removeAllListeners');

function isEventTarget(value) {
  return Boolean(value?.constructor?.[kIsEventTarget]) && value[kEvents] !== undefined;
}

function listenersOf(target, type) {
  return (target[kEvents].get(type) ?? []).map((each) => each.listener);
}

/** Gives a prototype an `onNAME` attribute: at most one handler, called at its first setting's place in the order. */
function defineEventHandler(prototype, name, event = name) {
  const property = `on${name}`;
  const get = function () {
    return this[kHandlers]?.get(event)?.handler ?? null;
  };
  const set = function (value) {
    let wrapper = this[kHandlers].get(event);
    if (wrapper === undefined) {
      wrapper = function (...args) {
        return typeof wrapper.handler === 'function' ? wrapper.handler.apply(this, args) : undefined;
      };
      this.addEventListener(event, wrapper);
      this[kHandlers].set(event, wrapper);
    }
    wrapper.handler = value;
  };
  Object.defineProperty(prototype, property, { get, set, configurable: true, enumerable: true });
}

module.exports = {
  Event,
  CustomEvent,
  EventTarget,
  NodeEventTarget,
  defineEventHandler,
  initEventTarget,
  isEventTarget,
  listenersOf,
  kEvents,
  kTrusted,
  kResistStopPropagation,
};
