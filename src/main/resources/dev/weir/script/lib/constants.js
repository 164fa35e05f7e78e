'use strict';
// Node's old flat list of constants: those of `os` and of `fs`' modes.
module.exports = {
  ...require('os').constants.signals,
  ...require('os').constants.errno,
  F_OK: 0, X_OK: 1, W_OK: 2, R_OK: 4,
  O_RDONLY: 0, O_WRONLY: 1, O_RDWR: 2, O_CREAT: 64, O_EXCL: 128, O_TRUNC: 512, O_APPEND: 1024,
};
