try {
  process.exit(7);
} catch {
  console.log('never');
} finally {
  console.log('never');
}
