'use strict';
// util.types: what a value really is, whatever its prototype chain or toStringTag say.

const TypedArray = Object.getPrototypeOf(Uint8Array);
const typedArrayTag = Object.getOwnPropertyDescriptor(TypedArray.prototype, Symbol.toStringTag).get;
const AsyncFunction = (async () => {}).constructor;
const GeneratorFunction = function* () {}.constructor;
const AsyncGeneratorFunction = async function* () {}.constructor;
const objectTag = (value) => Object.prototype.toString.call(value).slice(8, -1);

/** Of the class, and not merely an object that borrows its prototype: `probe` throws for those. */
function branded(Class, probe) {
  return (value) => {
    if (!(value instanceof Class)) return false;
    try {
      probe.call(value);
      return true;
    } catch {
      return false;
    }
  };
}
const getter = (prototype, name) => Object.getOwnPropertyDescriptor(prototype, name).get;

const isMap = branded(Map, getter(Map.prototype, 'size'));
const isSet = branded(Set, getter(Set.prototype, 'size'));
const isDate = branded(Date, Date.prototype.getTime);
const isPromise = (value) => value instanceof Promise;
const isWeakMap = branded(WeakMap, function () {
  WeakMap.prototype.has.call(this, {});
});
const isWeakSet = branded(WeakSet, function () {
  WeakSet.prototype.has.call(this, {});
});
const isArrayBuffer = branded(ArrayBuffer, getter(ArrayBuffer.prototype, 'byteLength'));
const isSharedArrayBuffer = (value) =>
  typeof SharedArrayBuffer === 'function' && value instanceof SharedArrayBuffer;
const isDataView = branded(DataView, getter(DataView.prototype, 'byteLength'));
const isNumberObject = branded(Number, Number.prototype.valueOf);
const isStringObject = branded(String, String.prototype.valueOf);
const isBooleanObject = branded(Boolean, Boolean.prototype.valueOf);
const isBigIntObject = branded(BigInt, BigInt.prototype.valueOf);
const isSymbolObject = branded(Symbol, Symbol.prototype.valueOf);

const isObject = (value) => typeof value === 'object' && value !== null;
const isTypedArray = (value) => isObject(value) && typedArrayTag.call(value) !== undefined;
const kindOfArray = (name) => (value) => isObject(value) && typedArrayTag.call(value) === name;

module.exports = {
  isMap,
  isSet,
  isDate,
  isRegExp: (value) => value instanceof RegExp && value !== RegExp.prototype,
  isPromise,
  isWeakMap,
  isWeakSet,
  isArrayBuffer,
  isSharedArrayBuffer,
  isAnyArrayBuffer: (value) => isArrayBuffer(value) || isSharedArrayBuffer(value),
  isDataView,
  isArrayBufferView: ArrayBuffer.isView,
  isTypedArray,
  isUint8Array: kindOfArray('Uint8Array'),
  isUint8ClampedArray: kindOfArray('Uint8ClampedArray'),
  isUint16Array: kindOfArray('Uint16Array'),
  isUint32Array: kindOfArray('Uint32Array'),
  isInt8Array: kindOfArray('Int8Array'),
  isInt16Array: kindOfArray('Int16Array'),
  isInt32Array: kindOfArray('Int32Array'),
  isFloat32Array: kindOfArray('Float32Array'),
  isFloat64Array: kindOfArray('Float64Array'),
  isBigInt64Array: kindOfArray('BigInt64Array'),
  isBigUint64Array: kindOfArray('BigUint64Array'),
  isNumberObject,
  isStringObject,
  isBooleanObject,
  isBigIntObject,
  isSymbolObject,
  isBoxedPrimitive: (value) =>
    isNumberObject(value) || isStringObject(value) || isBooleanObject(value) || isBigIntObject(value) ||
    isSymbolObject(value),
  isNativeError: (value) => value instanceof Error && objectTag(value) === 'Error',
  isAsyncFunction: (value) => value instanceof AsyncFunction || value instanceof AsyncGeneratorFunction,
  isGeneratorFunction: (value) => value instanceof GeneratorFunction || value instanceof AsyncGeneratorFunction,
  isGeneratorObject: (value) => isObject(value) && /^(Async)?Generator$/.test(objectTag(value)),
  isMapIterator: (value) => isObject(value) && objectTag(value) === 'Map Iterator',
  isSetIterator: (value) => isObject(value) && objectTag(value) === 'Set Iterator',
  isArgumentsObject: (value) => isObject(value) && value[Symbol.toStringTag] === undefined &&
    objectTag(value) === 'Arguments',
  isModuleNamespaceObject: (value) => isObject(value) && Object.getPrototypeOf(value) === null &&
    value[Symbol.toStringTag] === 'Module',
  isProxy: () => false, // the engine does not tell; documented
  isExternal: () => false,
};
