/**
 * Code that uses one address, ready to run: with its URL, its rights, and a token where one is needed. What nobody from outside may
 * do is left out.
 */

/** Stands where a token has to be put in. */
export const TOKEN = 'YOUR_TOKEN';

const WORDS = { publish: 'publish', subscribe: 'listen', history: 'read', request: 'ask' };
const HERE = `put yours in place of ${TOKEN}`;
const DATA = "{ hello: 'world' }";
const JSON_DATA = '{"hello":"world"}';

/**
 * The snippets of a place, as `[{id, title, language, code, note}]`.
 *
 * @param place `{address, origin, isPattern, isDeclared, kind: 'events'|'requests', isKept, needs, who}`; `needs` says for each action
 *   (publish, subscribe, history, request) whether it takes `nothing`, a `token`, or is `never` allowed from outside, `who` says in
 *   words who may
 */
export function snippetsOf(place) {
  if (!place.isDeclared) return [yaml(place), bare(place)].filter(Boolean);
  return [browser(place), java(place), ...curl(place), stock(place), script(place)].filter(Boolean);
}

/** What may be done there from outside, and whether it takes a token. */
class Rights {
  constructor({ needs, who = {}, kind, isPattern, isKept }) {
    const may = (action, also = true) => also && needs[action] !== undefined && needs[action] !== 'never';
    this.asks = kind === 'requests' && may('request');
    this.emits = kind === 'events' && !isPattern && may('publish');
    this.hears = kind === 'events' && may('subscribe');
    this.reads = isKept && !isPattern && may('history');
    this.needs = needs;
    this.who = who;
  }

  /** Those of the three that a client does in one go, and that take a token. */
  get tokens() {
    return [[this.asks, 'request'], [this.emits, 'publish'], [this.hears, 'subscribe']].filter(([may, action]) => may && this.needs[action] === 'token').map(([, action]) => action);
  }

  get takesToken() {
    return this.tokens.length > 0;
  }

  /** Whether a token is needed, whose, and where it goes. */
  note(actions, where, more = '') {
    if (actions.length === 0) return `Needs no token. ${more}`.trim();
    const whose = actions.map(action => `to ${WORDS[action]}: ${this.who[action] ?? 'whoever is signed in'}`).join('; ');
    return `Needs a token (${whose}): ${where}. ${more}`.trim();
  }

  get any() {
    return this.asks || this.emits || this.hears;
  }
}

function browser(place) {
  const rights = new Rights(place);
  if (!rights.any) return undefined;
  const name = nameOf(place.address);
  const options = rights.takesToken ? `{ token: '${TOKEN}' }` : '';
  const lines = ["import { connect } from '/client/weir.js';", ''];
  if (rights.asks) {
    lines.push(`const reply = await connect(${options}).request(${js(place.address)}, ${DATA});`, 'console.log(reply);');
  } else {
    lines.push(`const ${name} = connect(${options}).emitter(${js(place.address)});`);
    if (rights.hears) lines.push(`${name}.on('*', (data, event) => console.log(event.type, data));`, `await ${name}.ready();`);
    if (rights.emits) lines.push(`await ${name}.emit('message', ${DATA});`);
  }
  const where = `Save it as webroot/${name}.js and load it in a page beside it: <script type="module" src="/${name}.js"></script>. Pages from elsewhere import weir-client and say connect({ urls }).`;
  return { id: 'browser', title: 'Browser', language: 'js', code: lines.join('\n'), note: rights.note(rights.tokens, HERE, where) };
}

function java({ address, kind, isPattern }) {
  const name = nameOf(address);
  const lines = [`Emitter ${name} = Emitter.of(vertx, ${java.text(address)});`];
  if (kind === 'requests') {
    lines.push(`${name}.respond(event -> Future.succeededFuture(new JsonObject().put("answer", 42)));`);
    lines.push(`${name}.request("message", new JsonObject().put("hello", "world")).onSuccess(System.out::println);`);
  } else {
    lines.push(`${name}.on("*", (Object data, Event event) -> System.out.println(event.type() + " " + data));`);
    lines.push(isPattern ? `${name}.ready();` : `${name}.ready().compose(ready -> ${name}.emit("message", new JsonObject().put("hello", "world")));`);
  }
  return { id: 'java', title: 'Java', language: 'java', code: lines.join('\n'), note: 'In a verticle of yours, inside a node or beside it: verticles need no token.' };
}

java.text = text => JSON.stringify(text);

function script({ address, kind, isPattern }) {
  const name = nameOf(address);
  const lines = ["const { emitter } = require('weir');", '', `const ${name} = emitter(${js(address)});`];
  if (kind === 'requests') {
    lines.push(`${name}.respond((data, event) => ({ answer: 42 }));`);
  } else {
    lines.push(`${name}.on('*', (data, event) => console.log(event.type, data));`);
    if (!isPattern) lines.push(`${name}.emit('message', ${DATA});`);
  }
  return { id: 'script', title: 'JavaScript verticle', language: 'js', code: lines.join('\n'),
    note: `Save it as conf/verticles/${name}.js and add to weir.yaml: verticles: [{deploy: "js:conf/verticles/${name}.js"}]` };
}

