// The stock client of the Vert.x bridge in Node: what its callbacks hear, as one line of JSON.
'use strict';

const EventBus = require('@vertx/eventbus-bridge-client.js');

const [url, transport] = process.argv.slice(2);
const room = 'chat.' + transport;
const heard = [];
const done = [];
const errors = [];
// Without `timeout` SockJS gives a transport up that needs more than half a second on a busy machine.
const bus = new EventBus(url, {transports: [transport], timeout: 60000, vertxbus_ping_interval: 1000});

setTimeout(() => {
  console.error('not done in time', JSON.stringify({heard, errors, done}));
  process.exit(2);
}, 60000);

function ask(address, body) {
  return new Promise(answered => bus.send(address, body, {mine: 'kept'}, (error, reply) => {
    done.push(address);
    answered(error ? [error.failureType, error.failureCode, error.message] : [reply.body, reply.headers?.mine]);
  }));
}

function listen(count) {
  return new Promise(done => bus.registerHandler(room, (error, message) => {
    heard.push(message.body);
    if (heard.length === count) done();
  }));
}

bus.onclose = event => {
  console.error('closed', event.code, event.reason, JSON.stringify({heard, errors, done}));
  process.exit(3);
};
bus.onerror = error => errors.push(error.body);
bus.onopen = async () => {
  const all = listen(4);
  for (const body of [{text: 'ä€😀 \u2028"'}, [1, null], 'text', 1.5]) bus.publish(room, body);
  await all;
  bus.registerHandler('quotes', (error, message) => message.reply({price: message.body * 2}));
  const results = {
    transport: bus.sockJSConn.transport,
    heard,
    echo: await ask('svc.echo', {n: 1}),
    own: (await ask('quotes', 21))[0],
    failure: await ask('svc.fail', 'no such item'),
    nobody: (await ask('svc.nobody', 1)).slice(0, 2),
  };
  bus.publish('closed', 1);
  const waiting = setInterval(() => {
    if (errors.length > 0) {
      clearInterval(waiting);
      console.log(JSON.stringify({...results, errors}));
      process.exit(0);
    }
  }, 10);
};
