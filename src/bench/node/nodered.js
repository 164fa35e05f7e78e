// The late flights per origin as a flow of Node-RED without its editor, as fast as it takes them.
// usage: node nodered.js NDJSON SECONDS WARM   prints one line of JSON
const fs = require('fs');
const http = require('http');
const os = require('os');
const path = require('path');
const util = require('@node-red/util');
const runtime = require('@node-red/runtime');

const [file, seconds, warm] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])];
const BATCH = 200;
const counted = {late: 0};

const flow = [
  {id: 'tab', type: 'tab', label: 'late'},
  {id: 'parse', z: 'tab', type: 'json', property: 'payload', action: 'obj', wires: [['late']]},
  {id: 'late', z: 'tab', type: 'switch', property: 'payload.delay', propertyType: 'msg',
    rules: [{t: 'gt', v: '10', vt: 'num'}], checkall: 'false', outputs: 1, wires: [['two']]},
  {id: 'two', z: 'tab', type: 'change', rules: ['date', 'distance', 'destination']
    .map(name => ({t: 'delete', p: 'payload.' + name, pt: 'msg'})), wires: [['sum']]},
  {id: 'sum', z: 'tab', type: 'function', outputs: 1, wires: [['out']],
    initialize: 'context.set("sums", {}); context.set("due", Date.now() + 1000);',
    func: `const sums = context.get('sums');
const one = sums[msg.payload.origin] ??= {origin: msg.payload.origin, n: 0, minutes: 0};
one.n++;
one.minutes += msg.payload.delay;
global.get('counted').late++;
if (Date.now() < context.get('due')) return null;
context.set('due', Date.now() + 1000);
context.set('sums', {});
return [Object.values(sums).map(payload => ({payload}))];`},
  {id: 'out', z: 'tab', type: 'function', outputs: 0, wires: [],
    func: 'context.set("n", (context.get("n") || 0) + msg.payload.n);'},
];

async function main() {
  const events = fs.readFileSync(file, 'utf8').trim().split('\n').map(line => Buffer.from(line));
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'weir-bench-'));
  fs.writeFileSync(path.join(folder, 'flows.json'), JSON.stringify(flow));
  const settings = {
    userDir: folder, flowFile: 'flows.json',
    coreNodesDir: path.dirname(require.resolve('@node-red/nodes')),
    functionGlobalContext: {counted},
    httpAdminRoot: false, httpNodeRoot: false, disableEditor: true, telemetry: {enabled: false},
    logging: {console: {level: 'error', metrics: false, audit: false}},
  };
  util.init(settings);
  await runtime.init(settings, http.createServer(), {auth: {needsPermission: () => (req, res, next) => next()}});
  await runtime.start();
  let head = null; // Flows begin some time after the runtime.
  for (let tries = 0; !head && tries < 300; tries++) {
    await new Promise(resolve => setTimeout(resolve, 100));
    head = runtime._.nodes.getNode('parse');
  }
  await run(head, events, warm);
  const cpu = process.cpuUsage();
  const begun = process.hrtime.bigint();
  const given = await run(head, events, seconds);
  const took = Number(process.hrtime.bigint() - begun) / 1e9;
  const used = process.cpuUsage(cpu);
  console.log(JSON.stringify({events_per_s: given / took, cpu_s_per_m: (used.user + used.system) / given,
    emitted: runtime._.nodes.getNode('out').context().get('n')}));
  fs.rmSync(folder, {recursive: true});
  process.exit(0);
}

/** Gives a batch when all late ones of the batch before were counted. */
function run(head, events, secs) {
  return new Promise(resolve => {
    const end = Date.now() + secs * 1000;
    const late = events.map(event => JSON.parse(event).delay > 10);
    let given = 0;
    let expected = counted.late;
    function batch() {
      if (counted.late < expected) return setImmediate(batch);
      if (Date.now() >= end) return resolve(given);
      for (let i = 0; i < BATCH; i++, given++) {
        head.receive({payload: events[given % events.length]});
        if (late[given % events.length]) expected++;
      }
      setImmediate(batch);
    }
    batch();
  });
}

main();
