process.on('exit', (code) => {
  console.log('exit', typeof code, code, typeof process.exitCode);
  process.exit();
  console.log('never');
});
process.exit('12');
