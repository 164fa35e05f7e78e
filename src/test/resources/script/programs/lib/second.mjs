console.log('second'); export const readable = 'readable';
