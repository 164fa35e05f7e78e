'use strict';

// Hash and Hmac: `update` and `digest`, or a stream written to and read from.

const { Transform } = require('stream');
const { coded, invalidType, viewOf, utf8 } = require('internal/io');

const host = binding('crypto');
const TEXTS = new Set(['hex', 'base64', 'base64url']);

class Digest extends Transform {
  constructor(handle, options) {
    super(options);
    Object.defineProperty(this, 'handle', { value: handle });
    Object.defineProperty(this, 'done', { value: false, writable: true });
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
