// A shop whose parts talk through events: who listens, in what order, and who is left.
const { EventEmitter } = require('events');

class Shop extends EventEmitter {
  sell(item, count) {
    if (count < 1) return this.emit('error', new RangeError(`cannot sell ${count} of ${item}`));
    return this.emit('sold', { item, count });
  }
}

const shop = new Shop();
shop.on('newListener', (type) => console.log('listening to', type));
shop.on('sold', ({ item, count }) => console.log(`packing ${count} ${item}`));
shop.prependListener('sold', ({ item }) => console.log(`taking ${item} from the shelf`));
shop.once('sold', () => console.log('first sale of the day'));
console.log(shop.sell('tea', 2));
console.log(shop.sell('milk', 1));
try {
  shop.sell('air', 0);
} catch (error) {
  console.log(`${error.name}: ${error.message}`);
}
shop.on('error', (error) => console.log('handled', error.message));
shop.sell('air', 0);
console.log(shop.eventNames(), shop.listenerCount('sold'));
shop.removeAllListeners('sold');
console.log(shop.sell('tea', 1), shop);
