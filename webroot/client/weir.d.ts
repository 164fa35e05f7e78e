/** Event name to data: `connect().emitter<{ placed: { amount: number } }>('orders')`. */
export type Events = Record<string, any>;

/** Data that travels: JSON values as they are, bytes as `data_base64`. Bytes arrive as a `Uint8Array`. */
export type Bytes = Uint8Array | ArrayBuffer | DataView;

/** A CloudEvents 1.0 event. Frozen: every listener gets the same object. */
export interface WeirEvent<T = unknown, K extends string = string> {
  readonly id?: string;
  readonly source?: string;
  /** `message` for events that do not say. */
  readonly type: K;
  /** The key of the event. */
  readonly subject?: string;
  /** When it happened, in ISO 8601. */
  readonly time?: string;
  readonly datacontenttype?: string;
  /** The address it was emitted at, also where one listens to a pattern. */
  readonly address: string;
  readonly data: T;
  readonly extensions: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  /** Place in the journal of the address, for journaled addresses. */
  readonly offset?: number;
  readonly epoch?: string;
  /** Answers a request; there on addresses for requests. */
  readonly reply?: (data?: unknown) => void;
}

/** What the server says of an event it has accepted. */
export interface Accepted {
  id: string;
  offset?: number;
  epoch?: string;
  /** When it is delivered, in ISO 8601, if not now. */
  deliverat?: string;
}

export interface EmitOptions {
  /** Chosen at random when left out. A repeat of an id is the same event, where the address is journaled. */
  id?: string;
  subject?: string;
  /** The same as `subject`. */
  key?: string;
  time?: string | Date;
  /** Delivers it at this time instead of now; in ISO 8601 with an offset from UTC. `cancel` takes it back. */
  deliverAt?: string | Date;
  /** Delivers it so long after the server has accepted it: milliseconds, or a duration such as `90s` or `2h`. */
  deliverAfter?: number | string;
  /** CloudEvents extension attributes. */
  extensions?: Record<string, string | number | boolean>;
  /** Headers of the bus message, for consumers that are not of Weir. */
  headers?: Record<string, string>;
  /** Has every step of the event recorded, and of what follows from it; how many a second, the server bounds. */
  trace?: boolean;
  /** Milliseconds to wait for the server's answer, from when the event is sent. */
  timeout?: number;
}

/** Types that are local to an emitter and never travel. */
export interface LocalEvents {
  error: (error: WeirError) => void;
  newListener: (type: string, listener: Function) => void;
  removeListener: (type: string, listener: Function) => void;
  connect: (info: Connected) => void;
  reconnect: (info: Connected) => void;
  disconnect: (info: Lost) => void;
  recovered: (info: Recovered) => void;
}

type Reserved = keyof LocalEvents | '*';
type TypeOf<E> = Exclude<keyof E & string, Reserved>;
type Listener<E, K extends keyof E & string> = (data: E[K], event: WeirEvent<E[K], K>) => void | PromiseLike<void>;
type AnyListener<E> = (data: E[keyof E], event: WeirEvent<E[keyof E], keyof E & string>) => void | PromiseLike<void>;

export interface StreamOptions {
  signal?: AbortSignal;
  /** How many events may wait for their reader; 1024 when left out. */
  limit?: number;
  /** `error` (the default) ends the iteration with `too_slow`; `drop-oldest` drops and counts in `dropped`. */
  overflow?: 'error' | 'drop-oldest';
}

export interface EventStream<V> extends AsyncIterableIterator<V> {
  /** Events that were dropped because nobody read them in time. */
  readonly dropped: number;
}

/**
 * A promise that knows whether somebody took an interest: a refusal that nobody awaits goes to the emitter's `error` listeners and is
 * never an unhandled rejection.
 */
export class Emission extends Promise<Accepted> {}

/** Node's `EventEmitter` for an address. Got from `connection.emitter(address)`. */
export class Emitter<E extends Events = Events> implements AsyncIterable<WeirEvent<E[keyof E], keyof E & string>> {
  private constructor();
  readonly address: string;

  on<K extends keyof LocalEvents>(type: K, listener: LocalEvents[K]): this;
  on(type: '*', listener: AnyListener<E>): this;
  on<K extends TypeOf<E>>(type: K, listener: Listener<E, K>): this;

  addListener<K extends keyof LocalEvents>(type: K, listener: LocalEvents[K]): this;
  addListener(type: '*', listener: AnyListener<E>): this;
  addListener<K extends TypeOf<E>>(type: K, listener: Listener<E, K>): this;

  prependListener<K extends keyof LocalEvents>(type: K, listener: LocalEvents[K]): this;
  prependListener(type: '*', listener: AnyListener<E>): this;
  prependListener<K extends TypeOf<E>>(type: K, listener: Listener<E, K>): this;

