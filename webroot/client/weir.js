/**
 * Weir in the browser (and in Node): Node's EventEmitter for a whole system.
 *
 *     import { connect } from '/client/weir.js';
 *     const orders = connect().emitter('orders');
 *     orders.on('placed', (data, event) => console.log(data, event.subject));
 *     await orders.emit('placed', { amount: 12 }, { key: 'customer-7' });
 *
 * No dependencies, no build. Types are in weir.d.ts, the guide is docs/weir-js.md.
 */
export { connect, Connection } from './connection.js';
export { Emitter } from './emitter.js';
export { Presence } from './presence.js';
export { Rejected, Subscription } from './subscription.js';
export { WeirError } from './errors.js';
