// The script's side of the loop and the loader. Evaluated once per context; gets the host's calls, answers the loop's entries.
(function (host) {
  'use strict';

  const Graal = globalThis.Graal;
  delete globalThis.Graal;
  delete globalThis.MLE;
  for (const name of ['dispose', 'asyncDispose']) {
    if (!(name in Symbol)) Object.defineProperty(Symbol, name, { value: Symbol(`Symbol.${name}`) });
  }

  // Where a test's clock jumps, dates go by it as timers do.
  if (host.jumps()) {
    const Real = globalThis.Date;
    const { value: natural, ...attributes } = Object.getOwnPropertyDescriptor(Real, 'now');
    Object.defineProperty(Real, natural.name, { ...attributes, value: { now: () => host.wallMillis() }.now });
    globalThis.Date = Real.prototype.constructor = new Proxy(Real, {
      apply: () => new Real(Real.now()).toString(),
      construct: (real, given, made) => Reflect.construct(real, given.length === 0 ? [Real.now()] : given, made),
    });
  }

  // ---- ticks -------------------------------------------------------------------------------------------------------------
  let queue = [];
  let inside = false; // whether someone drains the queue before returning to the host
  let told = false; // whether the host knows that there are ticks
  let late = false; // whether promise jobs go before ticks, once
  let dead = false; // ended by process.exit or an error nobody caught

  // What async_hooks.js does once somebody uses it: lets a callback run in the frame of whoever gave it, and others in none.
  let carry = null;
  let reset = null;

  function nextTick(callback, ...args) {
    if (typeof callback !== 'function') throw invalidType('callback', 'of type function', callback);
    const tick = args.length === 0 ? callback : () => callback(...args);
    queue.push(carry === null ? tick : carry(tick));
    if (!inside && !told) {
      told = true;
      host.ticks();
    }
  }

  function drain() {
    told = false;
    inside = true;
    for (let i = 0; i < queue.length && !dead; i++) {
      if (i === 4096) {
        queue = queue.slice(i);
        i = 0;
      }
      const tick = queue[i];
      if (reset !== null) reset();
      try {
        tick();
      } catch (error) {
        uncaught(error);
      }
    }
    queue = [];
    inside = false;
  }

  // ---- entries: each is one macro task -------------------------------------------------------------------------------------
  function enter0(fn) {
    inside = true;
    if (reset !== null) reset();
    try {
      fn();
    } catch (error) {
      uncaught(error);
    }
    if (queue.length !== 0) drain();
    inside = false;
  }

  function enter1(fn, a) {
    inside = true;
    if (reset !== null) reset();
    try {
      fn(a);
    } catch (error) {
      uncaught(error);
    }
    if (queue.length !== 0) {
      if (late) {
        // As in Node: an ES module runs in a promise job, so promise jobs go first.
        late = false;
        told = true;
        host.ticks();
      } else {
        drain();
      }
    }
    inside = false;
  }

  function enter2(fn, a, b) {
    inside = true;
    if (reset !== null) reset();
    try {
      fn(a, b);
    } catch (error) {
      uncaught(error);
    }
    if (queue.length !== 0) drain();
    inside = false;
  }

  function enterN(fn, ...args) {
    enter0(() => fn(...args));
  }

  // ---- errors --------------------------------------------------------------------------------------------------------------
  function uncaught(error, origin = 'uncaughtException') {
    const process = processIfUsed();
    if (process !== undefined) {
      try {
        process.emit('uncaughtExceptionMonitor', error, origin);
        if (process.emit('uncaughtException', error, origin)) return;
      } catch (another) {
        dead = true;
        host.fatal('Uncaught ' + describe(another), 7);
        return;
      }
    }
    dead = true;
    const text = 'Uncaught ' + describe(error);
    if (process !== undefined && !process._exiting) {
      process._exiting = true;
      process.exitCode = 1;
      try {
        process.emit('exit', 1);
      } catch {
        // The first error is told, as in Node.
      }
    }
    host.fatal(text, process?.exitCode == null ? 1 : codeOf(process));
  }

  function codeOf(process) {
    return Number(process?.exitCode ?? 0) & 255;
  }

  /**
   * Tells `exit` listeners, once; the code the program ends with.
   * @param unfinished whether a module still waits for something, and nothing is left that could bring it
   */
  function exitEvent(process, unfinished = false) {
    if (process === undefined) return 0;
    if (!process._exiting) {
      process._exiting = true;
      const code = process.exitCode || 0;
      if (unfinished) process.exitCode ??= 13;
      try {
        process.emit('exit', code);
      } catch (error) {
        uncaught(error);
      }
    }
    return codeOf(process);
  }

  function describe(error) {
    if (error !== null && typeof error === 'object' && typeof error.stack === 'string') {
      let text = error.stack;
      for (let cause = error.cause, n = 0; cause && typeof cause.stack === 'string' && n < 8; cause = cause.cause, n++) {
        text += '\n  [cause]: ' + cause.stack.replaceAll('\n', '\n  ');
      }
      return host.placed(text);
    }
    try {
      return requireCore('util').inspect(error);
    } catch {
      return String(error);
    }
  }

  const pending = new Map();
  Graal.setUnhandledPromiseRejectionHandler((reason, promise) => {
    if (pending.size === 0) host.rejected();
    pending.set(promise, reason);
  });

  function rejections() {
    const found = Array.from(pending);
    pending.clear();
    enter0(() => found.forEach(([promise, reason]) => unhandled(reason, promise)));
  }

  function unhandled(reason, promise) {
    if (dead) return;
    const process = processIfUsed();
    if (process !== undefined && process.emit('unhandledRejection', reason, promise)) return;
    if (reason instanceof Error) {
      uncaught(reason, 'unhandledRejection');
    } else {
      const error = new Error(
        'This error originated either by throwing inside of an async function without a catch block, or by rejecting a ' +
          'promise which was not handled with .catch(). The promise rejected with the reason "' + describe(reason) + '".');
      error.code = 'ERR_UNHANDLED_REJECTION';
      uncaught(error, 'unhandledRejection');
    }
  }

  function brief(value) {
    const text = String(value);
    const short = text.length > 25 ? text.slice(0, 25) + '...' : text;
    return typeof value === 'string' ? `'${short}'` : typeof value === 'bigint' ? short + 'n' : short;
  }

  function invalidType(name, expected, value) {
    let got = typeof value === 'function' ? `function ${value.name}` : `type ${typeof value} (${brief(value)})`;
    if (value === null || value === undefined) got = String(value);
    else if (typeof value === 'object') got = `an instance of ${value.constructor?.name ?? 'Object'}`;
    const error = new TypeError(`The "${name}" argument must be ${expected}. Received ${got}`);
    error.code = 'ERR_INVALID_ARG_TYPE';
    return error;
  }

  // ---- modules -------------------------------------------------------------------------------------------------------------
  const library = new Map(); // core modules and packages of the class path, by key
  const cache = Object.create(null); // the user's modules, by file
  let mainModule;

  function resolve(from, request) {
    if (typeof request !== 'string') throw invalidType('id', 'of type string', request);
    const key = host.resolve(from, request);
    if (key.charCodeAt(0) !== 33) return key;
    const error = failing(key);
    if (error.code === 'MODULE_NOT_FOUND') error.requireStack = [from];
    throw error;
  }

  function load(key, parent) {
    return key.startsWith('node:') || key.startsWith('webjar:') ? loadLibrary(key) : loadFile(key, parent);
  }

  function requireCore(name) {
    return load(resolve('node:internal', name));
  }

  function loadLibrary(key) {
    let module = library.get(key);
    if (module !== undefined) return module.exports;
    module = { exports: {}, id: key, filename: key, loaded: false };
    library.set(key, module);
    try {
      if (key.endsWith('.json')) {
        module.exports = JSON.parse(host.text(key));
      } else {
        const require = (request) => load(resolve(key, request));
        require.resolve = (request) => resolve(key, request);
        host.compile(key)(module.exports, require, module, key, '.', binding);
      }
      module.loaded = true;
    } catch (error) {
      library.delete(key);
      throw error;
    }
    return module.exports;
  }

  function Module(id, parent) {
    this.id = id;
    this.path = id.slice(0, Math.max(id.lastIndexOf('/'), 1));
    this.exports = {};
    this.filename = id;
    this.loaded = false;
    this.children = [];
    this.parent = parent;
    if (parent) parent.children.push(this);
    places.set(this, id);
  }
  // Where modules are looked for from: their own `filename` can be written.
  const places = new WeakMap();
  const placeOf = (module) => {
    const place = places.get(module);
    if (place === undefined) throw invalidType('this', 'an instance of Module', module);
    return place;
  };
  Module.prototype.require = function (request) {
    return load(resolve(placeOf(this), request), this);
  };

  function loadFile(key, parent) {
    const known = cache[key];
    if (known !== undefined) return known.exports;
    if (host.isModule(key)) {
      const error = new Error(`require() of ES Module ${key} from ${parent?.filename ?? '.'} not supported.\n` +
        `Instead change the require of ${key} to a dynamic import() which is available in all CommonJS modules.`);
      error.code = 'ERR_REQUIRE_ESM';
      throw error;
    }
    const module = new Module(key, parent);
    cache[key] = module;
    try {
      if (key.endsWith('.json')) module.exports = parseJson(key);
      else execute(module, key);
      module.loaded = true;
    } catch (error) {
      delete cache[key];
      throw error;
    }
    return module.exports;
  }

  function parseJson(key) {
    try {
      return JSON.parse(host.text(key));
    } catch (error) {
      error.message = key + ': ' + error.message;
      throw error;
    }
  }

  function execute(module, key) {
    if (mainModule === undefined) {
      mainModule = module;
      module.id = '.';
    }
    host.compile(key).call(module.exports, module.exports, requireOf(module), module, key, module.path);
  }

  function requireOf(module) {
    const require = (request) => load(resolve(placeOf(module), request), module);
    require.resolve = (request) => resolve(placeOf(module), request);
    require.cache = cache;
    require.main = mainModule;
    require.extensions = Object.create(null);
    return require;
  }

  const native = { TextEncoder: globalThis.TextEncoder, TextDecoder: globalThis.TextDecoder }; // the engine's own
  const bindings = new Map();
  function binding(name) {
    if (name === 'loop') return loop;
    if (name === 'native') return native;
    let made = bindings.get(name);
    if (made === undefined) {
      made = host.binding(name) ?? undefined;
      bindings.set(name, made);
    }
    return made;
  }

  let unsettled = false;
  function main(file) {
    if (!host.isModule(file)) {
      loadFile(file, undefined);
      host.up();
      return;
    }
    late = true;
    unsettled = true;
    const up = () => {
      unsettled = false;
      host.up();
    };
    const done = host.evaluate(file);
    if (done instanceof Promise) done.then(up, uncaught);
    else up();
  }

  // What the modules that stand for core and CommonJS modules in imports call: it gives what an import has found, nothing else.
  Object.defineProperty(globalThis, Symbol.for('weir.load'), {
    value: (key) => {
      if (typeof key !== 'string' || !host.imported(key)) throw failing('!ERR_ACCESS_DENIED\nno import has found ' + key);
      return load(key);
    },
  });

  function failing(said) {
    const line = said.indexOf('\n');
    const error = new Error(said.slice(line + 1));
    error.code = said.slice(1, line);
    return error;
  }

  // ---- globals, each made when it is first asked for ---------------------------------------------------------------------
  function lazily(name, module, property = name, enumerable = true) {
    Object.defineProperty(globalThis, name, {
      configurable: true,
      enumerable,
      get() {
        const value = property === null ? requireCore(module) : requireCore(module)[property];
        define(name, value, enumerable);
        return value;
      },
      set(value) {
        define(name, value, enumerable);
      },
    });
  }
  function define(name, value, enumerable) {
    Object.defineProperty(globalThis, name, { configurable: true, enumerable, writable: true, value });
  }

  for (const name of ['setTimeout', 'setInterval', 'setImmediate', 'clearTimeout', 'clearInterval', 'clearImmediate']) {
    lazily(name, 'timers');
  }
  lazily('process', 'process', null, false);
  lazily('console', 'console', null, false);
  lazily('Buffer', 'buffer', 'Buffer', false);
  for (const name of ['atob', 'btoa', 'Blob', 'File']) lazily(name, 'buffer');
  lazily('performance', 'perf_hooks');
  lazily('structuredClone', 'internal/clone');
  for (const name of ['Event', 'EventTarget', 'CustomEvent']) lazily(name, 'internal/event_target', name, false);
  for (const name of ['AbortController', 'AbortSignal']) lazily(name, 'internal/abort', name, false);
  for (const name of ['URL', 'URLSearchParams']) lazily(name, 'url', name, false);
  for (const name of ['fetch', 'Headers', 'Request', 'Response']) lazily(name, 'internal/fetch', name, name === 'fetch');
  lazily('WebSocket', 'ws', 'WebSocket', false);
  for (const name of ['TextEncoder', 'TextDecoder']) lazily(name, 'internal/encoding', name, false);
  lazily('DOMException', 'internal/dom_exception', 'DOMException', false);
  for (const name of ['PerformanceEntry', 'PerformanceMark', 'PerformanceMeasure', 'PerformanceObserver']) lazily(name, 'perf_hooks', name, false);
  define('queueMicrotask', function queueMicrotask(callback) {
    if (typeof callback !== 'function') throw invalidType('callback', 'of type function', callback);
    Promise.resolve().then(() => {
      try {
        callback();
      } catch (error) {
        uncaught(error);
      }
    });
  }, true);

  function processIfUsed() {
    const module = library.get('node:process');
    return module !== undefined && module.loaded ? module.exports : undefined;
  }

  // ---- what core modules may use of this, by binding('loop') ----------------------------------------------------------------
  const loop = {
    nextTick,
    uncaught,
    describe,
    invalidType,
    arm: (millis) => host.arm(millis),
    immediates: () => host.immediates(),
    millis: () => host.millis(),
    alive: (some) => host.alive(some),
    exitEvent,
    die() {
      dead = true;
    },
    step(callback) {
      enter0(callback);
    },
    carry: (callback) => (carry === null ? callback : carry(callback)),
    track(carrying, resetting) {
      carry = carrying;
      reset = resetting;
    },
    binding,
  };

  let timers;
  const timing = () => (timers ??= requireCore('internal/timers'));
  let makeBuffer;
  return {
    enter0,
    enter1,
    enter2,
    enterN,
    drain,
    rejections,
    main,
    /** Loads core modules before the script begins. What fails here fails again, and is said, where the script asks for it. */
    preload(...names) {
      for (const name of names) {
        try {
          requireCore(name);
        } catch {
          library.delete('node:' + name);
        }
      }
    },
    failing,
    names: (key) => Object.getOwnPropertyNames(load(key)),
    timers: () => timing().begin(),
    timer: () => timing().step(),
    immediates: () => timing().beginImmediates(),
    immediate: () => timing().stepImmediate(),
    beforeExit() {
      const process = processIfUsed();
      if (process !== undefined) enter0(() => process.emit('beforeExit', process.exitCode ?? 0));
    },
    exit() {
      const code = exitEvent(unsettled ? loadLibrary('node:process') : processIfUsed(), unsettled);
      dead = true;
      host.finished(code);
    },
    parse: JSON.parse,
    encode: JSON.stringify,
    bytes(shared, length) {
      const copy = new Uint8Array(length);
      copy.set(new Uint8Array(new ArrayBuffer(shared)));
      if (makeBuffer === undefined) {
        const Buffer = globalThis.Buffer;
        makeBuffer = (array) => Buffer.from(array.buffer, 0, array.length);
      }
      return makeBuffer(copy);
    },
    error(type, code, message) {
      const error = new globalThis[type](message);
      if (code !== null) error.code = code;
      return error;
    },
  };
})
