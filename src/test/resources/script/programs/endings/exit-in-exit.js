process.on('exit', (code) => {
  console.log('exit', code, process.exitCode);
  process.exit(4);
});
process.on('exit', () => console.log('never'));
process.on('beforeExit', () => console.log('never'));
process.exit(2);
