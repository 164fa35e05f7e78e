process.on('exit', (code) => {
  console.log('exit', code, process.exitCode);
  process.exitCode = 8;
});
throw new Error('x');
