process.on('beforeExit', () => {
  console.log('beforeExit');
  process.nextTick(() => console.log('tick'));
  Promise.resolve().then(() => console.log('job'));
});
process.on('exit', (code) => console.log('exit', code));
Promise.resolve().then(() => process.nextTick(() => console.log('late tick')));
