/**
 * Jest runs test files in another realm than Node's own, where the errors that Node itself makes are not `instanceof Error`.
 * Everywhere else they are, and the code under test may rely on it.
 */
import { types } from 'node:util';

const ordinary = Function.prototype[Symbol.hasInstance];

Object.defineProperty(Error, Symbol.hasInstance, {
  configurable: true,
  value(this: unknown, value: unknown): boolean {
    return ordinary.call(this, value) || (this === Error && types.isNativeError(value));
  },
});
