'use strict';

/** Gives a chunk to a method of Java's that takes text or memory. */
exports.give = function give(target, method, chunk, done) {
  if (chunk === undefined) target[method](null, null, 0, 0, done);
  else if (typeof chunk === 'string') target[method](chunk, null, 0, 0, done);
  else target[method](null, chunk.buffer, chunk.byteOffset, chunk.byteLength, done);
};
