import { LOCAL_TYPES } from './codec.js';
import { report } from './errors.js';

const DEFAULT_MAX = 10;

/**
 * The listeners of one object, with the behaviour of Node's `EventEmitter`: order of registration, the list in force when an event
 * begins is the list that hears it, `newListener` before and `removeListener` after a change. One thing differs: an exception in a
 * listener is reported and the others are still heard, because events come from afar and not from the caller.
 */
export class Listeners {
  #owner;
  #label;
  #byType = new Map();
  #travelling = 0;
  #max = DEFAULT_MAX;
  #warned = new Set();

  constructor(owner, label) {
    this.#owner = owner;
    this.#label = label;
  }

  add(type, listener, { once = false, first = false } = {}) {
    checkType(type);
    checkListener(listener);
    this.fire('newListener', type, listener);
    const before = this.#byType.get(type) ?? [];
    const entry = { listener, once };
    const after = first ? [entry, ...before] : [...before, entry];
    this.#byType.set(type, after);
    if (!LOCAL_TYPES.has(type)) this.#travelling++;
    this.#warnOfLeak(type, after.length);
  }

  /** Removes the listener that was added last, as Node does; false when there was none. */
  remove(type, listener) {
    checkType(type);
    checkListener(listener);
    const list = this.#byType.get(type) ?? [];
    const index = list.findLastIndex(entry => entry.listener === listener);
    if (index < 0) return false;
    this.#removeAt(type, list, index);
    return true;
  }

  removeAll(type) {
    if (type === undefined) {
      for (const each of this.types().filter(name => name !== 'removeListener')) this.removeAll(each);
      this.removeAll('removeListener');
      return;
    }
    checkType(type);
    let list;
    while ((list = this.#byType.get(type))) this.#removeAt(type, list, list.length - 1);
  }

  #removeAt(type, list, index) {
    const after = list.toSpliced ? list.toSpliced(index, 1) : list.filter((_, i) => i !== index);
    if (after.length > 0) this.#byType.set(type, after);
    else this.#byType.delete(type);
    if (!LOCAL_TYPES.has(type)) this.#travelling--;
    this.fire('removeListener', type, list[index].listener);
  }

  /** Calls the listeners of a type; true when there was one. */
  fire(type, ...args) {
    const list = this.#byType.get(type);
    if (!list) return false;
    for (const entry of list) {
      if (entry.once && !this.#drop(type, entry)) continue;
      try {
        const result = entry.listener.apply(this.#owner, args);
        if (typeof result?.then === 'function') result.then(undefined, report);
      } catch (error) {
        report(error);
      }
    }
    return true;
  }

  #drop(type, entry) {
    const list = this.#byType.get(type) ?? [];
    const index = list.indexOf(entry);
    if (index >= 0) this.#removeAt(type, list, index);
    return index >= 0;
  }

  count(type, listener) {
    const list = this.#byType.get(type) ?? [];
    return listener === undefined ? list.length : list.filter(entry => entry.listener === listener).length;
  }

  types() {
    return [...this.#byType.keys()];
  }

  /** How many there are of types that travel. */
  get travelling() {
    return this.#travelling;
  }

  get max() {
    return this.#max;
  }

  set max(n) {
    if (typeof n !== 'number' || !(n >= 0)) throw new TypeError(`setMaxListeners takes a number from 0 (no limit), not ${n}`);
    this.#max = n;
  }

  #warnOfLeak(type, n) {
    if (this.#max === 0 || n <= this.#max || this.#warned.has(type)) return;
    this.#warned.add(type);
    console.warn(
      `weir: ${n} listeners of '${type}' on ${this.#label}: a leak? Remove them with off(), or raise the limit with setMaxListeners(n).`,
    );
  }
}

export function checkType(type) {
  if (typeof type === 'string' && type !== '') return;
  throw new TypeError(`an event type is a string that is not empty, not ${type === '' ? "''" : typeof type}`);
}

function checkListener(listener) {
  if (typeof listener !== 'function') throw new TypeError(`a listener is a function, not ${typeof listener}`);
}
