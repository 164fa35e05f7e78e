'use strict';
// The event bus and the deployments of Vert.x, in the words of its JavaScript: methods rather than properties, as everywhere in Vert.x.
// What returns later returns a promise; a callback `(result, error)`, as of old, is called as well.

const native = binding('vertx');
const DEFAULT_TIMEOUT_MILLIS = 30_000;
const FAILURE_TYPES = { no_handlers: 'NO_HANDLERS', timeout: 'TIMEOUT', recipient_failure: 'RECIPIENT_FAILURE' };

class ReplyError extends Error {
  constructor(code, message, number) {
    super(message);
    this.name = 'ReplyError';
    this.code = code;
    this.failureCode = number;
    this.failureType = FAILURE_TYPES[code] ?? 'ERROR';
  }
}

function asked(call, read = (result) => result, callback = undefined) {
  const promise = new Promise((resolve, reject) => {
    call((code, message, result, number) => (code === null ? resolve(read(result)) : reject(new ReplyError(code, message, number))));
  });
  if (typeof callback !== 'function') return promise;
  promise.then((result) => callback(result, undefined), (error) => callback(undefined, error));
  return undefined;
}

function withGet(headers) {
  const lower = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  return Object.defineProperty(headers, 'get', { value: (name) => lower.get(String(name).toLowerCase()) });
}

const kBody = Symbol('body');
const headersRead = new WeakMap();

/** The host makes them: it knows of each which message of its own it stands for. */
class Message {
  constructor() {
    throw new TypeError('messages come from the event bus');
  }

  address() {
    return native.address(this);
  }

  body() {
    return this[kBody];
  }

  headers() {
    let headers = headersRead.get(this);
    if (headers === undefined) headersRead.set(this, (headers = withGet(JSON.parse(native.headers(this) ?? '{}'))));
    return headers;
  }

  replyAddress() {
    return native.replyAddress(this) ?? undefined;
  }

  isSend() {
    return native.isSend(this);
  }

  reply(body, options) {
    const headers = options === undefined ? null : headersOf(options);
    if (typeof body === 'object' && body !== null) native.replyObject(this, body, headers);
    else native.reply(this, body, headers);
  }

  replyAndRequest(body, options = {}) {
    return asked((done) => native.replyAndRequest(this, body, headersOf(options), timeoutOf(options), done));
  }

  fail(failureCode, message) {
    if (!Number.isInteger(failureCode)) throw new TypeError(`fail: the code is a whole number, not ${failureCode}`);
    native.fail(this, failureCode, String(message));
  }
}
native.messages(Message.prototype, { [kBody]: undefined }, (message, body) => {
  message[kBody] = body;
});

function headersOf(options) {
  return options?.headers === undefined ? null : JSON.stringify(options.headers);
}

function timeoutOf({ timeout, sendTimeout } = {}) {
  return timeout ?? sendTimeout ?? DEFAULT_TIMEOUT_MILLIS;
}

class MessageConsumer {
  #address;
  #local;
  #host;

  constructor(address, local) {
    this.#address = address;
    this.#local = local;
  }

  address() {
    return this.#address;
  }

  isRegistered() {
    return this.#host !== undefined;
  }

  handler(handler) {
    if (typeof handler !== 'function') throw new TypeError(`a handler is a function, not ${typeof handler}`);
    if (this.#host !== undefined) throw new Error(`the consumer of '${this.#address}' has a handler`);
    this.#host = native.consumer(this.#address, this.#local, handler);
    return this;
  }

  /** Resolves once the whole cluster knows of it. */
  completion() {
    if (this.#host === undefined) return Promise.reject(new Error(`the consumer of '${this.#address}' has no handler`));
    return asked((done) => this.#host.completion(done));
  }

  completionHandler(callback) {
    this.completion().then(() => callback(undefined, undefined), (error) => callback(undefined, error));
    return this;
  }

  unregister(callback) {
    const host = this.#host;
    this.#host = undefined;
    return host === undefined ? Promise.resolve() : asked((done) => host.unregister(done), undefined, callback);
  }
}

/** Called or not: `vertx.eventBus().send(...)` and `vertx.eventBus.send(...)` are the same. */
const eventBus = () => eventBus;

function consume(address, handler, local) {
  const consumer = new MessageConsumer(checked(address), local);
  return handler === undefined ? consumer : consumer.handler(handler);
}

Object.assign(eventBus, {
  consumer: (address, handler) => consume(address, handler, false),
  localConsumer: (address, handler) => consume(address, handler, true),
  publish(address, body, options) {
    native.publish(checked(address), body, headersOf(options));
    return eventBus;
  },
  send(address, body, options, callback = options) {
    if (typeof callback === 'function') return eventBus.request(address, body, typeof options === 'function' ? {} : options, callback);
    native.send(checked(address), body, headersOf(options));
    return eventBus;
  },
  request(address, body, options = {}, callback = options) {
    const how = typeof options === 'function' ? {} : options;
    return asked((done) => native.request(checked(address), body, headersOf(how), timeoutOf(how), done), undefined, callback);
  },
});

function checked(address) {
  if (typeof address === 'string') return address;
  throw new TypeError(`an address is a string, not ${address === null ? 'null' : typeof address}`);
}

const timers = new Map();
let lastTimer = 0;

function timer(set, clear, millis, handler, once) {
  if (typeof handler !== 'function') throw new TypeError(`a handler is a function, not ${typeof handler}`);
  const id = ++lastTimer;
  const running = set(() => {
    if (once) timers.delete(id);
    handler(id);
  }, millis);
  timers.set(id, () => clear(running));
  return id;
}

module.exports = {
  eventBus,
  /** Deploys `js:FILE` or a class; the promise is that of its id. Options: `{config, instances, worker}`. */
  deployVerticle(name, options, callback = options) {
    const how = typeof options === 'function' || options === undefined ? null : JSON.stringify(options);
    return asked((done) => native.deploy(String(name), how, done), undefined, callback);
  },
  undeploy: (id, callback) => asked((done) => native.undeploy(String(id), done), undefined, callback),
  deploymentID: () => native.deploymentId(),
  setTimer: (millis, handler) => timer(setTimeout, clearTimeout, millis, handler, true),
  setPeriodic: (millis, handler) => timer(setInterval, clearInterval, millis, handler, false),
  cancelTimer(id) {
    const cancel = timers.get(id);
    timers.delete(id);
    cancel?.();
    return cancel !== undefined;
  },
  runOnContext(handler) {
    setImmediate(handler);
  },
  ReplyError,
};
