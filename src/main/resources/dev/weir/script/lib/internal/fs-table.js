'use strict';

// Every file operation once: how its arguments become one call into Java and what it answers. `fs`, its `...Sync` twins and
// `fs/promises` are made from this table.

const { call, pathOf, fdOf, wholeOf, flagsOf, modeOf, optionsOf, dataOf } = require('internal/fs-calls');
const { Stats, Dirent } = require('internal/fs-stats');
const { invalidType, invalidValue, outOfRange, fromHost } = require('internal/io');

const plain = (op, syscall = op) => (path) => {
  const at = pathOf(path);
  return { call: call(op, syscall, at, null, null, 0, undefined, at) };
};

const twoPaths = (op) => (from, to) => {
  const [a, b] = [pathOf(from, 'oldPath'), pathOf(to, 'newPath')];
  return { call: call(op, op, a, b, null, 0, undefined, a, b) };
};

const stats = (op) => (path) => {
  const at = pathOf(path);
  return { call: call(op, op, at, null, null, 0, undefined, at), convert: (line) => new Stats(line) };
};

/** A time of `utimes` in seconds; one before 1970 is now, as in Node. */
function seconds(time) {
  // eslint-disable-next-line eqeqeq
  if (typeof time === 'string' && +time == time) return +time;
  if (Number.isFinite(time)) return time < 0 ? Date.now() / 1000 : time;
  if (time instanceof Date) return time.getTime() / 1000;
  throw invalidType('time', 'an instance of Date or an Time in seconds', time);
}

function bytesOrText(encoding) {
  return encoding && encoding !== 'buffer' ? (bytes) => fromHost(bytes).toString(encoding) : fromHost;
}

function readFile(path, options) {
  const { encoding, flag } = optionsOf(options, { flag: 'r' });
  const text = encoding === 'utf8' || encoding === 'utf-8';
  const convert = text ? (read) => read : bytesOrText(encoding);
  const op = text ? 'readText' : 'readFile';
  if (typeof path === 'number') return { call: call(op, 'read', null, null, null, path), convert };
  const at = pathOf(path);
  return { call: call(op, 'open', at, flagsOf(flag, 'r'), null, -1, undefined, at), convert };
}

const writing = (flag) => (path, data, options) => {
  const found = optionsOf(options, { flag, encoding: 'utf8' });
  const { text, view } = dataOf(data, found.encoding);
  if (typeof path === 'number') return { call: call('writeFile', 'write', null, null, text, path, view) };
  const at = pathOf(path);
  const flags = `${flagsOf(found.flag, flag)},${modeOf(found.mode, 0o666)}`;
  return { call: call('writeFile', 'open', at, flags, text, -1, view, at) };
};

function readdir(path, options) {
  const at = pathOf(path);
  const { withFileTypes, recursive, encoding } = optionsOf(options, {});
  const names = (joined) => (joined === '' ? [] : joined.split('\0'));
  const shown = (name) => (encoding === 'buffer' ? Buffer.from(name) : name);
  const convert = withFileTypes
    ? (joined) => names(joined).map((entry) => direntOf(at, entry))
    : (joined) => names(joined).map((entry) => shown(entry.slice(1)));
  return { call: call('readdir', 'scandir', at, recursive ? 'recursive' : null, null, 0, undefined, at), convert };
}

function direntOf(folder, entry) {
  const slash = entry.lastIndexOf('/');
  if (slash < 0) return new Dirent(entry.slice(1), folder, entry[0]);
  return new Dirent(entry.slice(slash + 1), `${folder}/${entry.slice(1, slash)}`, entry[0]);
}

function mkdir(path, options) {
  const at = pathOf(path);
  const recursive = typeof options === 'object' && options !== null && options.recursive === true;
  const mode = modeOf(typeof options === 'object' && options !== null ? options.mode : options, 0o777);
  const convert = recursive ? (first) => (first === null ? undefined : first) : () => undefined;
  return { call: call('mkdir', 'mkdir', at, recursive ? 'recursive' : null, null, mode, undefined, at), convert };
}

function rm(path, options) {
  const at = pathOf(path);
  const how = `${options && options.recursive ? 'r' : ''}${options && options.force ? 'f' : ''}`;
  return { call: call('rm', 'lstat', at, how, null, 0, undefined, at) };
}

function rmdir(path, options) {
  return options && options.recursive ? rm(path, { recursive: true }) : plain('rmdir')(path);
}

function access(path, mode) {
  const at = pathOf(path);
  return { call: call('access', 'access', at, null, null, modeOf(mode, 0), undefined, at) };
}

function copyFile(from, to, mode) {
  const [a, b] = [pathOf(from, 'src'), pathOf(to, 'dest')];
  return { call: call('copyFile', 'copyfile', a, b, null, modeOf(mode, 0), undefined, a, b) };
}

function cp(from, to, options) {
  const [a, b] = [pathOf(from, 'src'), pathOf(to, 'dest')];
  const { recursive, force = true, errorOnExist, dereference, preserveTimestamps, verbatimSymlinks, shallow } = options || {};
  const how = [[recursive, 'r'], [force, 'f'], [errorOnExist, 'x'], [dereference, 'd'], [preserveTimestamps, 't'], [verbatimSymlinks, 'v'], [shallow, 's']]
    .map(([wanted, letter]) => (wanted ? letter : '')).join('');
  return { call: call('cp', 'lstat', a, b, how, 0, undefined, a) };
}

