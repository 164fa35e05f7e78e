const MOST_INCOMING = 5000;
const WINDOW_MILLIS = 2000;

/**
 * What a tap of the node shows, in one piece whatever becomes of the connection: the tap is opened again when the node has
 * forgotten it. Events come at most once for each frame that the page draws.
 *
 * `handlers`: `events(list)`, oldest first; `failed(error)`.
 */
export class TapStream {
  #session;
  #handlers;
  #tap;
  #wanted;
  #emitter;
  #incoming = [];
  #frame = 0;
  #asking = Promise.resolve();
  #closed = false;

  rates = new Rates();

  constructor(session, handlers) {
    this.#session = session;
    this.#handlers = handlers;
  }

  /** Looks at `{pattern, filter, rate}` from now on; rejects with an ApiError, and then looks at what it did before. */
  async look(wanted) {
    const done = this.#asking.then(() => this.#look(wanted));
    this.#asking = done.catch(() => {});
    return done;
  }

  async #look(wanted) {
    const body = { ...wanted, filter: wanted.filter || null };
    const tap = (await this.#change(body)) ?? (await this.#session.api('/v1/taps', { method: 'POST', body }));
    this.#wanted = wanted;
    if (this.#closed) return this.#drop(tap.id);
    if (tap.id !== this.#tap?.id) this.#listen(tap);
    this.#tap = tap;
    this.rates = new Rates();
    await this.#emitter.ready();
  }

  /** The tap that is open, changed; undefined when there is none any more. */
  async #change(body) {
    if (!this.#tap) return undefined;
    try {
      return await this.#session.api(`/v1/taps/${this.#tap.id}`, { method: 'PATCH', body });
    } catch (error) {
      if (error.status === 404) return undefined;
      throw error;
    }
  }

  #listen(tap) {
    this.#emitter?.removeAllListeners();
    this.#emitter = this.#session.connection.emitter(tap.address)
      .on('*', batch => this.#take(batch))
      .on('recovered', () => this.#again(tap))
      .on('error', error => this.#handlers.failed(error));
  }

  /** The connection was lost; the tap may have ended meanwhile. */
  #again(tap) {
    if (tap.id === this.#tap?.id) this.look(this.#wanted).catch(error => this.#handlers.failed(error));
  }

  #take(batch) {
    if (batch.revision < this.#tap?.revision) return; // what was looked at before
    this.rates.add(batch);
    for (const event of batch.events) this.#incoming.push({ ...event, node: batch.node });
    if (this.#incoming.length > MOST_INCOMING) this.#incoming.splice(0, this.#incoming.length - MOST_INCOMING);
    this.#frame ||= requestAnimationFrame(() => this.#flush());
  }

  #flush() {
    this.#frame = 0;
    const events = this.#incoming;
    this.#incoming = [];
    if (events.length > 0) this.#handlers.events(events);
  }

  /** Looks no more. */
  close() {
    this.#closed = true;
    cancelAnimationFrame(this.#frame);
    this.#emitter?.removeAllListeners();
    if (this.#tap) this.#drop(this.#tap.id);
  }

  #drop(id) {
    // Without this it ends by itself ten seconds later.
    this.#session.api(`/v1/taps/${id}`, { method: 'DELETE' }).catch(() => {});
  }
}

/** How many events a second there are, by what became of them, over the last two seconds. */
export class Rates {
  #told = [];
  #began = performance.now();

  /** Why the filter had no value, the last time. */
  problem = undefined;

  add({ seen, fit, sent, dropped, failed = 0, problem }) {
    this.#told.push({ at: performance.now(), seen, fit, sent, dropped, failed });
    if (problem) this.problem = problem;
  }

  get() {
    const now = performance.now();
    this.#told = this.#told.filter(({ at }) => now - at < WINDOW_MILLIS);
    const seconds = Math.max(500, Math.min(WINDOW_MILLIS, now - this.#began)) / 1000;
    const sum = name => this.#told.reduce((all, each) => all + each[name], 0) / seconds;
    return { seen: sum('seen'), fit: sum('fit'), sent: sum('sent'), dropped: sum('dropped'), failed: sum('failed') };
  }
}
