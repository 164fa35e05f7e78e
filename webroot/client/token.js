const EARLY_MILLIS = 30_000;
const LONGEST_TIMER = 2 ** 31 - 1;

/** Where the token comes from: a string, or a function that is asked at every connection and again before the token ends. */
export class TokenSource {
  #given;

  constructor(given) {
    if (given !== undefined && typeof given !== 'string' && typeof given !== 'function') {
      throw new TypeError(`connect: token is a string or a function that returns one, not ${typeof given}`);
    }
    this.#given = given;
  }

  /** Whether asking again may bring another token. */
  get refreshable() {
    return typeof this.#given === 'function';
  }

  async get() {
    const token = this.refreshable ? await this.#given() : this.#given;
    if (token === undefined || token === null || token === '') return undefined;
    if (typeof token !== 'string') throw new TypeError(`the token callback returns a string, not ${typeof token}`);
    return token;
  }
}

/** Milliseconds until a token should be replaced, or undefined when it does not say when it ends. Not a check: the server checks. */
export function refreshIn(token, now) {
  const expires = expiryOf(token);
  if (expires === undefined) return undefined;
  const left = expires - now;
  return Math.min(LONGEST_TIMER, Math.max(left / 2, left - EARLY_MILLIS, 1000));
}

function expiryOf(token) {
  try {
    const payload = token.split('.')[1].replaceAll('-', '+').replaceAll('_', '/');
    const { exp } = JSON.parse(atob(payload));
    return typeof exp === 'number' ? exp * 1000 : undefined;
  } catch {
    return undefined;
  }
}
