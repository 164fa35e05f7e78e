// The stock client of the Vert.x bridge in Node: what its callbacks hear, as one line of JSON.
'use strict';

const EventBus = require('@vertx/eventbus-bridge-client.js');

const [url, transport] = process.argv.slice(2);
const room = 'chat.' + transport;
const heard = [];
const errors = [];
const bus = new EventBus(url, {transports: [transport], vertxbus_ping_interval: 1000});

setTimeout(() => {
  console.error('not done in time', JSON.stringify({heard, errors}));
  process.exit(2);
}, 20000);

function ask(address, body) {
  return new Promise(done => bus.send(address, body, {mine: 'kept'}, (error, reply) =>
    done(error ? [error.failureType, error.failureCode, error.message] : [reply.body, reply.headers?.mine])));
}

function listen(count) {
  return new Promise(done => bus.registerHandler(room, (error, message) => {
    heard.push(message.body);
    if (heard.length === count) done();
  }));
}

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
