'use strict';
// Node's `url`: URL and URLSearchParams of the WHATWG standard, file URLs, and the older url.parse/format/resolve.

const { codes } = require('internal/errors');
const { validateString } = require('internal/validators');
const parser = require('internal/url_parser');
const { URLSearchParams, kAttach } = require('internal/url_search');
const hosts = require('internal/url_host');

const kInspect = Symbol.for('nodejs.util.inspect.custom');

function invalid(input, base) {
  const error = new codes.ERR_INVALID_URL();
  error.input = input;
  if (base !== undefined) error.base = base;
  return error;
}

function recordOf(input, base) {
  const from = base === undefined ? undefined : parser.parse(`${base}`);
  return base !== undefined && from === undefined ? undefined : parser.parse(input, from);
}

class URL {
  #record;
  #params;

  constructor(input, base = undefined) {
    if (arguments.length === 0) throw new codes.ERR_MISSING_ARGS('url');
    this.#record = recordOf(`${input}`, base);
    if (this.#record === undefined) throw invalid(`${input}`, base === undefined ? undefined : `${base}`);
  }

  static canParse(input, base = undefined) {
    if (arguments.length === 0) throw new codes.ERR_MISSING_ARGS('url');
    return recordOf(`${input}`, base) !== undefined;
  }

  #queryChanged() {
    this.#params?.[kAttach](this.#record.query ?? '');
  }

