/** What was said while there was no connection, in order, bounded by number and by bytes. */
export class Outbox {
  #entries = new Set();
  #bytes = 0;
  #limit;
  #encoder = new TextEncoder();

  constructor({ count = 1000, bytes = 1024 * 1024 } = {}) {
    this.#limit = { count, bytes };
  }

  get size() {
    return this.#entries.size;
  }

  get bytes() {
    return this.#bytes;
  }

  /** Keeps an entry `{text, ...}` for later; false when it does not fit, and then nothing has changed. */
  offer(entry) {
    const bytes = this.#encoder.encode(entry.text).length;
    if (this.#entries.size >= this.#limit.count || this.#bytes + bytes > this.#limit.bytes) return false;
    entry.bytes = bytes;
    this.#entries.add(entry);
    this.#bytes += bytes;
    return true;
  }

  remove(entry) {
    if (this.#entries.delete(entry)) this.#bytes -= entry.bytes;
  }

  /** Takes everything out, oldest first. */
  drain() {
    const entries = [...this.#entries];
    this.#entries.clear();
    this.#bytes = 0;
    return entries;
  }
}
