// Adds up an order: JSON in, JSON out.
const { eventBus } = require('vertx');

eventBus.consumer('orders', (message) => {
  const order = message.body();
  message.reply({ id: order.id, total: order.items.reduce((sum, item) => sum + item.price * item.qty, 0) });
});
