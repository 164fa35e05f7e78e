'use strict';
// The exception of web APIs (abort reasons, structuredClone, atob). An Error by prototype, as in Node.

const CODES = [
  'IndexSizeError', 'DOMStringSizeError', 'HierarchyRequestError', 'WrongDocumentError', 'InvalidCharacterError',
  'NoDataAllowedError', 'NoModificationAllowedError', 'NotFoundError', 'NotSupportedError', 'InUseAttributeError',
  'InvalidStateError', 'SyntaxError', 'InvalidModificationError', 'NamespaceError', 'InvalidAccessError',
  'ValidationError', 'TypeMismatchError', 'SecurityError', 'NetworkError', 'AbortError', 'URLMismatchError',
  'QuotaExceededError', 'TimeoutError', 'InvalidNodeTypeError', 'DataCloneError',
];
const UNUSED = new Set(['DOMStringSizeError', 'NoDataAllowedError', 'ValidationError']);

class DOMException {
  #message;
  #name;

  constructor(message = '', options = 'Error') {
    this.#message = `${message}`;
    if (options && typeof options === 'object') {
      this.#name = `${options.name}`;
      if ('cause' in options) {
        Object.defineProperty(this, 'cause', {
          value: options.cause, configurable: true, writable: true, enumerable: false,
        });
      }
    } else {
      this.#name = `${options}`;
    }
    Error.captureStackTrace?.(this, new.target);
  }

  get name() {
    return this.#name;
  }

  get message() {
    return this.#message;
  }

  get code() {
    return UNUSED.has(this.#name) ? 0 : CODES.indexOf(this.#name) + 1;
  }
}

Object.setPrototypeOf(DOMException.prototype, Error.prototype);
Object.defineProperties(DOMException.prototype, {
  [Symbol.toStringTag]: { configurable: true, value: 'DOMException' },
  name: { enumerable: true },
  message: { enumerable: true },
  code: { enumerable: true },
});
CODES.forEach((name, index) => {
  const words = name.replace(/Error$/, '').replace('DOMString', 'Domstring').replace('URL', 'Url')
    .replace('InUse', 'Inuse').replace(/\B[A-Z]/g, '_$&').toUpperCase();
  const constant = { enumerable: true, value: index + 1 };
  Object.defineProperty(DOMException, `${words}_ERR`, constant);
  Object.defineProperty(DOMException.prototype, `${words}_ERR`, constant);
});

module.exports = { DOMException };
