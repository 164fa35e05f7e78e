process.on('exit', (code) => console.log('exit', code, process.exitCode));
process.on('beforeExit', () => {
  console.log('beforeExit');
  throw new Error('x');
});
