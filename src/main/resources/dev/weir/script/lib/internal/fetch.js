'use strict';

// fetch as Node 20 has it: Headers, Request and Response, bodies as text, JSON, bytes or pieces, redirects and AbortSignal.

const { Headers } = require('internal/fetch-headers');
const { bodyOf, mixin, kBody, kUsed, emptyBody } = require('internal/fetch-body');
const { networkError } = require('internal/io');

const host = binding('http');
const MOST_REDIRECTS = 20;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);
const MODES = new Set(['follow', 'manual', 'error']);
const BODILESS = new Set([101, 204, 205, 304]);
const TOKEN = /^[\^_`a-zA-Z\-0-9!#$%&'*+.|~]+$/;
// eslint-disable-next-line no-control-regex
const BAD_TEXT = /[^\t\x20-\x7e\x80-\xff]/;
const METHODS = new Set(['DELETE', 'GET', 'HEAD', 'OPTIONS', 'POST', 'PUT']);

function abortReason(signal) {
  if (signal.reason !== undefined) return signal.reason;
  return typeof DOMException === 'function'
    ? new DOMException('This operation was aborted', 'AbortError')
    : Object.assign(new Error('This operation was aborted'), { name: 'AbortError' });
}

function urlOf(input) {
  try {
    return new URL(String(input));
  } catch (cause) {
    throw new TypeError(`Failed to parse URL from ${input}`, { cause });
  }
}

class Request {
  constructor(input, init = {}) {
    const from = input instanceof Request ? input : undefined;
    const url = from ? new URL(from.url) : urlOf(input);
    if (url.username || url.password) {
      throw new TypeError(`Request cannot be constructed from a URL that includes credentials: ${url}`);
    }
    url.hash = url.hash;
    this.url = url.href;
    const method = init.method === undefined ? (from ? from.method : 'GET') : String(init.method);
    const upper = method.toUpperCase();
    if (['CONNECT', 'TRACE', 'TRACK'].includes(upper)) throw new TypeError(`'${method}' HTTP method is unsupported.`);
    if (!TOKEN.test(method)) throw new TypeError(`'${method}' is not a valid HTTP method.`);
    this.method = METHODS.has(upper) ? upper : method;
    this.headers = new Headers(init.headers === undefined ? (from ? from.headers : undefined) : init.headers);
    this.redirect = init.redirect || (from ? from.redirect : 'follow');
    if (!MODES.has(this.redirect)) {
      throw new TypeError(`Request constructor: ${this.redirect} is not an accepted type. Expected one of follow, manual, error.`);
    }
    if (init.signal && !(init.signal instanceof AbortSignal)) {
      throw new TypeError("Failed to construct 'Request': member signal is not of type AbortSignal.");
    }
    this.signal = init.signal === undefined ? (from ? from.signal : new AbortController().signal) : init.signal || new AbortController().signal;
    for (const [name, value] of [['mode', 'cors'], ['credentials', 'same-origin'], ['cache', 'default'], ['referrer', 'about:client'], ['integrity', ''], ['keepalive', false]]) {
      this[name] = init[name] === undefined ? (from ? from[name] : value) : init[name];
    }
    this.duplex = 'half';
    const given = init.body === undefined ? undefined : init.body;
    if (given !== undefined && given !== null && (this.method === 'GET' || this.method === 'HEAD')) {
      throw new TypeError('Request with GET/HEAD method cannot have body.');
    }
    if (given === undefined && from) this[kBody] = from.take();
    else this[kBody] = bodyOf(given, this.headers);
    this[kUsed] = false;
  }

  clone() {
    return new Request(this);
  }
}

class Response {
  constructor(body, init = {}) {
    const status = init.status === undefined ? 200 : Number(init.status);
    if (!(status >= 200 && status <= 599)) {
      throw new RangeError('init["status"] must be in the range of 200 to 599, inclusive.');
    }
    this.status = status;
    this.statusText = init.statusText === undefined ? '' : String(init.statusText);
    if (BAD_TEXT.test(this.statusText)) throw new TypeError('Invalid statusText');
    this.headers = new Headers(init.headers);
    this.url = '';
    this.redirected = false;
    this.type = 'default';
    if (body !== undefined && body !== null && [204, 205, 304].includes(status)) {
      throw new TypeError(`Response constructor: Invalid response status code ${status}`);
    }
    this[kBody] = bodyOf(body, this.headers);
    this[kUsed] = false;
  }

  get ok() {
    return this.status >= 200 && this.status <= 299;
  }

  clone() {
    if (this.bodyUsed) throw new TypeError('Response.clone: Body has already been consumed.');
    const [one, two] = this[kBody].tee();
    this[kBody] = one;
    const copy = new Response(null, { status: this.status, statusText: this.statusText, headers: this.headers });
    copy[kBody] = two;
    copy.url = this.url;
    copy.redirected = this.redirected;
    copy.type = this.type;
    return copy;
  }

  static json(data, init = {}) {
    const text = JSON.stringify(data);
    if (text === undefined) throw new TypeError('The data is not JSON serializable');
    const headers = new Headers(init.headers);
    if (!headers.has('content-type')) headers.set('content-type', 'application/json');
    return new Response(text, { ...init, headers });
  }

  static error() {
    const made = new Response(null);
    made.status = 0;
    made.type = 'error';
    return made;
  }

  static redirect(url, status = 302) {
    if (!REDIRECTS.has(status)) throw new RangeError(`Invalid status code ${status}`);
    return new Response(null, { status, headers: { location: urlOf(url).href } });
  }
}

mixin(Request.prototype);
mixin(Response.prototype);

function failed(code, why, url) {
  const cause = networkError(code, 'connect', url.hostname, Number(url.port) || (url.protocol === 'https:' ? 443 : 80), why);
  return new TypeError('fetch failed', { cause });
}

/** The headers as they are sent, names and values in turn; those that say where a message ends are not the script's to choose. */
function linesOf(url, method, sent, body) {
  const wrong = (name) => {
    throw new TypeError('fetch failed', { cause: Object.assign(new Error(`invalid ${name} header`), { code: 'UND_ERR_INVALID_ARG' }) });
  };
  for (const name of ['transfer-encoding', 'keep-alive', 'upgrade', 'expect']) if (sent.has(name)) wrong(name);
  const connection = (sent.get('connection') || 'keep-alive').toLowerCase();
  if (connection !== 'keep-alive' && connection !== 'close') wrong('connection');
  const length = body.streams ? undefined : body.length;
  if (length !== undefined && sent.has('content-length') && sent.get('content-length') !== String(length)) wrong('content-length');
  const parts = ['host', sent.get('host') || url.host, 'connection', connection];
  for (const [name, value] of sent) if (name !== 'host' && name !== 'connection' && name !== 'content-length') parts.push(name, value);
  if (body === emptyBody && /^(POST|PUT|PATCH)$/.test(method)) parts.push('content-length', '0');
  return parts.join('\0');
}

/** One request and its response's head. */
function exchange(url, method, headers, body, signal) {
  return new Promise((resolve, reject) => {
    const secure = url.protocol === 'https:';
    if (!secure && url.protocol !== 'http:') {
      reject(new TypeError('fetch failed', { cause: new Error('unknown scheme') }));
      return;
    }
    const abort = () => {
      call.abort();
      reject(abortReason(signal));
    };
    const sent = new Headers(headers);
    const defaults = { accept: '*/*', 'accept-language': '*', 'sec-fetch-mode': 'cors', 'user-agent': 'node', 'accept-encoding': 'gzip, deflate' };
    for (const name of Object.keys(defaults)) if (!sent.has(name)) sent.set(name, defaults[name]);
    const lines = linesOf(url, method, sent, body);
    const name = url.hostname.startsWith('[') ? url.hostname.slice(1, -1) : url.hostname;
    const call = host.request(
      method,
      name,
      Number(url.port) || (secure ? 443 : 80),
      `${url.pathname}${url.search}`,
      secure,
      false,
      true,
      body.streams,
      lines,
      (status, message, joined, arriving) => {
        signal.removeEventListener('abort', abort);
        resolve({ status, message, joined, arriving, call });
      },
      (code, why) => {
        signal.removeEventListener('abort', abort);
        reject(signal.aborted ? abortReason(signal) : failed(code, why, url));
      },
    );
    signal.addEventListener('abort', abort, { once: true });
    body.send(call).catch(reject);
  });
}

function headersOf(joined) {
  const headers = new Headers();
  const parts = joined === '' ? [] : joined.split('\0');
  for (let i = 0; i + 1 < parts.length; i += 2) headers.append(parts[i], parts[i + 1]);
  return headers;
}

function nextOf(location, url) {
  try {
    return new URL(location, url);
  } catch (cause) {
    throw new TypeError('fetch failed', { cause });
  }
}

async function fetch(input, init) {
  const request = new Request(input, init);
  const { signal } = request;
  if (signal.aborted) throw abortReason(signal);
  let url = new URL(request.url);
  let { method } = request;
  let body = request.take();
  const headers = new Headers(request.headers);
  for (let hops = 0; ; hops++) {
    const { status, message, joined, arriving, call } = await exchange(url, method, headers, body, signal);
    const found = headersOf(joined);
    const location = found.get('location');
    if (!REDIRECTS.has(status) || location === null || request.redirect === 'manual') {
      const response = new Response(null);
      response.status = status;
      response.statusText = message || '';
      response.headers = found;
      response.url = url.href.split('#')[0];
      response.redirected = hops > 0;
      response.type = 'basic';
      response[kBody] = require('internal/fetch-body').received(arriving, method === 'HEAD' || BODILESS.has(status), signal, () => call.abort());
      return response;
    }
    arriving.drop();
    if (request.redirect === 'error') throw new TypeError('fetch failed', { cause: new Error('unexpected redirect') });
    if (hops >= MOST_REDIRECTS) throw new TypeError('fetch failed', { cause: new Error('redirect count exceeded') });
    const next = nextOf(location, url);
    if (status === 303 ? method !== 'GET' && method !== 'HEAD' : status < 303 && method === 'POST') {
      method = 'GET';
      body = emptyBody;
      for (const name of ['content-encoding', 'content-language', 'content-location', 'content-type', 'content-length']) headers.delete(name);
    } else if (body.streams) {
      throw new TypeError('fetch failed', { cause: new Error('a body that was sent in pieces cannot be sent again') });
    }
    if (next.origin !== url.origin) {
      for (const name of ['authorization', 'proxy-authorization', 'cookie', 'host']) headers.delete(name);
    }
    url = next;
  }
}

module.exports = { fetch, Headers, Request, Response };
