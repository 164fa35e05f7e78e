for (const code of [1, '2', ' 7 ', '0x10', null, undefined, 256, -1, '3.5', 3.5, NaN, 'x', '', true, {}, 2n]) {
  try {
    process.exitCode = code;
    console.log(typeof code, String(code), '->', process.exitCode);
  } catch (error) {
    console.log(typeof code, String(code), error.name, error.code, error.message);
  }
}
process.exitCode = undefined;
try {
  process.exit('x');
} catch (error) {
  console.log(error.code, error.message);
}
process.on('exit', (code) => console.log('exit', code, process.exitCode));
process.exitCode = 6;
process.exit(undefined);
