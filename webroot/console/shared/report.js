const AGAIN_MILLIS = 3000;
const SETTLE_MILLIS = 300;
const FOR_GOOD = [401, 403, 404];

/**
 * What all nodes tell of one topic: asked for whole once the page hears of changes, so that nothing falls between the two. News that
 * come before the whole wait for it. Asked for again after each interruption, when a node speaks up that was not in it, and when
 * somebody signs in to whom it could not be told before.
 */
export class Following {
  #session;
  #topic;
  #handlers;
  #emitter;
  #early = [];
  #nodes;
  #round = 0;
  #timer;
  #closed = false;
  #isMissing = false;
  #signedIn = () => this.#isMissing && this.#session.state === 'in' && this.#fetch();

  constructor(session, topic, handlers) {
    this.#session = session;
    this.#topic = topic;
    this.#handlers = handlers;
    this.#emitter = session.connection.emitter(`weir.${topic}.*`)
      .on('*', data => this.#told(data))
      .on('recovered', () => this.#fetch())
      .on('error', error => this.#refused(error));
    session.addEventListener('change', this.#signedIn);
    this.#emitter.ready().then(() => this.#fetch(), () => {}); // what is refused is heard as an error too
  }

  close() {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#session.removeEventListener('change', this.#signedIn);
    this.#emitter.removeAllListeners();
  }

  #refused(error) {
    if (error.code === 'not_logged_in' || error.code === 'auth_error') this.#session.expire();
    this.#handlers.failed?.(error);
  }

  #told(data) {
    if (this.#early) this.#early.push(data);
    else this.#pass(data);
  }

  #pass(data) {
    if (this.#nodes.has(data.node)) this.#handlers.news?.(data.node, data);
    else this.#later(SETTLE_MILLIS);
  }

  #later(millis) {
    this.#timer ??= setTimeout(() => this.#fetch(), millis);
  }

  async #fetch() {
    if (this.#closed) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const round = ++this.#round;
    this.#early ??= [];
    try {
      const { node, nodes } = await this.#session.api(`/v1/reports/${this.#topic}`);
      if (this.#closed || round !== this.#round) return;
      this.#isMissing = false;
      this.#nodes = new Set(nodes.map(each => each.node));
      this.#handlers.whole(nodes, node);
      const early = this.#early;
      this.#early = undefined;
      early.forEach(data => this.#pass(data));
    } catch (error) {
      if (this.#closed || round !== this.#round) return;
      this.#isMissing = true;
      this.#handlers.failed?.(error);
      if (!FOR_GOOD.includes(error.status)) this.#later(AGAIN_MILLIS);
    }
  }
}
