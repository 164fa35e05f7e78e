process.once('uncaughtException', (error, origin) => {
  console.log(error.message, origin);
  process.exitCode = 4;
});
process.on('exit', (code) => console.log('exit', code, process.exitCode));
setTimeout(() => console.log('goes on'), 5);
throw new Error('x');
