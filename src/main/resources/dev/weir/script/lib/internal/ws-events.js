'use strict';

// The face of EventTarget that a WebSocket has besides EventEmitter's: addEventListener, onmessage and the rest.

class Event {
  constructor(type, target) {
    this.type = type;
    this.target = target;
  }
}

class MessageEvent extends Event {
  constructor(target, data) {
    super('message', target);
    this.data = data;
  }
}

class CloseEvent extends Event {
  constructor(target, code, reason, wasClean) {
    super('close', target);
    this.code = code;
    this.reason = reason;
    this.wasClean = wasClean;
  }
}

class ErrorEvent extends Event {
  constructor(target, error) {
    super('error', target);
    this.error = error;
    this.message = error.message;
  }
}

const MAKE = {
  open: (socket) => new Event('open', socket),
  message: (socket, data, binary) => new MessageEvent(socket, binary ? data : data.toString()),
  close: (socket, code, reason) => new CloseEvent(socket, code, reason.toString(), socket.closedCleanly),
  error: (socket, error) => new ErrorEvent(socket, error),
};

const kHandler = Symbol('handler');
const kAttribute = Symbol('attribute');

function listen(socket, type, handler, once, attribute) {
  const make = MAKE[type];
  if (make === undefined) return;
  const known = (listener) => listener[kHandler] === handler && !listener[kAttribute];
  if (!attribute && socket.listeners(type).some(known)) return;
  const listener = function (a, b) {
    const event = make(socket, a, b);
    if (typeof handler === 'object' && handler.handleEvent) handler.handleEvent(event);
    else handler.call(socket, event);
  };
  listener[kHandler] = handler;
  listener[kAttribute] = attribute;
  if (once) socket.once(type, listener);
  else socket.on(type, listener);
}

function mixin(prototype) {
  prototype.addEventListener = function addEventListener(type, handler, options = {}) {
    listen(this, type, handler, options.once === true, false);
  };
  prototype.removeEventListener = function removeEventListener(type, handler) {
    for (const listener of this.listeners(type)) {
      if (listener[kHandler] === handler && !listener[kAttribute]) {
        this.removeListener(type, listener);
        return;
      }
    }
  };
  for (const type of Object.keys(MAKE)) {
    Object.defineProperty(prototype, `on${type}`, {
      enumerable: true,
      configurable: true,
      get() {
        const found = this.listeners(type).find((listener) => listener[kAttribute]);
        return found === undefined ? null : found[kHandler];
      },
      set(handler) {
        for (const listener of this.listeners(type)) if (listener[kAttribute]) this.removeListener(type, listener);
        if (typeof handler === 'function') listen(this, type, handler, false, true);
      },
    });
  }
}

module.exports = { mixin, Event, MessageEvent, CloseEvent, ErrorEvent };
