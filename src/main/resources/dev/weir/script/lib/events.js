'use strict';
// Node's `events`: EventEmitter and the functions around it. Its async halves (`once`, `on`) are in internal/events_async.

const { codes } = require('internal/errors');
const { validateBoolean, validateFunction, validateNumber } = require('internal/validators');

const kCapture = Symbol('kCapture');
const kShapeMode = Symbol('shapeMode');
const kErrorMonitor = Symbol('events.errorMonitor');
const kRejection = Symbol.for('nodejs.rejection');
const kMaxEventTargetListeners = Symbol('events.maxEventTargetListeners');
const kMaxEventTargetListenersWarned = Symbol('events.maxEventTargetListenersWarned');

let defaultMaxListeners = 10;

function EventEmitter(options) {
  EventEmitter.init.call(this, options);
}
module.exports = EventEmitter;

const proto = EventEmitter.prototype;
proto._events = undefined;
proto._eventsCount = 0;
proto._maxListeners = undefined;
Object.defineProperty(proto, kCapture, { value: false, writable: true, enumerable: false });

EventEmitter.init = function init(options) {
  if (this._events === undefined || this._events === Object.getPrototypeOf(this)._events) {
    this._events = { __proto__: null };
    this._eventsCount = 0;
    this[kShapeMode] = false;
  } else {
    this[kShapeMode] = true;
  }
  this._maxListeners = this._maxListeners || undefined;
  if (options?.captureRejections) {
    validateBoolean(options.captureRejections, 'options.captureRejections');
    this[kCapture] = true;
  } else {
    this[kCapture] = proto[kCapture];
  }
};

// ---- emitting

function handleRejection(emitter, error, type, args) {
  if (typeof emitter[kRejection] === 'function') {
    emitter[kRejection](error, type, ...args);
    return;
  }
  const before = emitter[kCapture];
  try {
    emitter[kCapture] = false; // a rejecting 'error' listener must not come round again
    emitter.emit('error', error);
  } finally {
    emitter[kCapture] = before;
  }
}

function watchResult(emitter, result, type, args) {
  if (!emitter[kCapture]) return;
  try {
    const { then } = result;
    if (typeof then === 'function') {
      then.call(result, undefined, (error) => process.nextTick(handleRejection, emitter, error, type, args));
    }
  } catch (error) {
    emitter.emit('error', error);
  }
}

function throwUnhandled(error) {
  if (error instanceof Error) throw error;
  let shown;
  try {
    shown = require('internal/util/inspect').inspect(error);
  } catch {
    shown = error;
  }
  const unhandled = new codes.ERR_UNHANDLED_ERROR(shown);
  unhandled.context = error;
  throw unhandled;
}

proto.emit = function emit(type, ...args) {
  const events = this._events;
  if (type === 'error') {
    if (events !== undefined && events[kErrorMonitor] !== undefined) this.emit(kErrorMonitor, ...args);
    if (events === undefined || events.error === undefined) throwUnhandled(args[0]);
  } else if (events === undefined) {
    return false;
  }
  const handler = events[type];
  if (handler === undefined) return false;
  if (typeof handler === 'function') {
    const result = handler.apply(this, args);
    if (result !== undefined && result !== null) watchResult(this, result, type, args);
    return true;
  }
  const listeners = handler.slice(); // listeners added or removed meanwhile count from the next emit on
  for (let i = 0; i < listeners.length; i++) {
    const result = listeners[i].apply(this, args);
    if (result !== undefined && result !== null) watchResult(this, result, type, args);
  }
  return true;
};

// ---- listeners

function maxListenersOf(emitter) {
  return emitter._maxListeners === undefined ? EventEmitter.defaultMaxListeners : emitter._maxListeners;
}

function warnOfLeak(emitter, type, list, max) {
  list.warned = true;
  const name = require('internal/util/inspect').inspect(emitter, { depth: -1 });
  const warning = new Error(`Possible EventEmitter memory leak detected. ${list.length} ${String(type)} listeners ` +
    `added to ${name}. MaxListeners is ${max}. Use emitter.setMaxListeners() to increase limit`);
  Object.assign(warning, { name: 'MaxListenersExceededWarning', emitter, type, count: list.length });
  process.emitWarning(warning);
}

