'use strict';

// What fs.cp says when it does not copy, and copying with a filter, which is asked for every file and folder.

const fs = require('fs');
const path = require('path');

// By the host's code: Node's, its words, the system's code and number, whether it is about the source, and what is wrong.
const FAILURES = {
  CP_SAME: ['ERR_FS_CP_EINVAL', 'Invalid src or dest', 'EINVAL', 22, false, () => 'src and dest cannot be the same'],
  CP_INSIDE: ['ERR_FS_CP_EINVAL', 'Invalid src or dest', 'EINVAL', 22, false, (from, to) => `cannot copy ${from} to a subdirectory of self ${to}`],
  CP_FOLDER: ['ERR_FS_EISDIR', 'Path is a directory', 'EISDIR', 22, true, (from) => `${from} is a directory (not copied)`],
  CP_EXISTS: ['ERR_FS_CP_EEXIST', 'Target already exists', 'EEXIST', 17, false, (from, to) => `${to} already exists`],
  CP_ONTO_FILE: ['ERR_FS_CP_DIR_TO_NON_DIR', 'Cannot overwrite non-directory with directory', 'EISDIR', 21, false, (from, to) => `cannot overwrite non-directory ${to} with directory ${from}`],
  CP_ONTO_FOLDER: ['ERR_FS_CP_NON_DIR_TO_DIR', 'Cannot overwrite directory with non-directory', 'ENOTDIR', 20, false, (from, to) => `cannot overwrite directory ${to} with non-directory ${from}`],
};

exports.failure = function failure(outcome, source, target) {
  const [code, words, system, errno, ofSource, saying] = FAILURES[outcome.code];
  const [from, to] = outcome.why ? [path.join(source, outcome.why), path.join(target, outcome.why)] : [source, target];
  const at = ofSource ? from : to;
  const message = saying(from, to);
  const error = new Error(`${words}: cp returned ${system} (${message}) ${at}`);
  Object.defineProperty(error, 'name', { value: 'SystemError', configurable: true, writable: true });
  return Object.assign(error, { code, info: { message, path: at, syscall: 'cp', errno, code: system }, errno, syscall: 'cp', path: at });
};

const within = (from, to, names) => names.map((name) => [path.join(from, name), path.join(to, name)]);

exports.filteredSync = function filteredSync(from, to, options) {
  if (!options.filter(from, to)) return;
  fs.cpSync(from, to, { ...options, filter: undefined, shallow: true });
  const stats = options.dereference ? fs.statSync(from) : fs.lstatSync(from);
  if (!stats.isDirectory()) return;
  for (const [each, target] of within(from, to, fs.readdirSync(from))) filteredSync(each, target, options);
};

exports.filtered = async function filtered(from, to, options) {
  if (!(await options.filter(from, to))) return;
  await fs.promises.cp(from, to, { ...options, filter: undefined, shallow: true });
  const stats = await (options.dereference ? fs.promises.stat(from) : fs.promises.lstat(from));
  if (!stats.isDirectory()) return;
  for (const [each, target] of within(from, to, await fs.promises.readdir(from))) await filtered(each, target, options);
};
