'use strict';
// The parser of the WHATWG URL standard, as one function per part instead of the standard's state machine.
// A record is {scheme, username, password, host, port, path, query, fragment}; an opaque path is a string.

const { parseHost } = require('internal/url_host');
const text = require('internal/buffer_text');

const SPECIAL = { __proto__: null, 'http': 80, 'https': 443, 'ws': 80, 'wss': 443, 'ftp': 21, 'file': null };
const isSpecial = (scheme) => scheme in SPECIAL;

// What each part percent-encodes, besides controls and everything beyond ASCII.
const CONTROL = '';
const FRAGMENT = ' "<>`';
const QUERY = ' "#<>';
const SPECIAL_QUERY = `${QUERY}'`;
const PATH = `${QUERY}?^\`{}`;
const USERINFO = `${PATH}/:;=@[\\]|`;

const hex = (byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;

function encode(string, set) {
  let result = '';
  for (const character of string) {
    const code = character.codePointAt(0);
    if (code > 0x7e) for (const byte of text.encode(character, 'utf8')) result += hex(byte);
    else result += code < 0x20 || set.includes(character) ? hex(code) : character;
  }
  return result;
}

function decode(string) {
  if (!string.includes('%')) return string;
  const bytes = [];
  const source = text.encode(string, 'utf8');
  for (let i = 0; i < source.length; i++) {
    const pair = source[i] === 37 ? String.fromCharCode(source[i + 1], source[i + 2]) : '';
    if (/^[0-9a-fA-F]{2}$/.test(pair)) {
      bytes.push(Number.parseInt(pair, 16));
      i += 2;
    } else bytes.push(source[i]);
  }
  return text.decode(Uint8Array.from(bytes), 'utf8');
}

const isDriveLetter = (segment) => /^[a-zA-Z][:|]$/.test(segment);
const startsWithDriveLetter = (rest) => /^[a-zA-Z][:|]([/\\?#]|$)/.test(rest);
const isDot = (segment) => /^(\.|%2e)$/i.test(segment);
const isDoubleDot = (segment) => /^(\.|%2e){2}$/i.test(segment);

function shorten(record) {
  if (record.scheme === 'file' && record.path.length === 1 && /^[a-zA-Z]:$/.test(record.path[0])) return;
  record.path.pop();
}

/** Appends the segments of `path` to the record's path. */
function parsePath(record, path) {
  const segments = path.split(isSpecial(record.scheme) ? /[/\\]/ : '/');
  segments.forEach((segment, i) => {
    const last = i === segments.length - 1;
    if (isDoubleDot(segment)) {
      shorten(record);
      if (last) record.path.push('');
    } else if (isDot(segment)) {
      if (last) record.path.push('');
    } else {
      let encoded = encode(segment, PATH);
      if (record.scheme === 'file' && record.path.length === 0 && isDriveLetter(segment)) encoded = `${segment[0]}:`;
      record.path.push(encoded);
    }
  });
}

/** Takes fragment and query off the end of what follows the scheme. */
function takeTail(record, input) {
  let rest = input;
  const hash = rest.indexOf('#');
  if (hash !== -1) {
    record.fragment = encode(rest.slice(hash + 1), FRAGMENT);
    rest = rest.slice(0, hash);
  }
  const mark = rest.indexOf('?');
  if (mark !== -1) {
    record.query = encode(rest.slice(mark + 1), isSpecial(record.scheme) ? SPECIAL_QUERY : QUERY);
    rest = rest.slice(0, mark);
  }
  return rest;
}

function setHost(record, host) {
  const parsed = parseHost(host, isSpecial(record.scheme), (each) => encode(each, CONTROL), decode);
  if (parsed === undefined) return false;
  record.host = parsed;
  return true;
}

function setPort(record, port) {
  if (!/^\d*$/.test(port) || Number(port) > 65535) return false;
  record.port = port === '' || Number(port) === SPECIAL[record.scheme] ? null : Number(port);
  return true;
}

/** userinfo@host:port; false when it is wrong. */
function parseAuthority(record, authority) {
  const at = authority.lastIndexOf('@');
  if (at !== -1) {
    const userinfo = authority.slice(0, at);
    const colon = userinfo.indexOf(':');
    record.username = encode(colon === -1 ? userinfo : userinfo.slice(0, colon), USERINFO);
    record.password = colon === -1 ? '' : encode(userinfo.slice(colon + 1), USERINFO);
  }
  const [, host, port] = /^((?:\[[^\]]*\]?|[^:])*)(?::(.*))?$/s.exec(authority.slice(at + 1)) ?? [];
  if (host === undefined) return false;
  if (host === '') {
    if (isSpecial(record.scheme) || at !== -1 || port !== undefined) return false;
    record.host = '';
    return true;
  }
  return setHost(record, host) && setPort(record, port ?? '');
}

const fresh = (scheme) =>
  ({ scheme, username: '', password: '', host: null, port: null, path: [], query: null, fragment: null });

function splitAuthority(record, rest) {
  const end = rest.search(isSpecial(record.scheme) ? /[/\\]/ : /\//);
  return end === -1 ? [rest, ''] : [rest.slice(0, end), rest.slice(end)];
}

function afterAuthority(record, rest) {
  const [authority, path] = splitAuthority(record, rest);
  if (!parseAuthority(record, authority)) return undefined;
  if (path !== '' || isSpecial(record.scheme)) parsePath(record, path.slice(1));
  return record;
}

function copyFrom(record, base, { path = true } = {}) {
  const { username, password, host, port } = base;
  Object.assign(record, { username, password, host, port });
  if (path) record.path = Array.isArray(base.path) ? [...base.path] : base.path;
}

function parseFile(record, rest, base) {
  record.host = '';
  const fromBase = base?.scheme === 'file' ? base : undefined;
  if (/^[/\\]{2}/.test(rest)) {
    const [host, path] = splitAuthority(record, rest.slice(2));
    if (isDriveLetter(host)) {
      parsePath(record, `${host}${path}`);
      return record;
    }
    if (host !== '') {
      if (!setHost(record, host)) return undefined;
      if (record.host === 'localhost') record.host = '';
    }
    parsePath(record, path.slice(1));
    return record;
  }
  if (/^[/\\]/.test(rest)) {
    if (fromBase) {
      record.host = fromBase.host;
      const drive = fromBase.path[0];
      if (!startsWithDriveLetter(rest.slice(1)) && drive !== undefined && /^[a-zA-Z]:$/.test(drive)) record.path.push(drive);
    }
    parsePath(record, rest.slice(1));
    return record;
  }
  if (fromBase && !startsWithDriveLetter(rest)) return relativeTo(record, rest, fromBase);
  parsePath(record, rest);
  return record;
}

function relativeTo(record, rest, base) {
  const slash = isSpecial(record.scheme) ? /^[/\\]/ : /^\//;
  if (slash.test(rest)) {
    if (slash.test(rest.slice(1))) return afterAuthority(record, isSpecial(record.scheme) ? rest.replace(/^[/\\]+/, '') : rest.slice(2));
    copyFrom(record, base, { path: false });
    parsePath(record, rest.slice(1));
    return record;
  }
  copyFrom(record, base);
  if (rest === '') {
    if (record.query === null) record.query = base.query;
    return record;
  }
  shorten(record);
  parsePath(record, rest);
  return record;
}

function parseWithScheme(record, rest, base) {
  if (record.scheme === 'file') return parseFile(record, rest, base);
  if (isSpecial(record.scheme)) {
    if (base?.scheme === record.scheme && !/^[/\\]{2}/.test(rest)) return relativeTo(record, rest, base);
    return afterAuthority(record, rest.replace(/^[/\\]+/, ''));
  }
  if (rest.startsWith('//')) return afterAuthority(record, rest.slice(2));
  if (rest.startsWith('/')) parsePath(record, rest.slice(1));
  else record.path = encode(rest, CONTROL);
  return record;
}

/** The record, or undefined for what is no URL. */
function parse(input, base) {
  const source = input.replace(/^[\0-\u0020]+|[\0-\u0020]+$/g, '').replace(/[\t\n\r]/g, ''); // eslint-disable-line no-control-regex
  const scheme = /^([a-zA-Z][a-zA-Z0-9+\-.]*):/.exec(source);
  if (scheme) {
    const record = fresh(scheme[1].toLowerCase());
    return parseWithScheme(record, takeTail(record, source.slice(scheme[0].length)), base);
  }
  if (base === undefined) return undefined;
  const record = fresh(base.scheme);
  const rest = takeTail(record, source);
  if (typeof base.path === 'string') {
    if (rest !== '' || record.query !== null || record.fragment === null) return undefined;
    return { ...base, fragment: record.fragment };
  }
  return base.scheme === 'file' ? parseFile(record, rest, base) : relativeTo(record, rest, base);
}

const pathOf = (record) => (typeof record.path === 'string' ? record.path : record.path.map((each) => `/${each}`).join(''));

function serialize(record, { fragment = true } = {}) {
  let output = `${record.scheme}:`;
  if (record.host !== null) {
    output += '//';
    if (record.username !== '' || record.password !== '') {
      output += `${record.username}${record.password === '' ? '' : `:${record.password}`}@`;
    }
    output += record.host + (record.port === null ? '' : `:${record.port}`);
  } else if (Array.isArray(record.path) && record.path.length > 1 && record.path[0] === '') {
    output += '/.';
  }
  output += pathOf(record) + (record.query === null ? '' : `?${record.query}`);
  return fragment && record.fragment !== null ? `${output}#${record.fragment}` : output;
}

module.exports = {
  SPECIAL, isSpecial, parse, serialize, pathOf, parsePath, setHost, setPort, encode, decode,
  sets: { FRAGMENT, QUERY, SPECIAL_QUERY, PATH, USERINFO, CONTROL },
};