function add(emitter, type, listener, first) {
  validateFunction(listener, 'listener');
  let events = emitter._events;
  if (events === undefined) {
    events = emitter._events = { __proto__: null };
    emitter._eventsCount = 0;
  } else if (events.newListener !== undefined) {
    emitter.emit('newListener', type, listener.listener ?? listener);
    events = emitter._events; // the newListener handler may have replaced it
  }
  let existing = events[type];
  if (existing === undefined) {
    events[type] = listener;
    emitter._eventsCount++;
    return emitter;
  }
  if (typeof existing === 'function') existing = events[type] = first ? [listener, existing] : [existing, listener];
  else if (first) existing.unshift(listener);
  else existing.push(listener);
  const max = maxListenersOf(emitter);
  if (max > 0 && existing.length > max && !existing.warned) warnOfLeak(emitter, type, existing, max);
  return emitter;
}

function runOnce(...args) {
  if (this.fired) return undefined;
  this.target.removeListener(this.type, this.wrapped);
  this.fired = true;
  return this.listener.apply(this.target, args);
}

function onceWrap(target, type, listener) {
  validateFunction(listener, 'listener');
  const state = { fired: false, wrapped: undefined, target, type, listener };
  state.wrapped = runOnce.bind(state);
  state.wrapped.listener = listener;
  return state.wrapped;
}

proto.addListener = function addListener(type, listener) {
  return add(this, type, listener, false);
};
proto.on = proto.addListener;

proto.prependListener = function prependListener(type, listener) {
  return add(this, type, listener, true);
};

proto.once = function once(type, listener) {
  return this.on(type, onceWrap(this, type, listener));
};

proto.prependOnceListener = function prependOnceListener(type, listener) {
  return this.prependListener(type, onceWrap(this, type, listener));
};

function dropType(emitter, events, type) {
  emitter._eventsCount -= 1;
  if (emitter[kShapeMode]) events[type] = undefined;
  else if (emitter._eventsCount === 0) emitter._events = { __proto__: null };
  else delete events[type];
}

proto.removeListener = function removeListener(type, listener) {
  validateFunction(listener, 'listener');
  const events = this._events;
  const list = events?.[type];
  if (list === undefined) return this;
  if (list === listener || list.listener === listener) {
    dropType(this, events, type);
    if (events.removeListener !== undefined && this._eventsCount > 0) {
      this.emit('removeListener', type, list.listener || listener);
    }
    return this;
  }
  if (typeof list === 'function') return this;
  const at = list.findLastIndex((each) => each === listener || each.listener === listener);
  if (at < 0) return this;
  list.splice(at, 1);
  if (list.length === 1) events[type] = list[0];
  if (events.removeListener !== undefined) this.emit('removeListener', type, listener);
  return this;
};
proto.off = proto.removeListener;

function forgetAll(emitter) {
  emitter._events = { __proto__: null };
  emitter._eventsCount = 0;
  emitter[kShapeMode] = false;
  return emitter;
}

proto.removeAllListeners = function removeAllListeners(type) {
  const events = this._events;
  if (events === undefined) return this;
  if (events.removeListener === undefined) {
    if (arguments.length === 0) return forgetAll(this);
    if (events[type] !== undefined) {
      if (--this._eventsCount === 0) this._events = { __proto__: null };
      else delete events[type];
    }
    this[kShapeMode] = false;
    return this;
  }
  if (arguments.length === 0) { // every listener's removal is told, newest first
    for (const key of Reflect.ownKeys(events)) {
      if (key !== 'removeListener') this.removeAllListeners(key);
    }
    this.removeAllListeners('removeListener');
    return forgetAll(this);
  }
  const listeners = events[type];
  if (typeof listeners === 'function') this.removeListener(type, listeners);
  else for (let i = (listeners?.length ?? 0) - 1; i >= 0; i--) this.removeListener(type, listeners[i]);
  return this;
};

