/** What went wrong, with a `code` from the server's table of failure codes (or one of the client's own, listed in weir.d.ts). */
export class WeirError extends Error {
  constructor(code, message, details = {}) {
    super(message);
    this.name = 'WeirError';
    this.code = code;
    Object.assign(this, details);
  }

  /** Whether the same call may succeed later without a change. */
  get retryable() {
    return RETRYABLE.has(this.code);
  }
}

const RETRYABLE = new Set(['too_fast', 'busy', 'unavailable', 'timeout', 'no_handlers']);

const BY_FAILURE_TYPE = { NO_HANDLERS: 'no_handlers', TIMEOUT: 'timeout', ERROR: 'error' };

/** Reads an `err` frame of the bridge. Weir and the stock bridge put the code into different members. */
export function errorOf(frame) {
  const message = typeof frame.message === 'string' ? frame.message : '';
  const code =
    [frame.body, frame.headers?.['weir-code'], /^[a-z][a-z_]+(?=$|:)/.exec(message)?.[0]].find(isText) ??
    BY_FAILURE_TYPE[frame.failureType] ??
    'failed';
  return new WeirError(code, message || code, { failureCode: frame.failureCode, failureType: frame.failureType });
}

function isText(value) {
  return typeof value === 'string' && value !== '';
}

/** Reports an exception of somebody's listener where the platform shows uncaught errors, and lets the others be heard. */
export function report(error) {
  if (typeof globalThis.reportError === 'function') globalThis.reportError(error);
  else queueMicrotask(() => { throw error; });
}
