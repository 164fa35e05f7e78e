process.on('exit', (code) => console.log('exit', code, process.exitCode));
Promise.reject(new Error('x'));
