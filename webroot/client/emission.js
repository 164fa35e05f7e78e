/**
 * What `emit` returns: a promise that knows whether somebody took an interest. Await it (or call `then`, `catch`, `finally`) and a
 * refusal is yours; leave it, and the refusal goes to the emitter's `error` listeners. It is never an unhandled rejection.
 */
export class Emission extends Promise {
  #awaited = false;

  static get [Symbol.species]() {
    return Promise;
  }

  then(fulfilled, rejected) {
    this.#awaited = true;
    return super.then(fulfilled, rejected);
  }

  /** Calls `unheard(error)` for a rejection nobody waits for. A task later, so that `await` has had its turn. */
  orElse(unheard) {
    super.then(undefined, error => setTimeout(() => this.#awaited || unheard(error), 0));
    return this;
  }
}
