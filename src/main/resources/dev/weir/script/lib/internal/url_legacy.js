'use strict';
// url.parse, url.format and url.resolve of Node's early days. New code uses URL.

const { codes } = require('internal/errors');
const { validateString } = require('internal/validators');

const querystring = () => require('querystring');
const SLASHED = new Set(['http', 'https', 'ftp', 'gopher', 'file', 'ws', 'wss'].flatMap((each) => [each, `${each}:`]));
const HOSTLESS = new Set(['javascript', 'javascript:']);
const ESCAPED = new RegExp('[\\t\\n\\r "\'<>\\\\^`{|}]', 'g');
const escaped = (text) => text.replace(ESCAPED, (each) => `%${each.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`);

class Url {
  protocol = null;
  slashes = null;
  auth = null;
  host = null;
  port = null;
  hostname = null;
  hash = null;
  search = null;
  query = null;
  pathname = null;
  path = null;
  href = null;

  parse(input, parseQuery, slashesDenoteHost) {
    validateString(input, 'url');
    const mark = input.search(/[?#]/);
    const head = mark === -1 ? input : input.slice(0, mark);
    let rest = (head.replaceAll('\\', '/') + (mark === -1 ? '' : input.slice(mark))).trim();
    const simple = /^(\/\/?(?!\/)[^?\s]*)(\?[^\s]*)?$/.exec(rest);
    if (!slashesDenoteHost && simple && !rest.includes('#') && !/^\/\//.test(rest)) return this.#simple(rest, simple, parseQuery);
    const proto = /^[a-z0-9.+-]+:/i.exec(rest)?.[0];
    const lower = proto?.toLowerCase();
    if (proto) {
      this.protocol = lower;
      rest = rest.slice(proto.length);
    }
    let slashes = false;
    if (slashesDenoteHost || proto || /^\/\/[^@/]+@[^@/]+/.test(rest)) {
      slashes = rest.startsWith('//');
      if (slashes && !HOSTLESS.has(lower)) {
        rest = rest.slice(2);
        this.slashes = true;
      }
    }
    if (!HOSTLESS.has(lower) && (slashes || (proto && !SLASHED.has(proto)))) rest = this.#takeHost(rest, input, lower);
    if (!HOSTLESS.has(lower)) rest = escaped(rest);
    this.#takeTail(rest, parseQuery);
    if (SLASHED.has(lower) && this.hostname && !this.pathname) this.pathname = '/';
    if (this.pathname || this.search) this.path = (this.pathname || '') + (this.search || '');
    this.href = this.format();
    return this;
  }

  #simple(rest, [, path, search], parseQuery) {
    this.path = rest;
    this.href = rest;
    this.pathname = path;
    if (search) {
      this.search = search;
      this.query = parseQuery ? querystring().parse(search.slice(1)) : search.slice(1);
    } else if (parseQuery) {
      this.search = null;
      this.query = { __proto__: null };
    }
    return this;
  }

  /** user:password@host:port up to the first of / ? #. */
  #takeHost(rest, input, proto) {
    const end = rest.search(/[/?#]/);
    const before = end === -1 ? rest : rest.slice(0, end);
    const at = before.lastIndexOf('@');
    if (at !== -1) this.auth = decodeURIComponent(before.slice(0, at));
    let host = before.slice(at + 1);
    const stop = host.search(/[\t\n\r "'<>\\^`{|}%;]/);
    const left = stop === -1 ? '' : host.slice(stop);
    if (stop !== -1) host = host.slice(0, stop);
    const port = /:(\d*)$/.exec(host);
    if (port) {
      if (port[1] !== '') this.port = port[1];
      host = host.slice(0, -port[0].length);
    }
    const ipv6 = host.startsWith('[') && host.endsWith(']');
    if (!ipv6 && /[:[\]]/.test(host)) throw Object.assign(new codes.ERR_INVALID_URL(), { input });
    let name = host.length > 255 ? '' : host.toLowerCase();
    if (!ipv6 && name !== '') {
      const ascii = require('internal/url_host').domainToASCII(name);
      if (ascii === undefined) throw Object.assign(new codes.ERR_INVALID_URL(), { input });
      name = ascii;
    }
    this.host = name + (this.port ? `:${this.port}` : '');
    this.hostname = ipv6 ? name.slice(1, -1) : name;
    const tail = left + (end === -1 ? '' : rest.slice(end));
    return ipv6 || tail === '' || /^[/?#]/.test(tail) || proto === undefined ? tail : `/${tail}`;
  }

  #takeTail(text, parseQuery) {
    let rest = text;
    const hash = rest.indexOf('#');
    if (hash !== -1) {
      this.hash = rest.slice(hash);
      rest = rest.slice(0, hash);
    }
    const mark = rest.indexOf('?');
    if (mark !== -1) {
      this.search = rest.slice(mark);
      this.query = parseQuery ? querystring().parse(rest.slice(mark + 1)) : rest.slice(mark + 1);
      rest = rest.slice(0, mark);
    } else if (parseQuery) {
      this.search = null;
      this.query = { __proto__: null };
    }
    if (rest) this.pathname = rest;
  }

  format() {
    const auth = this.auth ? `${encodeURIComponent(this.auth).replace(/%3A/i, ':')}@` : '';
    let protocol = this.protocol || '';
    let pathname = this.pathname || '';
    let host = '';
    if (this.host) host = auth + this.host;
    else if (this.hostname) {
      host = auth + (this.hostname.includes(':') && !this.hostname.startsWith('[') ? `[${this.hostname}]` : this.hostname);
      if (this.port) host += `:${this.port}`;
    }
    const query = this.query !== null && typeof this.query === 'object' ? querystring().stringify(this.query) : '';
    let search = this.search || (query && `?${query}`) || '';
    if (protocol && !protocol.endsWith(':')) protocol += ':';
    pathname = pathname.replace(/[?#]/g, (each) => (each === '?' ? '%3F' : '%23'));
    if (this.slashes || SLASHED.has(protocol)) {
      if (this.slashes || host) {
        if (pathname && !pathname.startsWith('/')) pathname = `/${pathname}`;
        host = `//${host}`;
      } else if (/^file/.test(protocol)) {
        host = '//';
      }
    }
    search = search.replaceAll('#', '%23');
    if (search && !search.startsWith('?')) search = `?${search}`;
    const hash = this.hash && !this.hash.startsWith('#') ? `#${this.hash}` : this.hash || '';
    return protocol + host + pathname + search + hash;
  }

  resolve(relative) {
    return this.resolveObject(parse(relative, false, true)).format();
  }

  resolveObject(relative) {
    const target = typeof relative === 'string' ? parse(relative, false, true) : relative;
    const result = Object.assign(new Url(), this, { hash: target.hash });
    if (target.href === '') {
      result.href = result.format();
      return result;
    }
    if ((target.slashes && !target.protocol) || (target.protocol && target.protocol !== result.protocol) || target.host) {
      Object.assign(result, target, { protocol: target.protocol || this.protocol });
      if (target.protocol && !SLASHED.has(target.protocol)) return finish(result);
      result.pathname = reduced(result.pathname ?? '', Boolean(result.host)) || (result.host ? '/' : result.pathname);
      return finish(result);
    }
    if (target.pathname) {
      const absolute = target.pathname.startsWith('/');
      const base = result.pathname ?? '';
      const joined = absolute ? target.pathname : `${base.slice(0, base.lastIndexOf('/') + 1)}${target.pathname}`;
      const path = result.host && !joined.startsWith('/') ? `/${joined}` : joined;
      Object.assign(result, { pathname: reduced(path, path.startsWith('/')), search: target.search, query: target.query });
    } else if (target.search !== null) {
      Object.assign(result, { search: target.search, query: target.query });
    }
    return finish(result);
  }
}

function finish(result) {
  result.path = result.pathname !== null || result.search !== null ? (result.pathname || '') + (result.search || '') : null;
  result.href = result.format();
  return result;
}

/** Resolves . and .. of a path. */
function reduced(path, absolute) {
  if (path === '') return path;
  const parts = path.split('/');
  const last = parts.at(-1);
  const kept = [];
  for (const part of absolute ? parts.slice(1) : parts) {
    if (part === '.') continue;
    if (part !== '..') kept.push(part);
    else if (kept.length > 0 && kept.at(-1) !== '..') kept.pop();
    else if (!absolute) kept.push('..');
  }
  if ((last === '.' || last === '..') && kept.at(-1) !== '') kept.push('');
  return (absolute ? '/' : '') + kept.join('/');
}

function parse(url, parseQuery, slashesDenoteHost) {
  return url instanceof Url ? url : new Url().parse(url, parseQuery, slashesDenoteHost);
}

function format(url, options = undefined) {
  if (typeof url === 'string') return parse(url).format();
  if (typeof url !== 'object' || url === null) throw new codes.ERR_INVALID_ARG_TYPE('urlObject', ['Object', 'string'], url);
  const { URL, domainToUnicode } = require('url');
  if (!(url instanceof URL)) return Url.prototype.format.call(url);
  const { fragment = true, unicode = false, search = true, auth = true } = options ?? {};
  const copy = new URL(url.href);
  if (!fragment) copy.hash = '';
  if (!search) copy.search = '';
  if (!auth) Object.assign(copy, { username: '', password: '' });
  return unicode ? copy.href.replace(copy.hostname, domainToUnicode(copy.hostname)) : copy.href;
}

module.exports = {
  Url,
  parse,
  format,
  resolve: (from, to) => parse(from, false, true).resolve(to),
  resolveObject: (from, to) => (from ? parse(from, false, true).resolveObject(to) : to),
};
