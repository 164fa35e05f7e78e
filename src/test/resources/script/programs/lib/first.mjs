console.log('first'); export {};