  prependOnceListener<K extends keyof LocalEvents>(type: K, listener: LocalEvents[K]): this;
  prependOnceListener(type: '*', listener: AnyListener<E>): this;
  prependOnceListener<K extends TypeOf<E>>(type: K, listener: Listener<E, K>): this;

  once<K extends keyof LocalEvents>(type: K, listener: LocalEvents[K]): this;
  once(type: '*', listener: AnyListener<E>): this;
  once<K extends TypeOf<E>>(type: K, listener: Listener<E, K>): this;
  /** The next event of a type. Rejects with the first `error` of the emitter, as `events.once` of Node does. */
  once<K extends TypeOf<E>>(type: K, options?: { signal?: AbortSignal }): Promise<WeirEvent<E[K], K>>;

  off(type: string, listener: Function): this;
  removeListener(type: string, listener: Function): this;
  removeAllListeners(type?: string): this;
  listenerCount(type: string, listener?: Function): number;
  eventNames(): string[];
  /** Above this number of listeners of one type the console warns of a leak, once; 0 for no limit. */
  setMaxListeners(n: number): this;
  getMaxListeners(): number;

  /** Sends an event to everyone who listens. One datum: several values go into one array or object. */
  emit<K extends TypeOf<E>>(type: K, ...data: undefined extends E[K] ? [data?: E[K], options?: EmitOptions] : [data: E[K], options?: EmitOptions]): Emission;

  /**
   * Takes back an event that was emitted for later. Rejects with `too_late` when it was delivered, and with `not_found` when this
   * client has none with this id there. Without a token only the session that emitted it may; after a reconnect it is another.
   */
  cancel(id: string): Promise<void>;

  events<K extends TypeOf<E>>(type: K, options?: StreamOptions): EventStream<WeirEvent<E[K], K>>;
  events(type?: '*', options?: StreamOptions): EventStream<WeirEvent<E[keyof E], keyof E & string>>;
  [Symbol.asyncIterator](): EventStream<WeirEvent<E[keyof E], keyof E & string>>;

  /** Resolves once the server has confirmed the registration; rejects when it refuses, or when nothing listens here. */
  ready(): Promise<void>;
  /** How many listeners the address has in the whole system. */
  listeners(): Promise<number>;
  /**
   * Who is on the address: watched from the first call on, the same object until it is closed. `key` is by what the server knows a
   * client without a token again, in another tab for one; a secret, chosen at random for the connection when left out.
   */
  presence<D = any>(options?: { key?: string }): Presence<D>;
}

/** Somebody who is on an address; one for all tabs and devices. */
export interface Member<D = any> {
  /** The subject of the token; begins with `~` without one. */
  readonly id: string;
  readonly anonymous?: true;
  /** What the member shows of itself. */
  readonly data?: D;
  /** When the first of its sessions came, in ISO 8601. */
  readonly since: string;
  /** How many sessions it had when this was told. */
  readonly sessions: number;
}

export interface PresenceEvents<D> {
  join: (member: Member<D>) => void;
  update: (member: Member<D>, before: Member<D>) => void;
  leave: (member: Member<D>) => void;
  /** After all of these, and whenever else something is told. */
  change: (presence: Presence<D>) => void;
  error: (error: WeirError) => void;
}

/** Who is on an address, kept up to date. Got from `emitter.presence()`. */
export class Presence<D = any> {
  private constructor();
  readonly address: string;
  /** Empty where there are too many to list. */
  readonly members: readonly Member<D>[];
  readonly count: number;
  /** Whether there are members that are not listed. */
  readonly truncated: boolean;
  /** The id of the member that this client is, while it is one. */
  readonly self: string | undefined;
  on<K extends keyof PresenceEvents<D>>(type: K, listener: PresenceEvents<D>[K]): this;
  once<K extends keyof PresenceEvents<D>>(type: K, listener: PresenceEvents<D>[K]): this;
  off<K extends keyof PresenceEvents<D>>(type: K, listener: PresenceEvents<D>[K]): this;
  /** Is there from now on, or shows something else of itself; resolves with its own id. */
  join(data?: D): Promise<string>;
  /** Is there no more, and goes on watching. */
  leave(): Promise<void>;
  /** Resolves once the first list is there; rejects when the server refuses. */
  ready(): Promise<void>;
  /** Neither is there nor watches any more. */
  close(): void;
}

/** What became of a settlement: as said; delivered again meanwhile; settled before. */
export type Settled = 'done' | 'stale' | 'unknown';

/** An event to work on, settled by how its handler ends, or earlier by one of these methods. */
export interface Delivery<T = any> {
  /** Names this attempt. */
  readonly id: string;
  /** From 1. */
  readonly attempt: number;
  readonly event: WeirEvent<T>;
  readonly data: T;
  readonly settled: boolean;
  ack(): Promise<Settled>;
  /** Tried again after `delay` milliseconds, or after the back-off of the subscription. */
  nack(options?: { delay?: number; error?: string }): Promise<Settled>;
  /** A dead letter at once. */
  reject(reason?: string): Promise<Settled>;
  /** So many milliseconds more from now; the ack wait of the subscription when left out. */
  extend(millis?: number): Promise<Settled>;
}

