// A circuit breaker around an async function: closed, open, half-open.
class CircuitBreaker {
  #failures = 0;
  #openedAt = 0;
  state = 'closed';

  constructor(fn, { failures, rest, now }) {
    Object.assign(this, { fn, most: failures, rest, now });
  }

  async call(...args) {
    if (this.state === 'open') {
      if (this.now() - this.#openedAt < this.rest) throw Object.assign(new Error('circuit is open'), { code: 'E_OPEN' });
      this.state = 'half-open';
    }
    try {
      const result = await this.fn(...args);
      this.#failures = 0;
      this.state = 'closed';
      return result;
    } catch (error) {
      if (++this.#failures >= this.most || this.state === 'half-open') {
        this.state = 'open';
        this.#openedAt = this.now();
      }
      throw error;
    }
  }
}

let clock = 0;
let broken = true;
const breaker = new CircuitBreaker(async (n) => {
  if (broken) throw new Error(`service down at ${n}`);
  return `served ${n}`;
}, { failures: 2, rest: 100, now: () => clock });

async function main() {
  for (let i = 0; i < 9; i++) {
    clock = i * 30;
    if (i === 6) broken = false;
    const outcome = await breaker.call(i).catch((error) => `${error.code ?? 'failed'}: ${error.message}`);
    console.log(clock, breaker.state, outcome);
  }
  clock = 1000;
  const results = await Promise.allSettled([breaker.call('a'), Promise.reject(new Error('other'))]);
  console.log(results.map(({ status, value, reason }) => [status, value ?? reason.message]));
  console.log(await Promise.any([Promise.reject(1), breaker.call('b')]), await Promise.race([breaker.call('c'), new Promise(() => {})]));
}
main();