  get href() { return parser.serialize(this.#record); }
  set href(value) {
    const record = parser.parse(`${value}`);
    if (record === undefined) throw invalid(`${value}`);
    this.#record = record;
    this.#queryChanged();
  }

  get origin() {
    const { scheme, host, port, path } = this.#record;
    if (scheme === 'blob') {
      const inner = parser.parse(parser.pathOf(this.#record));
      return inner && (inner.scheme === 'http' || inner.scheme === 'https') ? new URL(path).origin : 'null';
    }
    if (!parser.isSpecial(scheme) || scheme === 'file') return 'null';
    return `${scheme}://${host}${port === null ? '' : `:${port}`}`;
  }

  get protocol() { return `${this.#record.scheme}:`; }
  set protocol(value) {
    const record = this.#record;
    const scheme = /^([a-zA-Z][a-zA-Z0-9+\-.]*)(:|$)/.exec(`${value}`)?.[1].toLowerCase();
    if (scheme === undefined || parser.isSpecial(scheme) !== parser.isSpecial(record.scheme)) return;
    if (scheme === 'file' && (record.username !== '' || record.password !== '' || record.port !== null)) return;
    if (record.scheme === 'file' && record.host === '') return;
    record.scheme = scheme;
    if (record.port === parser.SPECIAL[scheme]) record.port = null;
  }

  #cannotHaveCredentials() {
    return !this.#record.host || this.#record.scheme === 'file';
  }

  get username() { return this.#record.username; }
  set username(value) {
    if (!this.#cannotHaveCredentials()) this.#record.username = parser.encode(`${value}`, parser.sets.USERINFO);
  }

  get password() { return this.#record.password; }
  set password(value) {
    if (!this.#cannotHaveCredentials()) this.#record.password = parser.encode(`${value}`, parser.sets.USERINFO);
  }

  get host() {
    const { host, port } = this.#record;
    return host === null ? '' : `${host}${port === null ? '' : `:${port}`}`;
  }
  set host(value) {
    if (typeof this.#record.path === 'string') return;
    const [, host, port] = /^((?:\[[^\]]*\]|[^:/?#\\])*)(?::(\d*))?/.exec(`${value}`);
    if (host === '' && parser.isSpecial(this.#record.scheme)) return;
    if (parser.setHost(this.#record, host) && port) parser.setPort(this.#record, port);
  }

  get hostname() { return this.#record.host ?? ''; }
  set hostname(value) {
    if (typeof this.#record.path === 'string') return;
    const [host] = /^(?:\[[^\]]*\]|[^:/?#\\])*/.exec(`${value}`);
    if (host !== '' || !parser.isSpecial(this.#record.scheme)) parser.setHost(this.#record, host);
  }

  get port() { return this.#record.port === null ? '' : `${this.#record.port}`; }
  set port(value) {
    if (this.#cannotHaveCredentials()) return;
    const text = `${value}`;
    if (text === '') this.#record.port = null;
    else if (/^\d/.test(text)) parser.setPort(this.#record, /^\d+/.exec(text)[0]);
  }

  get pathname() { return parser.pathOf(this.#record); }
  set pathname(value) {
    if (typeof this.#record.path === 'string') return;
    this.#record.path = [];
    const path = `${value}`.replace(/[?#]/g, (each) => (each === '?' ? '%3F' : '%23'));
    const slash = parser.isSpecial(this.#record.scheme) ? /^[/\\]/ : /^\//;
    parser.parsePath(this.#record, path.replace(slash, ''));
  }

  get search() { return this.#record.query ? `?${this.#record.query}` : ''; }
  set search(value) {
    const query = `${value}`.replace(/^\?/, '');
    const set = parser.isSpecial(this.#record.scheme) ? parser.sets.SPECIAL_QUERY : parser.sets.QUERY;
    this.#record.query = query === '' ? null : parser.encode(query, set);
    this.#queryChanged();
  }

  get searchParams() {
    if (this.#params === undefined) {
      this.#params = new URLSearchParams();
      this.#params[kAttach](this.#record.query ?? '', () => {
        const query = this.#params.toString();
        this.#record.query = query === '' ? null : query;
      });
    }
    return this.#params;
  }

  get hash() { return this.#record.fragment ? `#${this.#record.fragment}` : ''; }
  set hash(value) {
    const fragment = `${value}`.replace(/^#/, '');
    this.#record.fragment = fragment === '' ? null : parser.encode(fragment, parser.sets.FRAGMENT);
  }

  toString() { return this.href; }
  toJSON() { return this.href; }

  [kInspect](depth, options, inspect) {
    if (typeof depth === 'number' && depth < 0) return this;
    const shown = {};
    for (const name of ['href', 'origin', 'protocol', 'username', 'password', 'host', 'hostname', 'port', 'pathname',
      'search', 'searchParams', 'hash']) {
      shown[name] = this[name];
    }
    return `${this.constructor.name} ${inspect(shown, options)}`;
  }
}
for (const name of ['toString', 'href', 'origin', 'protocol', 'username', 'password', 'host', 'hostname', 'port',
  'pathname', 'search', 'searchParams', 'hash', 'toJSON']) {
  Object.defineProperty(URL.prototype, name, { enumerable: true });
}
Object.defineProperty(URL.prototype, Symbol.toStringTag, { value: 'URL', configurable: true });

function fileURLToPath(input) {
  const url = typeof input === 'string' ? new URL(input) : input;
  if (!(url instanceof URL)) throw new codes.ERR_INVALID_ARG_TYPE('path', ['string', 'URL'], input);
  if (url.protocol !== 'file:') throw new codes.ERR_INVALID_URL_SCHEME('file');
  if (url.hostname !== '') throw new codes.ERR_INVALID_FILE_URL_HOST(process.platform);
  if (/%2f/i.test(url.pathname)) throw new codes.ERR_INVALID_FILE_URL_PATH('must not include encoded / characters');
  return decodeURIComponent(url.pathname);
}

function pathToFileURL(path) {
  validateString(path, 'path');
  const resolved = require('path').resolve(path) + (/[^/]\/$/.test(path) ? '/' : '');
  const safe = resolved.replace(/[%\\\n\r\t?#]/g, (each) => `%${each.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`);
  return new URL(`file://${safe}`);
}

/** What http.request wants to know of a URL. */
function urlToHttpOptions(url) {
  const { hostname, pathname, port, username, password, search } = url;
  const options = {
    __proto__: null,
    ...url,
    protocol: url.protocol,
    hostname: hostname.startsWith('[') ? hostname.slice(1, -1) : hostname,
    hash: url.hash,
    search,
    pathname,
    path: `${pathname}${search}`,
    href: url.href,
  };
  if (port !== '') options.port = Number(port);
  if (username || password) options.auth = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return options;
}

module.exports = {
  URL,
  URLSearchParams,
  domainToASCII: (domain) => hosts.parseHost(`${domain}`, true, (each) => each, parser.decode) ?? '',
  domainToUnicode: (domain) => hosts.domainToUnicode(hosts.parseHost(`${domain}`, true, (each) => each, parser.decode) ?? ''),
  fileURLToPath,
  pathToFileURL,
  urlToHttpOptions,
};
for (const name of ['Url', 'parse', 'resolve', 'resolveObject', 'format']) {
  Object.defineProperty(module.exports, name, {
    get: () => require('internal/url_legacy')[name], enumerable: true, configurable: true,
  });
}
