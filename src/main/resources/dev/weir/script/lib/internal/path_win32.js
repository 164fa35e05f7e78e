'use strict';
// Node's `path.win32`: drive letters, UNC roots, both slashes.

const { validateString } = require('internal/validators');

/** Root (`C:\`, `C:`, `\\server\share\`, `\` or none), its device, and whether the path is absolute. */
function rootOf(path) {
  const drive = /^[a-zA-Z]:/.exec(path);
  if (drive) {
    const absolute = /^[\\/]/.test(path.slice(2));
    return { device: drive[0], root: absolute ? path.slice(0, 3) : drive[0], absolute };
  }
  const unc = /^[\\/]{2}([^\\/]+)[\\/]+([^\\/]+)/.exec(path);
  if (unc) {
    const slash = path.length > unc[0].length ? 1 : 0;
    return { device: `\\\\${unc[1]}\\${unc[2]}`, root: path.slice(0, unc[0].length + slash), absolute: true, unc: true };
  }
  return /^[\\/]/.test(path) ? { device: '', root: path[0], absolute: true } : { device: '', root: '', absolute: false };
}

const split = (path) => path.split(/[\\/]+/);
const trim = (path, root) => {
  let end = path.length;
  while (end > root.length && /[\\/]/.test(path[end - 1])) end--;
  return path.slice(0, end);
};

function create({ reduce, extensionOf, formatter }) {
  function resolve(...paths) {
    let device = '';
    let absolute = false;
    let tail = '';
    for (let i = paths.length - 1; i >= -1 && !(absolute && device !== ''); i--) {
      const path = i >= 0 ? paths[i] : process.cwd();
      if (i >= 0) validateString(path, `paths[${i}]`);
      if (path === '') continue;
      const found = rootOf(path);
      if (found.device !== '') {
        if (device !== '' && device.toLowerCase() !== found.device.toLowerCase()) continue;
        device ||= found.device;
      }
      if (!absolute) {
        tail = `${path.slice(found.root.length)}\\${tail}`;
        absolute = found.absolute;
      }
    }
    const rest = reduce(split(tail), !absolute).join('\\');
    return absolute ? `${device}\\${rest}` : `${device}${rest}` || '.';
  }

  function normalize(path) {
    validateString(path, 'path');
    if (path === '') return '.';
    const { device, root, absolute } = rootOf(path);
    let tail = reduce(split(path.slice(root.length)), !absolute).join('\\');
    if (tail === '' && !absolute) tail = '.';
    if (tail !== '' && /[\\/]$/.test(path)) tail += '\\';
    return absolute ? `${device}\\${tail}` : `${device}${tail}`;
  }

  function isAbsolute(path) {
    validateString(path, 'path');
    return rootOf(path).absolute;
  }

  function join(...paths) {
    for (const path of paths) validateString(path, 'path');
    const parts = paths.filter((path) => path !== '');
    if (parts.length === 0) return '.';
    let joined = parts.join('\\');
    if (!/^[\\/]{2}[^\\/]/.test(parts[0])) joined = joined.replace(/^[\\/]{2,}/, '\\'); // only a UNC first part makes a UNC path
    return normalize(joined);
  }

  function relative(from, to) {
    validateString(from, 'from');
    validateString(to, 'to');
    const here = resolve(from);
    const there = resolve(to);
    if (here.toLowerCase() === there.toLowerCase()) return '';
    const a = here.split('\\').filter(Boolean);
    const b = there.split('\\').filter(Boolean);
    let same = 0;
    while (same < a.length && same < b.length && a[same].toLowerCase() === b[same].toLowerCase()) same++;
    return same === 0 ? there : [...a.slice(same).map(() => '..'), ...b.slice(same)].join('\\');
  }

  function dirname(path) {
    validateString(path, 'path');
    if (path === '') return '.';
    const { root } = rootOf(path);
    const trimmed = trim(path, root);
    const at = Math.max(trimmed.lastIndexOf('\\'), trimmed.lastIndexOf('/'));
    if (at < root.length) return root || '.';
    return trimmed.slice(0, at) || root || '.';
  }

  const lastOf = (path) => {
    const { root, unc } = rootOf(path);
    return unc && path.length <= root.length ? '' : split(trim(path, root).slice(root.length)).at(-1);
  };

  function basename(path, suffix) {
    if (suffix !== undefined) validateString(suffix, 'suffix');
    validateString(path, 'path');
    const base = lastOf(path);
    return suffix && base !== suffix && base.endsWith(suffix) ? base.slice(0, -suffix.length) : base;
  }

  function parse(path) {
    validateString(path, 'path');
    const { root } = rootOf(path);
    const base = lastOf(path);
    const ext = extensionOf(base);
    const trimmed = trim(path, root);
    const at = Math.max(trimmed.lastIndexOf('\\'), trimmed.lastIndexOf('/'));
    return { root, dir: at >= root.length ? trimmed.slice(0, at) : root, base, ext, name: base.slice(0, base.length - ext.length) };
  }

  function toNamespacedPath(path) {
    if (typeof path !== 'string' || path === '') return path;
    const resolved = resolve(path);
    if (/^\\\\[^.?]/.test(resolved)) return `\\\\?\\UNC\\${resolved.slice(2)}`;
    return /^[a-zA-Z]:\\/.test(resolved) ? `\\\\?\\${resolved}` : path;
  }

  return {
    resolve,
    normalize,
    isAbsolute,
    join,
    relative,
    toNamespacedPath,
    dirname,
    basename,
    extname(path) {
      validateString(path, 'path');
      return extensionOf(lastOf(path));
    },
    format: formatter('\\'),
    parse,
    sep: '\\',
    delimiter: ';',
    win32: null,
    posix: null,
    _makeLong: toNamespacedPath,
  };
}

module.exports = { create };
