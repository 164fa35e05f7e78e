'use strict';
// What a script sees of its process: this verticle, in this JVM.
const host = binding('process');
const loop = binding('loop');
const console = binding('console');
const EventEmitter = emitter();

function emitter() {
  try {
    return require('events');
  } catch {
    return class Plain {
      on(name, listener) {
        ((this.listeners ??= {})[name] ??= []).push(listener);
        return this;
      }
      emit(name, ...args) {
        const all = this.listeners?.[name] ?? [];
        all.forEach((each) => each.apply(this, args));
        return all.length > 0;
      }
    };
  }
}

class Process extends EventEmitter {}
Object.defineProperty(Process.prototype, Symbol.toStringTag, { value: 'process', configurable: true });
const process = new Process();

const env = {};
for (const name of host.environmentNames().split('\n')) if (name !== '') env[name] = host.environment(name);

const argv = ['java', host.file()];
for (let i = 0; i < host.argumentCount(); i++) argv.push(host.argument(i));

function hrtime(previous) {
  const nanos = host.nanos();
  let seconds = Math.floor(nanos / 1e9);
  let rest = nanos - seconds * 1e9;
  if (previous !== undefined) {
    seconds -= previous[0];
    rest -= previous[1];
    if (rest < 0) {
      seconds--;
      rest += 1e9;
    }
  }
  return [seconds, rest];
}
hrtime.bigint = () => BigInt(host.nanos());

function stream(error) {
  return {
    isTTY: false,
    fd: error ? 2 : 1,
    writable: true,
    write(chunk, encoding, callback) {
      console.write(error, typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString());
      const done = typeof encoding === 'function' ? encoding : callback;
      if (typeof done === 'function') loop.nextTick(done);
      return true;
    },
    end(chunk, encoding, callback) {
      if (chunk !== undefined && typeof chunk !== 'function') this.write(chunk, encoding, callback);
    },
    on() {
      return this;
    },
    once() {
      return this;
    },
    emit() {
      return false;
    },
    removeListener() {
      return this;
    },
  };
}

module.exports = Object.assign(process, {
  title: 'weir',
  version: 'v20.0.0',
  versions: { node: '20.0.0', java: host.java() },
  arch: host.architecture(),
  platform: host.platform(),
  release: { name: 'node' },
  argv,
  argv0: 'java',
  execArgv: [],
  execPath: 'java',
  env,
  pid: host.pid(),
  nextTick: loop.nextTick,
  cwd: () => host.folder(),
  hrtime,
  uptime: () => host.age() / 1e9,
  memoryUsage: () => ({
    rss: host.heapTotal(),
    heapTotal: host.heapTotal(),
    heapUsed: host.heapUsed(),
    external: 0,
    arrayBuffers: 0,
  }),
  stdout: stream(false),
  stderr: stream(true),
  emitWarning(warning, type, code) {
    const given = type !== null && typeof type === 'object' ? type : { type, code };
    const error = warning instanceof Error ? warning : Object.assign(new Error(String(warning)), { name: String(given.type || 'Warning') });
    if (error !== warning && typeof given.code === 'string') error.code = given.code;
    loop.nextTick(() => {
      process.emit('warning', error);
      console.line('warn', `(weir) ${error.code ? `[${error.code}] ` : ''}${error.name}: ${error.message}`);
    });
  },
  kill(pid, signal) {
    if (pid != (pid | 0)) throw new (codes().ERR_INVALID_ARG_TYPE)('pid', 'number', pid);
    const { signals } = require('os').constants;
    const number = typeof signal === 'number' ? signal : signals[signal ?? 'SIGTERM'];
    if (number === undefined) throw new (codes().ERR_UNKNOWN_SIGNAL)(signal);
    const name = Object.keys(signals).find((each) => signals[each] === number);
    if (number !== 0 && name === undefined) throw failed('kill', 'EINVAL', -22);
    if (Number(pid) !== process.pid || !host.ownsSignals()) throw failed('kill', 'EPERM', -1);
    if (number !== 0) host.raise(name.slice(3));
    return true;
  },
  reallyExit(code = 0) {
    loop.die();
    host.exit(code & 255);
  },
  exit(code) {
    if (arguments.length > 0) process.exitCode = code;
    process.reallyExit(loop.exitEvent(process));
  },
});

let exitCode;
Object.defineProperty(process, 'exitCode', {
  enumerable: true,
  configurable: false,
  get: () => exitCode,
  set(code) {
    if (code !== null && code !== undefined) {
      const number = typeof code === 'string' && code !== '' ? Number(code) : code;
      const isText = typeof code === 'string' && Number.isNaN(number);
      require('internal/validators').validateInteger(isText ? code : number, 'code');
    }
    exitCode = code;
  },
});

function codes() {
  return require('internal/errors').codes;
}

function failed(call, code, errno) {
  return Object.assign(new Error(`${call} ${code}`), { errno, code, syscall: call });
}

// A signal with a listener does that instead of ending the program; it keeps no program running. Those of a node are not heard here.
const heard = new Map();

function begin(name) {
  if (typeof name !== 'string' || !name.startsWith('SIG') || heard.has(name) || !host.ownsSignals()) return;
  const number = require('os').constants.signals[name];
  if (number === undefined) return;
  const giveBack = host.signal(name.slice(3), () => process.emit(name, name, number));
  if (giveBack === null) throw failed('uv_signal_start', 'EINVAL', -22);
  heard.set(name, giveBack);
}

function end(name) {
  if (!heard.has(name) || process.listenerCount(name) > 0) return;
  heard.get(name).close();
  heard.delete(name);
}

if (process.listenerCount !== undefined) {
  process.on('newListener', begin);
  process.on('removeListener', end);
}
