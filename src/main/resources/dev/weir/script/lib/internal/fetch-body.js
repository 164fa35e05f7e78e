'use strict';

// Bodies of fetch. A body is whole (text or bytes), a stream of the script's, or arriving from a server.

const { fromHost, viewOf, networkError } = require('internal/io');
const { give } = require('internal/give');

const kBody = Symbol('body');
const kUsed = Symbol('used');
const MOST_COLLECTED = 512 * 1024 * 1024;

/** Text or bytes known as a whole. */
class WholeBody {
  constructor(data) {
    this.data = data;
    this.streams = false;
  }

  get length() {
    return typeof this.data === 'string' ? Buffer.byteLength(this.data) : this.data.byteLength;
  }

  async send(call) {
    give(call, 'end', this.data, () => {});
  }

  async text() {
    return typeof this.data === 'string' ? this.data : Buffer.from(this.data).toString();
  }

  async bytes() {
    return typeof this.data === 'string' ? Buffer.from(this.data) : Buffer.from(this.data);
  }

  async *pieces() {
    const bytes = await this.bytes();
    if (bytes.length > 0) yield new Uint8Array(bytes);
  }

  tee() {
    return [this, this];
  }
}

const emptyBody = new WholeBody('');

/** An async iterable, a stream of Node's included. */
class StreamedBody {
  constructor(source) {
    this.source = source;
    this.streams = true;
  }

  async send(call) {
    for await (const piece of this.source) {
      await new Promise((resolve) => {
        give(call, 'write', typeof piece === 'string' ? piece : viewOf(piece), resolve);
      });
    }
    call.end(null, null, 0, 0, () => {});
  }

  async bytes() {
    const all = [];
    for await (const piece of this.source) all.push(typeof piece === 'string' ? Buffer.from(piece) : Buffer.from(piece));
    return Buffer.concat(all);
  }

  async text() {
    return (await this.bytes()).toString();
  }

  async *pieces() {
    for await (const piece of this.source) yield typeof piece === 'string' ? Buffer.from(piece) : viewOf(piece);
  }

  tee() {
    const whole = this.bytes();
    return [new LaterBody(whole), new LaterBody(whole)];
  }
}

class LaterBody {
  constructor(promise) {
    this.promise = promise;
    this.streams = false;
  }

  async bytes() {
    return Buffer.from(await this.promise);
  }

  async text() {
    return (await this.promise).toString();
  }

  async *pieces() {
    yield await this.bytes();
  }

  tee() {
    return [this, this];
  }
}

/** What a server sends: read at once, or piece by piece as the script asks. */
class ArrivingBody {
  constructor(arriving, signal, abort) {
    this.arriving = arriving;
    this.signal = signal;
    this.abort = abort;
    this.streams = true;
    this.send = StreamedBody.prototype.send;
    this.stopped = () => {};
    this.onAbort = () => {
      abort();
      this.stopped(signal.reason);
    };
    signal.addEventListener('abort', this.onAbort, { once: true });
  }

  /** Nothing comes any more: a signal that lives on need not know this body. */
  over() {
    this.signal.removeEventListener('abort', this.onAbort);
  }

  get source() {
    return this.pieces();
  }

  collect(text) {
    return new Promise((resolve, reject) => {
      if (this.signal.aborted) throw this.signal.reason;
      this.stopped = reject;
      this.arriving.collect(text, MOST_COLLECTED, (whole) => {
        this.over();
        resolve(whole);
      }, (code, why) => {
        this.over();
        if (code === 'ERR_BODY_TOO_LARGE') this.abort();
        reject(terminated(code, why));
      });
    });
  }

  async text() {
    const text = await this.collect(true);
    return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  }

  async bytes() {
    return fromHost(await this.collect(false));
  }

  async *pieces() {
    const ready = [];
    let ended = false;
    let failure;
    let wake = () => {};
    this.arriving.listen(
      (bytes) => {
        ready.push(new Uint8Array(new ArrayBuffer(bytes)));
        wake();
      },
      () => {
        ended = true;
        wake();
      },
      (code, why) => {
        failure = terminated(code, why);
        wake();
      },
    );
    this.stopped = (reason) => {
      failure = reason;
      wake();
    };
    if (this.signal.aborted) failure = this.signal.reason;
    try {
      for (;;) {
        if (ready.length === 0 && !ended && failure === undefined) {
          const next = new Promise((resolve) => {
            wake = resolve;
          });
          this.arriving.fetch(1);
          await next;
        }
        if (ready.length > 0) yield ready.shift();
        else if (failure !== undefined) throw failure;
        else if (ended) return;
      }
    } finally {
      this.over();
      if (!ended) this.abort();
    }
  }

