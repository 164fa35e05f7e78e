'use strict';

// Hash and Hmac: `update` and `digest`, or a stream written to and read from.

const { coded, invalidType, viewOf, utf8 } = require('internal/io');

const host = binding('crypto');
const TEXTS = new Set(['hex', 'base64', 'base64url']);

/**
 * Most digests are updated and read and never used as the streams they are: streams are loaded, and this made one, when the
 * first of a stream's methods is asked for.
 */
class Digest {
  constructor(handle, options) {
    Object.defineProperty(this, 'handle', { value: handle });
    Object.defineProperty(this, 'done', { value: false, writable: true });
    Object.defineProperty(this, 'options', { value: options });
  }

  update(data, encoding) {
    if (this.done) throw finalized();
    if (typeof data === 'string') {
      if (utf8(encoding)) this.handle.text(data);
      else this.take(Buffer.from(data, encoding));
      return this;
    }
    const view = data instanceof ArrayBuffer ? undefined : viewOf(data);
    if (view === undefined) {
      throw invalidType('data', 'of type string or an instance of Buffer, TypedArray, or DataView', data);
    }
    this.take(view);
    return this;
  }

  take(view) {
    this.handle.update(view.buffer, view.byteOffset, view.byteLength);
  }

  result(encoding) {
    this.done = true;
    if (TEXTS.has(encoding)) return this.handle.encoded(encoding);
    const bytes = Buffer.from(new ArrayBuffer(this.handle.digest()));
    return encoding && encoding !== 'buffer' ? bytes.toString(encoding) : bytes;
  }

  _transform(chunk, encoding, callback) {
    this.update(chunk, encoding);
    callback();
  }

  _flush(callback) {
    this.push(this.result());
    callback();
  }
}

const kStream = Symbol('stream');
let streams;

/** Makes a digest the stream it is. */
function asStream(digest) {
  if (streams === undefined) {
    streams = require('stream').Transform;
    Object.setPrototypeOf(Digest.prototype, streams.prototype);
  }
  if (!digest[kStream]) {
    Object.defineProperty(digest, kStream, { value: true });
    streams.call(digest, digest.options);
  }
  return streams.prototype;
}

const STREAM = ['write', 'end', 'pipe', 'read', 'on', 'once', 'addListener', 'prependListener', 'emit', 'off', 'removeListener', 'setEncoding', 'resume', 'pause', 'destroy', 'push', 'cork', 'uncork', 'unpipe', 'readable', 'writable', 'destroyed', 'readableFlowing', Symbol.asyncIterator];
for (const name of STREAM) {
  Object.defineProperty(Digest.prototype, name, {
    configurable: true,
    get() {
      return Reflect.get(asStream(this), name, this);
    },
    set(value) {
      Reflect.set(asStream(this), name, value, this);
    },
  });
}

function finalized() {
  return coded(Error, 'ERR_CRYPTO_HASH_FINALIZED', 'Digest already called');
}

class Hash extends Digest {
  constructor(algorithm, options) {
    const given = algorithm instanceof Copy ? algorithm.handle : undefined;
    if (!given && typeof algorithm !== 'string') throw invalidType('algorithm', 'of type string', algorithm);
    const handle = given || host.hash(algorithm);
    if (handle === null) throw new Error('Digest method not supported');
    super(handle, options);
  }

  copy(options) {
    if (this.done) throw finalized();
    return new Hash(new Copy(this.handle.copy()), options);
  }

  digest(encoding) {
    if (this.done) throw finalized();
    return this.result(encoding);
  }
}

class Copy {
  constructor(handle) {
    this.handle = handle;
  }
}

class Hmac extends Digest {
  constructor(algorithm, key, options) {
    if (typeof algorithm !== 'string') throw invalidType('hmac', 'of type string', algorithm);
    const view = typeof key === 'string' ? Buffer.from(key, options && options.encoding) : viewOf(key);
    if (view === undefined) {
      throw invalidType('key', 'of type string or an instance of ArrayBuffer, Buffer, TypedArray, DataView, KeyObject, or CryptoKey', key);
    }
    const handle = host.hmac(algorithm, view.buffer, view.byteOffset, view.byteLength);
    if (handle === null) throw coded(TypeError, 'ERR_CRYPTO_INVALID_DIGEST', `Invalid digest: ${algorithm}`);
    super(handle, options);
  }

  digest(encoding) {
    if (!this.done) return this.result(encoding);
    return encoding && encoding !== 'buffer' ? '' : Buffer.from('');
  }
}

module.exports = { Hash, Hmac };