/** What a handler throws when the event can never be processed: a dead letter at once. */
export class Rejected extends Error {
  constructor(reason: string);
}

/** A consumer of a subscription; several share the work. Got from `connection.subscription(name)`. */
export class Subscription<T = any> {
  private constructor();
  readonly name: string;
  /** A handler that ends well acknowledges; one that throws has the event tried again, with `Rejected` it is a dead letter. */
  consume(handler: (data: T, delivery: Delivery<T>) => unknown): this;
  on(type: 'error', listener: (error: Error) => void): this;
  off(type: 'error', listener: (error: Error) => void): this;
  /** Takes no more; resolves once what is being worked on is settled. */
  close(): Promise<void>;
}

export type State = 'connecting' | 'open' | 'waiting' | 'closed';

export interface Connected {
  url: string;
  transport: 'websocket' | 'sockjs';
}

export interface Lost {
  /** The close code; 4000 to 4002 are this client's own: opening timed out, the server fell silent, there was no token. */
  code: number;
  reason: string;
  /** Whether the connection is closed for good. */
  terminal: boolean;
  /** Milliseconds until the next attempt. */
  retryIn?: number;
}

export interface Recovered {
  address: string;
  /** Whether everything since the last event heard was made up for. False: there may be a hole. */
  recovered: boolean;
  reason?: string;
}

export interface ConnectionEvents {
  state: (state: State, before: State) => void;
  connect: (info: Connected) => void;
  reconnect: (info: Connected) => void;
  disconnect: (info: Lost) => void;
  waiting: (info: Lost) => void;
  latency: (millis: number) => void;
  error: (error: WeirError) => void;
}

export interface ConnectOptions {
  /** Nodes, tried in turn. In a browser the node that served the page, when left out. */
  urls?: string | readonly string[];
  /** A JSON Web Token, or what returns one; asked at every connection, and before the token ends. */
  token?: string | (() => string | undefined | Promise<string | undefined>);
  /** The constructor of sockjs-client: the fallback where a raw WebSocket cannot be opened. */
  SockJS?: new (url: string, reserved?: any, options?: any) => any;
  sockjsOptions?: object;
  /** Where the platform has none, for example the one of the package `ws`. */
  WebSocket?: new (url: string) => any;
  fetch?: typeof fetch;
  /** Milliseconds; 250 and 10 000 when left out. */
  backoff?: { min?: number; max?: number };
  /** Bounds of what waits for a connection; 1000 and 1 MiB when left out. Above them: `busy`. */
  queue?: { count?: number; bytes?: number };
  /** Milliseconds to wait for an answer; 10 000 when left out. */
  timeout?: number;
  /** Milliseconds between pings, and so between measurements of `latency`; 5000 when left out. */
  ping?: number;
}

export class Connection {
  private constructor();
  readonly state: State;
  readonly latency: number | undefined;
  readonly url: string;
  readonly transport: 'websocket' | 'sockjs';
  readonly queued: number;
  /** The `source` of the events that this connection emits; stays the same when it is lost and found again. */
  readonly source: string;
  emitter<E extends Events = Events>(address: string): Emitter<E>;
  /** A consumer that works on `concurrency` deliveries at once, 1 when left out, at most 100. */
  subscription<T = any>(name: string, options?: { concurrency?: number }): Subscription<T>;
  /** Asks one of those who answer at an address. `timeout` counts from now, also while there is no connection. */
  request<T = any>(address: string, data?: unknown, options?: { type?: string; timeout?: number; headers?: Record<string, string> }): Promise<T>;
  on<K extends keyof ConnectionEvents>(type: K, listener: ConnectionEvents[K]): this;
  once<K extends keyof ConnectionEvents>(type: K, listener: ConnectionEvents[K]): this;
  off<K extends keyof ConnectionEvents>(type: K, listener: ConnectionEvents[K]): this;
  /** Tries again now instead of after the wait; does nothing in other states. */
  retry(): void;
  close(): void;
}

export class WeirError extends Error {
  constructor(code: string, message: string, details?: object);
  /**
   * The server's code (`access_denied`, `reserved_type`, `schema_violation`, `too_large`, `too_fast`, `busy`, `unavailable`, `timeout`,
   * `no_handlers`, ...) or one of the client's: `closed`, `unregistered`, `no_listener`, `too_slow`, `failed`.
   */
  readonly code: string;
  /** Whether the same call may succeed later without a change. */
  readonly retryable: boolean;
  /** The address whose registration was refused. */
  readonly address?: string;
  readonly failureCode?: number;
  readonly failureType?: string;
}

export function connect(options?: ConnectOptions): Connection;
