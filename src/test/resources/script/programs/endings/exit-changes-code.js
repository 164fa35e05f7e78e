process.on('exit', (code) => {
  console.log('exit', code);
  process.exitCode = 9;
  setTimeout(() => console.log('never'), 1);
  process.nextTick(() => console.log('never'));
});
process.on('exit', (code) => console.log('exit', code, process.exitCode));
