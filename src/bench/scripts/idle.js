// A script that waits.
setInterval(() => {}, 60_000);
