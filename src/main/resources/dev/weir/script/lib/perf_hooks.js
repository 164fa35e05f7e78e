'use strict';
// performance: now, timeOrigin, marks and measures, and an observer of them. The clock is process.hrtime, which only goes forward.

const { codes } = require('internal/errors');

const [startSeconds, startNanos] = process.hrtime();
const timeOrigin = Date.now();
const entries = [];
const observers = new Set();
const kInternal = Symbol('kInternal');
const kInspect = Symbol.for('nodejs.util.inspect.custom');

function now() {
  const [seconds, nanos] = process.hrtime();
  return (seconds - startSeconds) * 1000 + (nanos - startNanos) / 1e6;
}

class PerformanceEntry {
  constructor(name, type, start, duration, detail) {
    this.name = name;
    this.entryType = type;
    this.startTime = start;
    this.duration = duration;
    if (detail !== undefined) this.detail = detail;
  }

  toJSON() {
    return { ...this };
  }
}

class PerformanceMark extends PerformanceEntry {
  constructor(name, options = {}) {
    super(`${name}`, 'mark', options.startTime ?? now(), 0, options.detail ?? null);
  }
}

class PerformanceMeasure extends PerformanceEntry {
  constructor(key, ...args) {
    if (key !== kInternal) throw new codes.ERR_ILLEGAL_CONSTRUCTOR();
    super(...args);
  }
}

/** Most entries kept; a program that marks for ever without clearing loses the oldest. */
const MOST_ENTRIES = 10_000;

function record(entry) {
  entries.push(entry);
  if (entries.length > MOST_ENTRIES) entries.shift();
  for (const observer of observers) observer[kInternal](entry);
  return entry;
}

function timeOf(mark) {
  if (typeof mark === 'number') return mark;
  const found = entries.findLast((each) => each.entryType === 'mark' && each.name === `${mark}`);
  if (found === undefined) throw new codes.ERR_INVALID_PERFORMANCE_MARK(mark);
  return found.startTime;
}

function measure(name, startOrOptions = {}, endMark = undefined) {
  const options = typeof startOrOptions === 'object' ? startOrOptions : { start: startOrOptions, end: endMark };
  let end;
  if (options.end !== undefined) end = timeOf(options.end);
  else if (options.start !== undefined && options.duration !== undefined) end = timeOf(options.start) + options.duration;
  else end = now();
  let start = 0;
  if (options.start !== undefined) start = timeOf(options.start);
  else if (options.duration !== undefined) start = end - options.duration;
  return record(new PerformanceMeasure(kInternal, `${name}`, 'measure', start, end - start, options.detail ?? null));
}

const chosen = (name, type) => entries
  .filter((each) => (name === undefined || each.name === name) && (type === undefined || each.entryType === type))
  .sort((a, b) => a.startTime - b.startTime);

function clear(type, name) {
  for (let i = entries.length - 1; i >= 0; i--) {
    if (entries[i].entryType === type && (name === undefined || entries[i].name === `${name}`)) entries.splice(i, 1);
  }
}

class PerformanceObserverEntryList {
  #entries;

  constructor(list) {
    this.#entries = list;
  }

  getEntries() { return [...this.#entries]; }
  getEntriesByType(type) { return this.#entries.filter((each) => each.entryType === type); }
  getEntriesByName(name, type) {
    return this.#entries.filter((each) => each.name === name && (type === undefined || each.entryType === type));
  }
}

class PerformanceObserver {
  #callback;
  #types = new Set();
  #queue = [];

  static supportedEntryTypes = Object.freeze(['mark', 'measure']);

  constructor(callback) {
    require('internal/validators').validateFunction(callback, 'callback');
    this.#callback = callback;
  }

  observe({ entryTypes, type, buffered = false } = {}) {
    if (entryTypes === undefined && type === undefined) throw new codes.ERR_MISSING_ARGS('options.entryTypes', 'options.type');
    for (const each of entryTypes ?? [type]) this.#types.add(each);
    observers.add(this);
    if (buffered && type) for (const entry of chosen(undefined, type)) this[kInternal](entry);
  }

  disconnect() {
    observers.delete(this);
    this.#types.clear();
    this.#queue = [];
  }

  takeRecords() {
    return this.#queue.splice(0);
  }

  [kInternal](entry) {
    if (!this.#types.has(entry.entryType)) return;
    this.#queue.push(entry);
    if (this.#queue.length > 1) return;
    setImmediate(() => {
      const list = this.takeRecords();
      if (list.length > 0) this.#callback.call(this, new PerformanceObserverEntryList(list), this);
    });
  }
}

class Performance extends require('internal/event_target').EventTarget {
  get timeOrigin() { return timeOrigin; }
  now() { return now(); }
  mark(name, options) { return record(new PerformanceMark(name, options)); }
  measure(name, start, end) { return measure(name, start, end); }
  clearMarks(name) { clear('mark', name); }
  clearMeasures(name) { clear('measure', name); }
  getEntries() { return chosen(); }
  getEntriesByName(name, type) { return chosen(name, type); }
  getEntriesByType(type) { return chosen(undefined, type); }
  eventLoopUtilization() { return { idle: 0, active: 0, utilization: 0 }; }
  toJSON() { return { timeOrigin, eventLoopUtilization: this.eventLoopUtilization() }; }
  timerify(fn) { return fn; }
  [kInspect](depth, options, inspect) { return `Performance ${inspect({ timeOrigin }, options)}`; }
}

module.exports = {
  Performance,
  PerformanceEntry,
  PerformanceMark,
  PerformanceMeasure,
  PerformanceObserver,
  PerformanceObserverEntryList,
  performance: new Performance(),
  constants: {},
};
