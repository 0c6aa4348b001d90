/**
 * Jest runs each test file in a realm of its own, where the errors that Node itself makes are not `instanceof Error`.
 * Everywhere else they are, and the code under test may rely on it.
 */
import { types } from 'node:util';

const ordinary = Function.prototype[Symbol.hasInstance];

Object.defineProperty(Error, Symbol.hasInstance, {
  value(this: unknown, value: unknown): boolean {
    return ordinary.call(this, value) || (this === Error && types.isNativeError(value));
  },
});
