'use strict';
// Node's `path` of POSIX systems; `path.win32` has its own file.

const { validateObject, validateString } = require('internal/validators');

/** Resolves . and .. of the segments; `above` says whether .. may lead out of what is given. */
function reduce(segments, above) {
  const kept = [];
  for (const segment of segments) {
    if (segment === '' || segment === '.') continue;
    if (segment !== '..') kept.push(segment);
    else if (kept.length > 0 && kept.at(-1) !== '..') kept.pop();
    else if (above) kept.push('..');
  }
  return kept;
}

function resolve(...paths) {
  let resolved = '';
  for (let i = paths.length - 1; i >= -1 && !resolved.startsWith('/'); i--) {
    const path = i >= 0 ? paths[i] : process.cwd();
    if (i >= 0) validateString(path, `paths[${i}]`);
    if (path !== '') resolved = `${path}/${resolved}`;
  }
  return `/${reduce(resolved.split('/'), false).join('/')}`;
}

function normalize(path) {
  validateString(path, 'path');
  if (path === '') return '.';
  const absolute = path.startsWith('/');
  let result = reduce(path.split('/'), !absolute).join('/');
  if (result === '' && !absolute) result = '.';
  if (result !== '' && path.endsWith('/')) result += '/';
  return absolute ? `/${result}` : result;
}

function isAbsolute(path) {
  validateString(path, 'path');
  return path.startsWith('/');
}

function join(...paths) {
  for (const path of paths) validateString(path, 'path');
  const joined = paths.filter((path) => path !== '').join('/');
  return joined === '' ? '.' : normalize(joined);
}

function relative(from, to) {
  validateString(from, 'from');
  validateString(to, 'to');
  if (from === to) return '';
  const here = resolve(from).split('/').filter(Boolean);
  const there = resolve(to).split('/').filter(Boolean);
  let same = 0;
  while (same < here.length && same < there.length && here[same] === there[same]) same++;
  return [...here.slice(same).map(() => '..'), ...there.slice(same)].join('/');
}

function dirname(path) {
  validateString(path, 'path');
  if (path === '') return '.';
  const trimmed = path.replace(/\/+$/, '');
  if (trimmed === '') return '/';
  const at = trimmed.lastIndexOf('/');
  if (at === -1) return '.';
  const parent = trimmed.slice(0, at);
  if (parent === '') return '/';
  return /^\/+$/.test(parent) ? '//' : parent;
}

function basename(path, suffix) {
  if (suffix !== undefined) validateString(suffix, 'suffix');
  validateString(path, 'path');
  const base = path.replace(/\/+$/, '').split('/').at(-1);
  return suffix && base !== suffix && base.endsWith(suffix) ? base.slice(0, -suffix.length) : base;
}

function extensionOf(base) {
  const at = base.lastIndexOf('.');
  return at <= 0 || base === '..' ? '' : base.slice(at);
}

function extname(path) {
  validateString(path, 'path');
  return extensionOf(path.replace(/\/+$/, '').split('/').at(-1));
}

const withDot = (ext) => (ext && ext[0] !== '.' ? `.${ext}` : ext || '');

function formatter(separator) {
  return function format(pathObject) {
    validateObject(pathObject, 'pathObject');
    const dir = pathObject.dir || pathObject.root;
    const base = pathObject.base || `${pathObject.name || ''}${withDot(pathObject.ext)}`;
    if (!dir) return base;
    return dir === pathObject.root ? `${dir}${base}` : `${dir}${separator}${base}`;
  };
}

function parse(path) {
  validateString(path, 'path');
  const root = path.startsWith('/') ? '/' : '';
  const trimmed = path.replace(/\/+$/, '');
  const base = trimmed.split('/').at(-1);
  const ext = extensionOf(base);
  const at = trimmed.lastIndexOf('/');
  const dir = at > 0 ? trimmed.slice(0, at) : root;
  return { root, dir, base, ext, name: base.slice(0, base.length - ext.length) };
}

const posix = {
  resolve,
  normalize,
  isAbsolute,
  join,
  relative,
  toNamespacedPath: (path) => path,
  dirname,
  basename,
  extname,
  format: formatter('/'),
  parse,
  sep: '/',
  delimiter: ':',
  win32: null,
  posix: null,
};
posix.posix = posix;
posix.win32 = require('internal/path_win32').create({ reduce, extensionOf, formatter });
posix.win32.win32 = posix.win32;
posix.win32.posix = posix;
posix._makeLong = posix.toNamespacedPath;

module.exports = posix;
