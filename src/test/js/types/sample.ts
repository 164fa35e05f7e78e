import { connect, Connection, Emitter, Rejected, WeirError, type Settled, type WeirEvent } from 'weir-client';

interface Orders {
  placed: { amount: number; note?: string };
  cancelled: string;
  ping: undefined;
}

const connection: Connection = connect({ urls: ['http://127.0.0.1:8080'], token: async () => 'jwt', queue: { count: 10 } });
const orders: Emitter<Orders> = connection.emitter<Orders>('orders');

orders
  .on('placed', (data, event) => {
    const amount: number = data.amount;
    const type: 'placed' = event.type;
    // @ts-expect-error: events are read-only
    event.id = `${amount}${type}`;
  })
  .on('*', (data, event) => console.log(event.type === 'placed', data))
  .on('error', error => console.log(error.code, error.retryable))
  .on('recovered', ({ recovered, reason }) => console.log(recovered, reason))
  .setMaxListeners(20);

// @ts-expect-error: there is no such event
orders.on('shipped', () => {});
// @ts-expect-error: the datum has another shape
orders.emit('placed', { amount: 'twelve' });
// @ts-expect-error: placed needs its datum
orders.emit('placed');
// @ts-expect-error: one datum
orders.emit('cancelled', 'a', 'b');
// @ts-expect-error: local events do not travel
orders.emit('error', new Error());
// @ts-expect-error: there is no such option
connect({ url: 'http://127.0.0.1:8080' });

const who = orders.presence<{ name: string }>({ key: 'k' }).on('update', (now, before) => console.log(now.data?.name, before.sessions));
// @ts-expect-error: there is no such event
who.on('gone', () => {});

const billing = connection.subscription<{ amount: number }>('billing', { concurrency: 4 }).consume(async (data, delivery) => {
  if (data.amount < 0) throw new Rejected('negative');
  const result: Settled = await delivery.extend(60_000);
  if (delivery.attempt > 2) await delivery.nack({ delay: 5_000, error: result });
});
// @ts-expect-error: there is no such option
connection.subscription('billing', { inFlight: 4 });

async function use(): Promise<void> {
  const self: string = await who.join({ name: 'Ann' });
  console.log(self, who.members.map(({ id, since }) => id + since), who.count);
  const { id, offset } = await orders.emit('placed', { amount: 1 }, { key: 'c7' });
  await orders.emit('ping');
  const next: WeirEvent<string, 'cancelled'> = await orders.once('cancelled');
  for await (const event of orders.events('placed', { limit: 8, overflow: 'drop-oldest' })) console.log(event.data.amount);
  for await (const event of orders) console.log(event.type);
  const listeners: number = await orders.listeners();
  const quote = await connection.request<{ price: number }>('pricing', { sku: 1 }, { timeout: 500 });
  console.log(id, offset, next.data.length, listeners, quote.price);
  try {
    await orders.ready();
  } catch (error) {
    if (error instanceof WeirError) console.log(error.code);
  }
}

// Emitters without a type take everything.
connection.emitter('chat.lobby').on('said', (data, event) => console.log(data.text, event.subject)).emit('said', { text: 'hi' });

use().finally(() => connection.close());
