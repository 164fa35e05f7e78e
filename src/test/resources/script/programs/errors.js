// Errors that nobody caught, where somebody listens.
process.on('uncaughtException', (error, origin) => console.log('uncaught', error.message, origin));
process.on('unhandledRejection', (reason, promise) => {
  console.log('unhandled', reason.message, promise instanceof Promise);
  setTimeout(() => {
    setTimeout(() => {
      setImmediate(() => { throw new Error('in an immediate'); });
      console.log('goes on');
    }, 5);
    throw new Error('in a timer');
  }, 5);
});
Promise.reject(new Error('rejected'));
const late = Promise.reject(new Error('caught in time'));
process.nextTick(() => late.catch((error) => console.log(error.message)));
queueMicrotask(() => { throw new Error('in a microtask'); });
process.on('exit', (code) => console.log('exit', code, process.exitCode));
