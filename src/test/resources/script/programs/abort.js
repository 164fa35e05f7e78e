// One signal stops everything that listens to it.
const { EventEmitter, once } = require('events');
const { Readable } = require('stream');

async function main() {
  const controller = new AbortController();
  const { signal } = controller;
  signal.addEventListener('abort', (event) => console.log('abort event', event.type, signal.aborted), { once: true });
  const work = [
    once(new EventEmitter(), 'never', { signal }),
    require('timers/promises').setTimeout(10_000, null, { signal }),
    (async () => { for await (const chunk of new Readable({ read() {}, signal })) console.log(chunk); })(),
  ];
  controller.abort(new RangeError('stop'));
  for (const { status, reason } of await Promise.allSettled(work)) console.log(status, reason.name, reason.message, reason.cause?.message);
  console.log(signal, controller);
  try {
    signal.throwIfAborted();
  } catch (error) {
    console.log(error.name, error.message);
  }
  const any = AbortSignal.any([AbortSignal.timeout(5), new AbortController().signal]);
  const keep = setTimeout(() => {}, 5_000);
  any.onabort = () => {
    clearTimeout(keep);
    console.log(any.reason.name, any.reason.message, any.reason.code);
  };
  const target = new EventTarget();
  const handler = { handleEvent(event) { console.log(event.type, event.detail, event.defaultPrevented); } };
  target.addEventListener('note', (event) => event.preventDefault());
  target.addEventListener('note', handler);
  console.log(target.dispatchEvent(new CustomEvent('note', { detail: { n: 1 }, cancelable: true })));
}
main();