  tee() {
    const whole = this.bytes();
    whole.catch(() => {});
    return [new LaterBody(whole), new LaterBody(whole)];
  }
}

function terminated(code, why) {
  return new TypeError('terminated', { cause: networkError(code, 'read', '', 0, why) });
}

function received(arriving, none, signal, abort) {
  if (none) {
    arriving.drop();
    return emptyBody;
  }
  return new ArrivingBody(arriving, signal, abort);
}

/** What init.body is, with the content type it brings. */
function bodyOf(data, headers) {
  if (data === undefined || data === null) return emptyBody;
  const typed = (type) => {
    if (!headers.has('content-type')) headers.set('content-type', type);
  };
  if (typeof URLSearchParams === 'function' && data instanceof URLSearchParams) {
    typed('application/x-www-form-urlencoded;charset=UTF-8');
    return new WholeBody(String(data));
  }
  const view = viewOf(data);
  if (view !== undefined) return new WholeBody(Uint8Array.from(view));
  if (typeof data === 'object' && data instanceof Web) return data.body;
  if (typeof data === 'object' && typeof data[Symbol.asyncIterator] === 'function') return new StreamedBody(data);
  typed('text/plain;charset=UTF-8');
  return new WholeBody(String(data));
}

/** `response.body`: pieces by `for await` or by a reader. */
class Web {
  constructor(owner) {
    Object.defineProperty(this, 'owner', { value: owner });
    Object.defineProperty(this, 'iterator', { value: null, writable: true });
    this.locked = false;
  }

  get body() {
    return this.owner.take();
  }

  getReader() {
    if (this.locked) throw new TypeError('Invalid state: ReadableStream is locked');
    this.locked = true;
    const iterator = this[Symbol.asyncIterator]();
    return {
      read: async () => {
        const { value, done } = await iterator.next();
        return { value, done };
      },
      releaseLock: () => {
        this.locked = false;
      },
      cancel: () => this.cancel(),
      closed: new Promise(() => {}),
    };
  }

  async cancel() {
    await this[Symbol.asyncIterator]().return();
  }

  [Symbol.asyncIterator]() {
    if (this.iterator === null) this.iterator = this.owner.take().pieces();
    return this.iterator;
  }

  values() {
    return this[Symbol.asyncIterator]();
  }

  get [Symbol.toStringTag]() {
    return 'ReadableStream';
  }
}

const BODY = {
  take() {
    if (this[kUsed]) throw new TypeError('Body is unusable: Body has already been read');
    if (this[kBody] !== emptyBody) this[kUsed] = true;
    return this[kBody];
  },

  async text() {
    return this.take().text();
  },

  async json() {
    return JSON.parse(await this.take().text());
  },

  async bytes() {
    return new Uint8Array(await this.take().bytes());
  },

  async arrayBuffer() {
    const bytes = await this.take().bytes();
    return bytes.byteOffset === 0 && bytes.byteLength === bytes.buffer.byteLength
      ? bytes.buffer
      : bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  },
};

/** Gives Request and Response their ways to read a body. */
function mixin(prototype) {
  for (const name of Object.keys(BODY)) {
    Object.defineProperty(prototype, name, { value: BODY[name], writable: true, configurable: true, enumerable: name !== 'take' });
  }
  Object.defineProperty(prototype, 'bodyUsed', {
    configurable: true,
    enumerable: true,
    get() {
      return this[kUsed];
    },
  });
  Object.defineProperty(prototype, 'body', {
    configurable: true,
    enumerable: true,
    get() {
      if (this[kBody] === emptyBody) return null;
      const made = new Web(this);
      Object.defineProperty(this, 'body', { value: made, configurable: true, enumerable: true });
      return made;
    },
  });
}

module.exports = { bodyOf, received, mixin, kBody, kUsed, emptyBody };
