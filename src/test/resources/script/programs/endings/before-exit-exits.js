process.on('exit', (code) => console.log('exit', code));
process.on('beforeExit', () => {
  console.log('beforeExit');
  process.exit(5);
});
