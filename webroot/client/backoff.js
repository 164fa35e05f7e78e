/** How long to wait before the n-th attempt in a row: doubling up to `max`, half of it fixed and half random, so that a thousand
 * browsers that lost the same node do not return in the same moment. Milliseconds. */
export function backoff(attempt, { min = 250, max = 10_000 } = {}, random = Math.random) {
  const ceiling = Math.min(max, min * 2 ** Math.min(attempt, 30));
  return ceiling / 2 + (random() * ceiling) / 2;
}

/** Whether a connection that was closed with this code is worth opening again. Documented in docs/weir-js.md. */
export function mayReconnect(code) {
  return !(code === 1008 || (code >= 4400 && code <= 4499));
}
