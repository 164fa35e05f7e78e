export const createRequire = 'none';
