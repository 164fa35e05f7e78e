/** Between events and the frames of the bridge. Pure functions: no sockets, no clocks. */

const ATTRIBUTES = new Set(['id', 'source', 'type', 'subject', 'time', 'datacontenttype', 'dataschema', 'specversion']);

/** Types that are local to an emitter: they never travel. */
export const LOCAL_TYPES = new Set([
  'error', 'newListener', 'removeListener', 'connect', 'disconnect', 'reconnect', 'recovered',
]);

/** 36 characters, as the bridge wants its reply addresses. Works where `randomUUID` does not: pages without TLS. */
export function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** The frame that emits an event. */
export function publishFrame(address, type, data, { id, source, subject, key, time, deliverAt, deliverAfter, extensions, headers, trace }, replyAddress) {
  const frame = { type: 'publish', address, headers: { ...headers, 'ce-type': type, 'ce-id': id }, body: null, replyAddress };
  const later = { deliverat: textOf(deliverAt), deliverafter: typeof deliverAfter === 'number' ? `${Math.ceil(deliverAfter)}ms` : deliverAfter };
  const ce = { source, subject: subject ?? key, time: textOf(time), ...later, ...extensions };
  for (const [name, value] of Object.entries(ce)) if (value !== undefined) frame.headers[`ce-${name}`] = String(value);
  if (trace) frame.headers['weir-trace'] = '1';
  return withBody(frame, data);
}

/** The frame that takes back an event that was for later. */
export function cancelFrame(address, id, replyAddress) {
  return { type: 'publish', address, headers: { 'weir-cancel': id }, body: null, replyAddress };
}

/** The frame that asks a question; answered at `replyAddress`. */
export function requestFrame(address, data, { type, headers, trace }, replyAddress) {
  const frame = { type: 'send', address, headers: { ...headers }, body: null, replyAddress };
  if (type !== undefined) frame.headers['ce-type'] = type;
  if (trace) frame.headers['weir-trace'] = '1';
  return withBody(frame, data);
}

/** The frame that answers a question. */
export function replyFrame(address, data) {
  return withBody({ type: 'send', address, headers: {}, body: null }, data);
}

function textOf(time) {
  return time instanceof Date ? time.toISOString() : time;
}

function withBody(frame, data) {
  const bytes = bytesOf(data);
  frame.body = bytes ? { data_base64: toBase64(bytes) } : data ?? null;
  if (bytes) frame.headers['ce-datacontenttype'] ??= 'application/octet-stream';
  return frame;
}

/** The event in a `rec` frame. Frozen: every listener gets the same object. */
export function eventOf(frame, reply) {
  const headers = frame.headers ?? {};
  const event = {
    id: headers['ce-id'],
    source: headers['ce-source'],
    type: headers['ce-type'] ?? 'message',
    subject: headers['ce-subject'],
    time: headers['ce-time'],
    datacontenttype: headers['ce-datacontenttype'],
    address: headers['weir-address'] ?? frame.address,
    data: dataOf(frame.body),
    extensions: extensionsOf(headers),
    headers,
  };
  if (headers['weir-offset'] !== undefined) {
    event.offset = Number(headers['weir-offset']);
    event.epoch = headers['weir-epoch'];
  }
  if (reply) event.reply = reply;
  return Object.freeze(event);
}

/** An event that came as CloudEvents JSON, as deliveries of a subscription do. Frozen. */
export function eventOfJson(json, address) {
  const { specversion, data, data_base64: base64, weirepoch: epoch, weiroffset: offset, ...attributes } = json;
  const { id, source, type = 'message', subject, time, datacontenttype } = attributes;
  const extensions = Object.fromEntries(Object.entries(attributes).filter(([name]) => !ATTRIBUTES.has(name)));
  return Object.freeze({
    id, source, type, subject, time, datacontenttype, address,
    data: typeof base64 === 'string' ? fromBase64(base64) : data,
    extensions: Object.freeze(extensions),
    headers: Object.freeze({}),
    offset: offset === undefined ? undefined : Number(offset),
    epoch,
  });
}

/** The data in a body: `{"data_base64": "..."}` and nothing else stands for bytes. */
export function dataOf(body) {
  if (body === null || typeof body !== 'object' || typeof body.data_base64 !== 'string') return body;
  return Object.keys(body).length === 1 ? fromBase64(body.data_base64) : body;
}

function extensionsOf(headers) {
  const found = {};
  for (const [name, value] of Object.entries(headers)) {
    const bare = name.startsWith('ce-') ? name.slice(3) : name === 'traceparent' ? name : '';
    if (bare && !ATTRIBUTES.has(bare)) found[bare] = value;
  }
  return Object.freeze(found);
}

function bytesOf(data) {
  if (data instanceof ArrayBuffer) return new Uint8Array(data);
  if (ArrayBuffer.isView(data)) return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return undefined;
}

const CHUNK = 0x8000; // fromCharCode takes its characters as arguments, and engines bound their number

export function toBase64(bytes) {
  let text = '';
  for (let at = 0; at < bytes.length; at += CHUNK) text += String.fromCharCode(...bytes.subarray(at, at + CHUNK));
  return btoa(text);
}

export function fromBase64(text) {
  return Uint8Array.from(atob(text), char => char.charCodeAt(0));
}
