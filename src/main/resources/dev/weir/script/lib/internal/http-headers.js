'use strict';

// Headers as they arrive, and a request of which nobody wants more than its head.

const EventEmitter = require('events');

// Headers of which only the first counts; set-cookie is always a list, cookies are joined by '; ', all others by ', '.
const ONCE = new Set(['age', 'authorization', 'content-length', 'content-type', 'etag', 'expires', 'from', 'host', 'if-modified-since', 'if-unmodified-since', 'last-modified', 'location', 'max-forwards', 'proxy-authorization', 'referer', 'retry-after', 'server', 'user-agent']);

function headersOf(raw) {
  const found = {};
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = raw[i].toLowerCase();
    const value = raw[i + 1];
    const before = found[name];
    if (name === 'set-cookie') {
      if (before === undefined) found[name] = [value];
      else before.push(value);
    } else if (before === undefined) found[name] = value;
    else if (!ONCE.has(name)) found[name] = `${before}${name === 'cookie' ? '; ' : ', '}${value}`;
  }
  return found;
}

/** A request that asks for another protocol: it has no body, so it needs no stream. */
class UpgradeRequest extends EventEmitter {
  constructor(socket, head) {
    super();
    this.socket = socket;
    this.httpVersion = '1.1';
    this.httpVersionMajor = 1;
    this.httpVersionMinor = 1;
    this.complete = true;
    this.upgrade = true;
    this.aborted = false;
    this.url = head.url;
    this.method = head.method;
    this.rawHeaders = head.headers === '' ? [] : head.headers.split('\0');
    this.headers = headersOf(this.rawHeaders);
  }

  get connection() {
    return this.socket;
  }

  setTimeout(millis, listener) {
    this.socket.setTimeout(millis, listener);
    return this;
  }

  destroy(error) {
    this.socket.destroy(error);
    return this;
  }

  resume() {
    return this;
  }
}

module.exports = { headersOf, UpgradeRequest };
