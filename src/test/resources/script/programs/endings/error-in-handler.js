process.on('exit', () => console.log('never'));
process.on('uncaughtException', () => {
  console.log('handler');
  throw new Error('again');
});
throw new Error('x');