function curl(place) {
  const rights = new Rights(place);
  const path = `${place.origin}/v1/addresses/${encodeURIComponent(place.address)}`;
  const snippets = [];
  const add = (id, title, action, command, more = []) => snippets.push({ id, title, language: 'sh', code: curled(command, more, rights.needs[action] === 'token'), note: rights.note(rights.needs[action] === 'token' ? [action] : [], 'put yours into the variable WEIR_TOKEN') });
  const sent = [`-H 'content-type: application/json'`, `-d '${JSON_DATA}'`];
  if (rights.asks) add('curl-request', 'curl: ask', 'request', `curl -X POST ${shell(`${path}/requests`)}`, sent);
  if (rights.emits) add('curl-publish', 'curl: publish', 'publish', `curl -X POST ${shell(`${path}/events?type=message`)}`, sent);
  if (rights.hears) add('curl-stream', 'curl: listen', 'subscribe', `curl -N ${shell(`${place.origin}/v1/stream?address=${encodeURIComponent(place.address)}`)}`);
  if (rights.reads) add('curl-history', 'curl: history', 'history', `curl ${shell(`${path}/events?limit=10`)}`);
  return snippets;
}

function curled(command, more, token) {
  return [command, ...(token ? ['-H "authorization: Bearer $WEIR_TOKEN"'] : []), ...more].join(' \\\n  ');
}

function stock(place) {
  const rights = new Rights(place);
  if (!rights.any) return undefined;
  const headers = rights.takesToken ? '{ authorization: `Bearer ${token}` }' : '{}';
  const lines = ["const EventBus = require('@vertx/eventbus-bridge-client.js');", ''];
  if (rights.takesToken) lines.push(`const token = '${TOKEN}';`);
  lines.push(`const bus = new EventBus(${js(`${place.origin}/eventbus`)});`, 'bus.onopen = () => {');
  if (rights.hears) lines.push(`  bus.registerHandler(${js(place.address)}, ${headers}, (error, message) => console.log(message.body));`);
  if (rights.emits) lines.push(`  bus.publish(${js(place.address)}, ${DATA}, ${headers});`);
  if (rights.asks) lines.push(`  bus.send(${js(place.address)}, ${DATA}, ${headers}, (error, reply) => console.log(error ?? reply.body));`);
  lines.push('};');
  return { id: 'stock', title: 'Vert.x client', language: 'js', code: lines.join('\n'), note: rights.note(rights.tokens, HERE, 'The client of the Vert.x bridge as it is: npm install @vertx/eventbus-bridge-client.js') };
}

/** Verticles use an address that no policy declares over the bus itself. */
function bare({ address }) {
  const code = [`vertx.eventBus().consumer(${java.text(address)}, message -> System.out.println(message.body()));`, `vertx.eventBus().publish(${java.text(address)}, new JsonObject().put("hello", "world"));`];
  return { id: 'java', title: 'Java', language: 'java', code: code.join('\n'), note: 'In a verticle of yours, as any Vert.x code does it.' };
}

/** What opens an address that no policy declares. */
function yaml({ address }) {
  if (!/^[\w~@:+-]+(\.[\w~@:+-]+)*$/.test(address)) return undefined;
  return { id: 'policy', title: 'A policy for it', language: 'yaml', code: `addresses:\n  - {match: ${JSON.stringify(address)}, publish: signed-in, subscribe: signed-in}`,
    note: 'No policy declares this address, so only verticles use it. This in weir.yaml, and a reload, lets signed-in clients in.' };
}

/** A name for a variable, out of the last part of an address that makes one. */
export function nameOf(address) {
  const words = address.split('.').at(-1).replace(/[^A-Za-z0-9]+/g, ' ').trim().split(' ');
  const name = words.map((word, i) => (i === 0 ? word.toLowerCase() : word[0].toUpperCase() + word.slice(1))).join('');
  return /^[a-z]/.test(name) && !RESERVED.has(name) ? name : 'events';
}

const RESERVED = new Set(['await', 'break', 'case', 'catch', 'class', 'const', 'continue', 'data', 'default', 'delete', 'do', 'else', 'enum', 'event', 'export', 'extends', 'false',
  'finally', 'for', 'function', 'if', 'import', 'in', 'instanceof', 'interface', 'let', 'new', 'null', 'package', 'private', 'protected', 'public', 'return', 'static',
  'super', 'switch', 'this', 'throw', 'true', 'try', 'typeof', 'var', 'void', 'while', 'with', 'yield', 'connect', 'emitter', 'console', 'require', 'bus', 'token', 'reply',
  'abstract', 'boolean', 'byte', 'char', 'double', 'final', 'float', 'int', 'long', 'native', 'short', 'synchronized', 'throws', 'transient', 'volatile', 'assert', 'goto', 'strictfp', 'vertx', 'ready', 'system']);

function js(text) {
  return `'${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
}

function shell(text) {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