function open(path, flags, mode) {
  const at = pathOf(path);
  return { call: call('open', 'open', at, flagsOf(flags, 'r'), null, modeOf(mode, 0o666), undefined, at), convert: Number };
}

const onFd = (op, syscall = op) => (fd) => ({ call: call(op, syscall, null, null, null, fdOf(fd)) });

function fstat(fd) {
  return { call: call('fstat', 'fstat', null, null, null, fdOf(fd)), convert: (line) => new Stats(line) };
}

function lengthOf(length) {
  return Math.max(0, wholeOf(length, 'len', Number.MIN_SAFE_INTEGER));
}

function truncate(path, length = 0) {
  const at = pathOf(path);
  return { call: call('truncate', 'open', at, null, null, lengthOf(length), undefined, at) };
}

function ftruncate(fd, length = 0) {
  return { call: call('ftruncate', 'ftruncate', null, String(lengthOf(length)), null, fdOf(fd)) };
}

function chmod(path, mode) {
  const at = pathOf(path);
  return { call: call('chmod', 'chmod', at, null, null, modeOf(mode, 0), undefined, at) };
}

function utimes(path, atime, mtime) {
  const at = pathOf(path);
  return { call: call('utimes', 'utime', at, String(seconds(atime)), String(seconds(mtime)), 0, undefined, at) };
}

function mkdtemp(prefix) {
  const at = pathOf(prefix, 'prefix');
  return { call: call('mkdtemp', 'mkdtemp', at, null, null, 0, undefined, `${at}XXXXXX`), convert: String };
}

function symlink(target, path) {
  const [to, at] = [pathOf(target, 'target'), pathOf(path)];
  return { call: call('symlink', 'symlink', to, at, null, 0, undefined, to, at) };
}

function readlink(path) {
  const at = pathOf(path);
  return { call: call('readlink', 'readlink', at, null, null, 0, undefined, at), convert: String };
}

function realpath(path) {
  const at = pathOf(path);
  return { call: call('realpath', 'lstat', at, null, null, 0, undefined, at), convert: String };
}

/** fs.write in its two shapes: (fd, buffer, offset, length, position) and (fd, text, position, encoding). */
function write(fd, data, a, b, c) {
  fdOf(fd);
  if (typeof data === 'string') {
    const { text, view } = dataOf(data, b);
    return { call: call('write', 'write', null, position(a), text, fd, view), convert: Number };
  }
  let { view } = dataOf(data);
  const options = typeof a === 'object' && a !== null ? a : { offset: a, length: b, position: c };
  const offset = options.offset ?? 0;
  const length = options.length ?? view.byteLength - offset;
  wholeOf(offset, 'offset', 0);
  if (offset > view.byteLength) throw outOfRange('offset', `<= ${view.byteLength}`, offset);
  checkLength(offset, length, view.byteLength);
  view = view.subarray(offset, offset + length);
  return { call: call('write', 'write', null, position(options.position), null, fd, view), convert: Number };
}

function checkLength(offset, length, room) {
  if (offset + length > room) throw outOfRange('length', `<= ${room - offset}`, length);
  wholeOf(length, 'length', 0);
}

function position(value) {
  if (typeof value === 'number') wholeOf(value, 'position', -1);
  return typeof value === 'number' || typeof value === 'bigint' ? String(value) : null;
}

/** fs.read: the bytes come back from Java and are put into the caller's buffer. */
function read(fd, buffer, offset, length, at) {
  fdOf(fd);
  let options = { offset, length, position: at };
  let target = buffer;
  if (buffer === undefined || (typeof buffer === 'object' && buffer !== null && !ArrayBuffer.isView(buffer))) {
    options = buffer || {};
    target = options.buffer || Buffer.alloc(16384);
  } else if (typeof offset === 'object' && offset !== null) options = offset;
  if (!ArrayBuffer.isView(target)) {
    throw invalidType('buffer', 'an instance of Buffer, TypedArray, or DataView', target);
  }
  const start = wholeOf(options.offset ?? 0, 'offset', 0);
  const wanted = options.length ?? target.byteLength - start;
  if (wanted !== 0 && target.byteLength === 0) throw invalidValue('buffer', target, 'is empty and cannot be written');
  checkLength(start, wanted, target.byteLength);
  const convert = (bytes) => {
    if (bytes === null) return 0;
    const source = new Uint8Array(new ArrayBuffer(bytes));
    new Uint8Array(target.buffer, target.byteOffset, target.byteLength).set(source, start);
    return source.length;
  };
  return { call: call('read', 'read', null, position(options.position), String(wanted), fd), convert, buffer: target };
}

module.exports = {
  access,
  appendFile: writing('a'),
  chmod,
  close: onFd('close'),
  copyFile,
  cp,
  fdatasync: onFd('fsync', 'fdatasync'),
  fstat,
  fsync: onFd('fsync'),
  ftruncate,
  link: twoPaths('link'),
  lstat: stats('lstat'),
  mkdir,
  mkdtemp,
  open,
  read,
  readFile,
  readdir,
  readlink,
  realpath,
  rename: twoPaths('rename'),
  rm,
  rmdir,
  stat: stats('stat'),
  symlink,
  truncate,
  unlink: plain('unlink'),
  utimes,
  write,
  writeFile: writing('w'),
};
