'use strict';
// Hosts of WHATWG URLs: domains (with Punycode), IPv4 in all its spellings, IPv6, opaque hosts.

const FORBIDDEN = /[\u0000\t\n\r #/:<>?@[\\\]^|]/; // eslint-disable-line no-control-regex
const FORBIDDEN_IN_DOMAIN = /[\u0000-\u0020"#%/:<>?@[\\\]^`{|}\u007f]/; // eslint-disable-line no-control-regex

// ---- Punycode, RFC 3492

const BASE = 36;

function adapt(delta, count, first) {
  let rest = first ? Math.floor(delta / 700) : delta >> 1;
  rest += Math.floor(rest / count);
  let k = 0;
  for (; rest > 455; k += BASE) rest = Math.floor(rest / 35);
  return k + Math.floor((36 * rest) / (rest + 38));
}

const digit = (value) => String.fromCharCode(value < 26 ? value + 97 : value + 22);
const threshold = (k, bias) => (k <= bias ? 1 : k >= bias + 26 ? 26 : k - bias);

function toPunycode(label) {
  const points = [...label].map((each) => each.codePointAt(0));
  const basic = points.filter((point) => point < 128);
  let output = String.fromCharCode(...basic);
  if (basic.length > 0) output += '-';
  let [n, delta, bias, done] = [128, 0, 72, basic.length];
  while (done < points.length) {
    const next = Math.min(...points.filter((point) => point >= n));
    delta += (next - n) * (done + 1);
    n = next;
    for (const point of points) {
      if (point < n) delta++;
      if (point !== n) continue;
      let q = delta;
      for (let k = BASE; ; k += BASE) {
        const t = threshold(k, bias);
        if (q < t) break;
        output += digit(t + ((q - t) % (BASE - t)));
        q = Math.floor((q - t) / (BASE - t));
      }
      output += digit(q);
      bias = adapt(delta, done + 1, done === basic.length);
      delta = 0;
      done++;
    }
    delta++;
    n++;
  }
  return output;
}

function fromPunycode(text) {
  const at = text.lastIndexOf('-');
  const output = [...(at > 0 ? text.slice(0, at) : '')].map((each) => each.codePointAt(0));
  let [n, i, bias] = [128, 0, 72];
  for (let index = at > 0 ? at + 1 : 0; index < text.length;) {
    const old = i;
    for (let [w, k] = [1, BASE]; ; k += BASE) {
      const value = '0123456789'.includes(text[index]) ? Number(text[index]) + 26 : text.charCodeAt(index) - 97;
      if (index >= text.length || value < 0 || value > 35) return undefined;
      index++;
      i += value * w;
      const t = threshold(k, bias);
      if (value < t) break;
      w *= BASE - t;
    }
    bias = adapt(i - old, output.length + 1, old === 0);
    n += Math.floor(i / (output.length + 1));
    i %= output.length + 1;
    if (n > 0x10ffff) return undefined;
    output.splice(i++, 0, n);
  }
  return String.fromCodePoint(...output);
}

/** Lower case, compatibility forms folded, characters nobody sees dropped: what most names need of UTS 46. */
function mapDomain(domain) {
  return domain.replace(/[\u00ad\u200b\u2060\ufeff\ufe00-\ufe0f]/g, '').normalize('NFKC').toLowerCase()
    .replace(/[\u3002\uff0e\uff61]/g, '.').normalize('NFC');
}

const isAscii = (text) => !/[^\0-\u007f]/.test(text); // eslint-disable-line no-control-regex

function domainToASCII(domain) {
  if (isAscii(domain) && !/xn--/i.test(domain)) return domain.toLowerCase();
  const labels = mapDomain(domain).split('.').map((label) => {
    if (label.startsWith('xn--')) return fromPunycode(label.slice(4)) === undefined ? undefined : label;
    return isAscii(label) ? label : `xn--${toPunycode(label)}`;
  });
  return labels.includes(undefined) ? undefined : labels.join('.');
}

function domainToUnicode(domain) {
  return domain.split('.').map((label) => (label.startsWith('xn--') ? fromPunycode(label.slice(4)) ?? label : label)).join('.');
}

// ---- addresses

function ipv4Number(text) {
  if (text === '') return NaN;
  if (/^0[xX][0-9a-fA-F]*$/.test(text)) return text.length === 2 ? 0 : Number.parseInt(text, 16);
  if (/^0[0-7]+$/.test(text)) return Number.parseInt(text, 8);
  return /^(0|[1-9]\d*)$/.test(text) ? Number(text) : NaN;
}

function endsInNumber(host) {
  const parts = host.split('.');
  if (parts.at(-1) === '' && parts.length > 1) parts.pop();
  return /^\d+$/.test(parts.at(-1)) || /^0[xX][0-9a-fA-F]*$/.test(parts.at(-1));
}

function ipv4(host) {
  const parts = host.split('.');
  if (parts.at(-1) === '' && parts.length > 1) parts.pop();
  if (parts.length > 4) return undefined;
  const numbers = parts.map(ipv4Number);
  if (numbers.some(Number.isNaN) || numbers.slice(0, -1).some((each) => each > 255)) return undefined;
  if (numbers.at(-1) >= 256 ** (5 - numbers.length)) return undefined;
  let address = numbers.at(-1);
  numbers.slice(0, -1).forEach((each, i) => { address += each * 256 ** (3 - i); });
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.');
}

function ipv6Pieces(text) {
  const pieces = [];
  if (text === '') return pieces;
  const parts = text.split(':');
  for (let i = 0; i < parts.length; i++) {
    if (i === parts.length - 1 && parts[i].includes('.')) {
      const bytes = parts[i].split('.');
      if (bytes.length !== 4 || !bytes.every((each) => /^(0|[1-9]\d{0,2})$/.test(each) && Number(each) < 256)) return undefined;
      pieces.push(Number(bytes[0]) * 256 + Number(bytes[1]), Number(bytes[2]) * 256 + Number(bytes[3]));
    } else if (/^[0-9a-fA-F]{1,4}$/.test(parts[i])) {
      pieces.push(Number.parseInt(parts[i], 16));
    } else {
      return undefined;
    }
  }
  return pieces;
}

function ipv6(text) {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const [head, tail] = [ipv6Pieces(halves[0]), halves.length === 2 ? ipv6Pieces(halves[1]) : []];
  if (head === undefined || tail === undefined || (halves.length === 2 && halves[0].includes('.'))) return undefined;
  const missing = 8 - head.length - tail.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  return compressed([...head, ...new Array(missing).fill(0), ...tail]);
}

/** The longest run of zeros, two at least, becomes `::`. */
function compressed(pieces) {
  let [start, length] = [-1, 1];
  for (let i = 0; i < 8; i++) {
    let run = 0;
    while (i + run < 8 && pieces[i + run] === 0) run++;
    if (run > length) [start, length] = [i, run];
  }
  const hex = (list) => list.map((each) => each.toString(16)).join(':');
  return start === -1 ? hex(pieces) : `${hex(pieces.slice(0, start))}::${hex(pieces.slice(start + length))}`;
}

/** The host as it stands in a URL; undefined when it is none. */
function parseHost(text, special, percentEncode, percentDecode) {
  if (text.startsWith('[')) {
    const address = text.endsWith(']') ? ipv6(text.slice(1, -1)) : undefined;
    return address === undefined ? undefined : `[${address}]`;
  }
  if (!special) return FORBIDDEN.test(text) ? undefined : percentEncode(text);
  const ascii = domainToASCII(percentDecode(text));
  if (ascii === undefined || ascii === '' || FORBIDDEN_IN_DOMAIN.test(ascii)) return undefined;
  return endsInNumber(ascii) ? ipv4(ascii) : ascii;
}

module.exports = { parseHost, domainToASCII, domainToUnicode };
