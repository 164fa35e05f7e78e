// Waits until several events of the same key have come, or until it has waited long enough.
const { EventEmitter } = require('events');

class Aggregator extends EventEmitter {
  #waiting = new Map();

  constructor(source, types, patience) {
    super();
    for (const type of types) {
      source.on(type, ({ key, ...data }) => {
        const entry = this.#waiting.get(key) ?? this.#begin(key, patience);
        entry.parts[type] = data;
        if (types.every((each) => each in entry.parts)) this.#end(key, 'complete');
      });
    }
  }

  #begin(key, patience) {
    const entry = { parts: {}, timer: setTimeout(() => this.#end(key, 'incomplete'), patience) };
    this.#waiting.set(key, entry);
    return entry;
  }

  #end(key, how) {
    const { parts, timer } = this.#waiting.get(key);
    clearTimeout(timer);
    this.#waiting.delete(key);
    this.emit(how, key, parts);
  }
}

const orders = new EventEmitter();
const aggregator = new Aggregator(orders, ['placed', 'paid', 'packed'], 20);
aggregator.on('complete', (key, parts) => console.log('complete', key, parts));
aggregator.on('incomplete', (key, parts) => console.log('incomplete', key, Object.keys(parts)));
orders.emit('placed', { key: 1, sum: 10 });
orders.emit('placed', { key: 2, sum: 20 });
orders.emit('paid', { key: 1, by: 'card' });
orders.emit('packed', { key: 1, box: 'S' });
orders.emit('paid', { key: 2, by: 'cash' });
