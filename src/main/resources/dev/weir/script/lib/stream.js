'use strict';
// Node's streams: readable-stream is their own code. Its helpers are replaced by ours before its other files read them,
// so that errors, messages and `inspect` are the same objects and words as everywhere else.

const { codes, AbortError } = require('internal/errors');

const helpers = require('webjar:readable-stream/lib/ours/util.js');
Object.assign(helpers, {
  inspect: (value, options) => require('internal/util/inspect').inspect(value, options),
  format: (...args) => require('internal/util/format').format(...args),
  AggregateError,
  isBlob: (value) => typeof value?.arrayBuffer === 'function' && value instanceof require('buffer').Blob,
});
const errors = require('webjar:readable-stream/lib/ours/errors.js');
Object.assign(errors.codes, codes);
errors.AbortError = AbortError;

const Stream = require('webjar:readable-stream/lib/stream.js');

/** Two ends of one pipe: what is written to one is read from the other. */
function duplexPair(options) {
  const waiting = Symbol('waiting');
  class End extends Stream.Duplex {
    other;

    _read() {
      const callback = this[waiting];
      this[waiting] = undefined;
      callback?.();
    }

    _write(chunk, encoding, callback) {
      if (chunk.length === 0) {
        process.nextTick(callback);
        return;
      }
      this.other.push(chunk);
      this.other[waiting] = callback;
    }

    _final(callback) {
      this.other.on('end', callback);
      this.other.push(null);
    }
  }
  const left = new End(options);
  const right = new End(options);
  left.other = right;
  right.other = left;
  return [left, right];
}
Stream.duplexPair = duplexPair;
Stream._isArrayBufferView = ArrayBuffer.isView;

module.exports = Stream;