proto.setMaxListeners = function setMaxListeners(n) {
  validateNumber(n, 'setMaxListeners', 0);
  this._maxListeners = n;
  return this;
};

proto.getMaxListeners = function getMaxListeners() {
  return maxListenersOf(this);
};

const listOf = (emitter, type) => {
  const found = emitter._events?.[type];
  return found === undefined ? [] : [].concat(found);
};

proto.listeners = function listeners(type) {
  return listOf(this, type).map((each) => (typeof each.listener === 'function' ? each.listener : each));
};

proto.rawListeners = function rawListeners(type) {
  return listOf(this, type);
};

proto.listenerCount = function listenerCount(type, listener) {
  const found = this._events?.[type];
  if (found === undefined) return 0;
  if (listener == null) return typeof found === 'function' ? 1 : found.length;
  return [].concat(found).filter((each) => each === listener || each.listener === listener).length;
};

proto.eventNames = function eventNames() {
  return this._eventsCount > 0 ? Reflect.ownKeys(this._events) : [];
};

// ---- functions of the module

function setMaxListeners(n = defaultMaxListeners, ...targets) {
  validateNumber(n, 'setMaxListeners', 0);
  if (targets.length === 0) defaultMaxListeners = n;
  for (const target of targets) {
    if (isEventTarget(target)) {
      target[kMaxEventTargetListeners] = n;
      target[kMaxEventTargetListenersWarned] = false;
    } else if (typeof target.setMaxListeners === 'function') {
      target.setMaxListeners(n);
    } else {
      throw new codes.ERR_INVALID_ARG_TYPE('eventTargets', ['EventEmitter', 'EventTarget'], target);
    }
  }
}

function getMaxListeners(target) {
  if (typeof target?.getMaxListeners === 'function') return maxListenersOf(target);
  if (target?.[kMaxEventTargetListeners]) return target[kMaxEventTargetListeners];
  throw new codes.ERR_INVALID_ARG_TYPE('emitter', ['EventEmitter', 'EventTarget'], target);
}

function isEventTarget(value) {
  return require('internal/event_target').isEventTarget(value);
}

function getEventListeners(target, type) {
  if (typeof target.listeners === 'function') return target.listeners(type);
  if (isEventTarget(target)) return require('internal/event_target').listenersOf(target, type);
  throw new codes.ERR_INVALID_ARG_TYPE('emitter', ['EventEmitter', 'EventTarget'], target);
}

function addAbortListener(signal, listener) {
  return require('internal/events_async').addAbortListener(signal, listener);
}

/** Rejects on 'error' (unless that is what is waited for) and on abort. */
async function once(emitter, name, options) {
  return require('internal/events_async').once(emitter, name, options);
}

function on(emitter, event, options) {
  return require('internal/events_async').on(emitter, event, options);
}

Object.assign(EventEmitter, {
  addAbortListener,
  once,
  on,
  getEventListeners,
  getMaxListeners,
  EventEmitter,
  usingDomains: false,
  captureRejectionSymbol: kRejection,
});
Object.defineProperty(EventEmitter, 'captureRejections', {
  get: () => proto[kCapture],
  set(value) {
    validateBoolean(value, 'EventEmitter.captureRejections');
    proto[kCapture] = value;
  },
  enumerable: true,
});
EventEmitter.errorMonitor = kErrorMonitor;
Object.defineProperty(EventEmitter, 'defaultMaxListeners', {
  get: () => defaultMaxListeners,
  set(value) {
    validateNumber(value, 'defaultMaxListeners', 0);
    defaultMaxListeners = value;
  },
  enumerable: true,
});
Object.defineProperties(EventEmitter, {
  kMaxEventTargetListeners: { value: kMaxEventTargetListeners },
  kMaxEventTargetListenersWarned: { value: kMaxEventTargetListenersWarned },
});
EventEmitter.setMaxListeners = setMaxListeners;
EventEmitter.listenerCount = (emitter, type) =>
  (typeof emitter.listenerCount === 'function' ? emitter.listenerCount(type) : proto.listenerCount.call(emitter, type));
