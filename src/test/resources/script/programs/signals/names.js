try {
  process.on('SIGKILL', () => {});
} catch (error) {
  console.log(error.name, error.message, error.code, error.errno, error.syscall);
}
process.on('SIGNOT', () => {});
const once = () => {};
process.on('SIGCONT', once);
console.log(process.eventNames().filter((name) => name.startsWith('SIG')).join());
process.off('SIGCONT', once);
process.once('SIGCONT', (name, number) => console.log(name, number, process.listenerCount('SIGCONT')));
console.log(process.kill(process.pid, 'SIGCONT'), process.kill(process.pid, 0));
for (const [pid, signal] of [['a'], [null], [1.5, 'SIGTERM'], [process.pid, 'SIGX'], [process.pid, '15']]) {
  try {
    process.kill(pid, signal);
  } catch (error) {
    console.log(error.name, error.code, error.message);
  }
}
setTimeout(() => {}, 200);
