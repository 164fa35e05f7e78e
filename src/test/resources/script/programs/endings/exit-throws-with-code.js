process.on('exit', (code) => console.log('exit', code, process.exitCode));
process.on('exit', () => {
  throw new Error('x');
});
process.exit(3);
