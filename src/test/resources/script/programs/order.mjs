// In an ES module promise jobs go before ticks; imports run first, in their order.
import './lib/first.mjs';
import common, { one, two } from './lib/common.cjs';
import { readable } from './lib/second.mjs';
import * as processes from 'node:process';
import { createRequire } from './lib/require.mjs';

process.nextTick(() => console.log('tick'));
Promise.resolve().then(() => console.log('job'));
console.log(common.one, one, two, readable, typeof processes.nextTick, processes.default === process);
await new Promise((resolve) => setTimeout(resolve, 1));
const later = await import('./lib/later.mjs');
console.log(later.default, Object.keys(later).join());
const again = await import('./lib/common.cjs');
console.log(again.default === common, again.one);
try {
  await import('./lib/missing.mjs');
} catch (error) {
  console.log(error.code);
}
try {
  await import('nowhere-to-be-found');
} catch (error) {
  console.log(error.code);
}
console.log(import.meta.url.split('/').pop(), createRequire);
setTimeout(() => console.log('timer'), 1);
