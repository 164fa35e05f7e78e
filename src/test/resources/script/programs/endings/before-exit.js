process.on('beforeExit', (code) => console.log('beforeExit', code, process.exitCode));
process.on('exit', (code) => console.log('exit', code, process.exitCode));
let rounds = 0;
process.on('beforeExit', () => {
  if (rounds++ < 2) setTimeout(() => console.log('round', rounds), 1);
});
process.exitCode = 3;
