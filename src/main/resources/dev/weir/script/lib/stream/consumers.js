'use strict';
// Reads a whole stream (or any async iterable) as one value.

const { Buffer } = require('buffer');
const { StringDecoder } = require('string_decoder');

async function buffer(stream) {
  const chunks = [];
  for await (const chunk of stream) chunks.push(typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
  return Buffer.concat(chunks);
}

async function text(stream) {
  const decoder = new StringDecoder('utf8');
  let result = '';
  for await (const chunk of stream) result += decoder.write(chunk);
  return result + decoder.end();
}

async function arrayBuffer(stream) {
  const { buffer: memory, byteOffset, byteLength } = await buffer(stream);
  return memory.slice(byteOffset, byteOffset + byteLength);
}

module.exports = {
  arrayBuffer,
  buffer,
  text,
  json: async (stream) => JSON.parse(await text(stream)),
  blob: async (stream) => new (require('buffer').Blob)([await buffer(stream)]),
};
