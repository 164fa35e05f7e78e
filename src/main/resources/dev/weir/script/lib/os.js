'use strict';
// A little of Node's `os`: what the host binding `os` tells, never more than a script may know.

const host = binding('os');
const SIGNALS = ['HUP', 'INT', 'QUIT', 'ILL', 'TRAP', 'ABRT', 'BUS', 'FPE', 'KILL', 'USR1', 'SEGV', 'USR2', 'PIPE', 'ALRM', 'TERM',
  'STKFLT', 'CHLD', 'CONT', 'STOP', 'TSTP', 'TTIN', 'TTOU', 'URG', 'XCPU', 'XFSZ', 'VTALRM', 'PROF', 'WINCH', 'IO', 'PWR', 'SYS'];
const errno = {
  EPERM: 1, ENOENT: 2, EINTR: 4, EIO: 5, EBADF: 9, EAGAIN: 11, ENOMEM: 12, EACCES: 13, EBUSY: 16, EEXIST: 17, EXDEV: 18,
  ENOTDIR: 20, EISDIR: 21, EINVAL: 22, EMFILE: 24, EFBIG: 27, ENOSPC: 28, EROFS: 30, EPIPE: 32, ENOTEMPTY: 39,
  EADDRINUSE: 98, ENETUNREACH: 101, ECONNABORTED: 103, ECONNRESET: 104, ENOTCONN: 107, ETIMEDOUT: 110,
  ECONNREFUSED: 111, EHOSTUNREACH: 113,
};

module.exports = {
  EOL: '\n',
  devNull: '/dev/null',
  constants: { signals: { ...Object.fromEntries(SIGNALS.map((name, i) => [`SIG${name}`, i + 1])), SIGIOT: 6, SIGPOLL: 29 }, errno },
  arch: () => process.arch ?? 'x64',
  platform: () => process.platform,
  type: () => 'Linux',
  release: () => '',
  endianness: () => 'LE',
  hostname: () => host?.hostname() ?? 'localhost',
  tmpdir: () => '/tmp',
  homedir: () => process.cwd(),
  uptime: () => host?.uptime() ?? require('perf_hooks').performance.now() / 1000,
  loadavg: () => [0, 0, 0],
  totalmem: () => host?.totalmem() ?? 0,
  freemem: () => host?.freemem() ?? 0,
  availableParallelism: () => host?.processors() ?? 1,
  cpus: () => Array.from({ length: host?.processors() ?? 1 }, () => ({ model: '', speed: 0, times: {} })),
  networkInterfaces: () => ({}),
};
