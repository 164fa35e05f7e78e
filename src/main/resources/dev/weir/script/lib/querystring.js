'use strict';
// Node's `querystring`: the older way to read and write a=1&b=2.

const KEPT = /[A-Za-z0-9\-_.!~*'()]/;

function escape(value) {
  const text = typeof value === 'string' ? value : typeof value === 'object' ? String(value) : `${value}`;
  if (/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/.test(text)) {
    throw new (require('internal/errors').codes.ERR_INVALID_URI)();
  }
  return encodeURIComponent(text);
}

function unescapeBuffer(text, decodeSpaces = false) {
  const { Buffer } = require('buffer');
  const source = decodeSpaces ? text.replaceAll('+', ' ') : text;
  const bytes = [];
  for (let i = 0; i < source.length; i++) {
    const pair = source[i] === '%' ? source.slice(i + 1, i + 3) : '';
    if (/^[0-9a-fA-F]{2}$/.test(pair)) {
      bytes.push(Number.parseInt(pair, 16));
      i += 2;
    } else {
      bytes.push(...(KEPT.test(source[i]) ? [source.charCodeAt(i)] : Buffer.from(source[i])));
    }
  }
  return Buffer.from(bytes);
}

function unescape(text, decodeSpaces) {
  try {
    return decodeURIComponent(text);
  } catch {
    return module.exports.unescapeBuffer(text, decodeSpaces).toString();
  }
}

function primitive(value) {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? `${value}` : '';
  return typeof value === 'bigint' || typeof value === 'boolean' ? `${value}` : '';
}

function stringify(object, separator, equals, options) {
  if (object === null || typeof object !== 'object') return '';
  const encode = typeof options?.encodeURIComponent === 'function' ? options.encodeURIComponent : module.exports.escape;
  const pair = (key, value) => `${encode(key)}${equals || '='}${encode(primitive(value))}`;
  return Object.keys(object)
    .flatMap((key) => (Array.isArray(object[key]) ? object[key].map((each) => pair(key, each)) : pair(key, object[key])))
    .join(separator || '&');
}

function parse(query, separator, equals, options) {
  const result = { __proto__: null };
  if (typeof query !== 'string' || query.length === 0) return result;
  const decode = typeof options?.decodeURIComponent === 'function' ? options.decodeURIComponent : module.exports.unescape;
  const most = typeof options?.maxKeys === 'number' ? options.maxKeys : 1000;
  const decoded = (text) => {
    const spaced = text.replaceAll('+', ' ');
    try {
      return decode === unescape && !spaced.includes('%') ? spaced : decode(spaced);
    } catch {
      return unescape(spaced, true);
    }
  };
  let pairs = query.split(separator || '&').filter((each) => each !== '');
  if (most > 0) pairs = pairs.slice(0, most);
  for (const each of pairs) {
    const at = each.indexOf(equals || '=');
    const key = decoded(at < 0 ? each : each.slice(0, at));
    const value = at < 0 ? '' : decoded(each.slice(at + (equals || '=').length));
    if (!(key in result)) result[key] = value;
    else if (Array.isArray(result[key])) result[key].push(value);
    else result[key] = [result[key], value];
  }
  return result;
}

module.exports = { unescapeBuffer, unescape, escape, stringify, encode: stringify, parse, decode: parse };
