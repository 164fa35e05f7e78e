/** What is done with many dead letters: page by page, so that it can be watched and stopped. */

const PAGE = 500;
const AHEAD_SECONDS = 2;
const BUSY_MILLIS = 1000;
const BUSY_TRIES = 60;
const PATH = '/v1/dead-letters';

/**
 * Replays or discards all that a filter finds, the oldest first.
 *
 * @param job `{op: 'replay' | 'discard', filter, rate}`; rate in events a second, undefined for as fast as it goes
 * @param told called with `{done, problems}` after each page
 * @param signal an AbortSignal that ends it behind the page that is under way
 * @returns `{done, problems, stopped}`
 */
export async function throughAll(session, { op, filter, rate }, told, signal) {
  const limit = rate === undefined ? PAGE : Math.max(1, Math.min(PAGE, Math.ceil(rate * AHEAD_SECONDS)));
  const problems = new Map();
  let done = 0;
  let cursor;
  do {
    if (signal.aborted) return { done, problems, stopped: true };
    const begun = performance.now();
    const query = { ...filter, limit, ...(cursor === undefined ? {} : { cursor }), ...(rate === undefined ? {} : { rate: `${rate}/s` }) };
    const answer = await patiently(session, op, query, signal);
    const now = answer.replayed ?? answer.discarded;
    done += now;
    for (const [subscription, why] of Object.entries(answer.problems ?? {})) problems.set(subscription, why);
    told({ done, problems });
    cursor = answer.next ?? undefined;
    if (rate !== undefined && cursor !== undefined) await pause((now / rate) * 1000 - (performance.now() - begun), signal);
  } while (cursor !== undefined);
  return { done, problems, stopped: false };
}

/** A subscription that has enough to do says so; its consumers go on meanwhile. */
async function patiently(session, op, query, signal) {
  for (let tries = 1; ; tries++) {
    try {
      return op === 'replay' ? await session.api(`${PATH}/replay`, { method: 'POST', query }) : await session.api(PATH, { method: 'DELETE', query });
    } catch (error) {
      if (error.code !== 'busy' || tries >= BUSY_TRIES || signal.aborted) throw error;
      await pause(BUSY_MILLIS, signal);
    }
  }
}

function pause(millis, signal) {
  if (!(millis > 0) || signal.aborted) return undefined;
  return new Promise(resolve => {
    const timer = setTimeout(resolve, millis);
    signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
  });
}
