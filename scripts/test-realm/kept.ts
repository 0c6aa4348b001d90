/** What an object was like, so that it can be that again after a test file. */
export interface Kept {
  /** Takes back what was added, changed and removed since. */
  restore(): void;
  /** Runs it, and what it adds stays from then on. */
  adding<T>(work: () => T): T;
}

const isSame = (one: PropertyDescriptor | undefined, other: PropertyDescriptor): boolean =>
  one !== undefined && one.value === other.value && one.get === other.get && one.set === other.set;

/** Looks at own properties only, and not into their values. */
export const keep = (object: object): Kept => {
  const kept = new Map<PropertyKey, PropertyDescriptor>();
  const keepNew = (known: ReadonlySet<PropertyKey>): void => {
    for (const key of Reflect.ownKeys(object)) {
      const descriptor = Reflect.getOwnPropertyDescriptor(object, key);
      if (descriptor !== undefined && !known.has(key)) kept.set(key, descriptor);
    }
  };
  keepNew(new Set());
  return {
    restore: () => {
      for (const key of Reflect.ownKeys(object)) if (!kept.has(key)) Reflect.deleteProperty(object, key);
      for (const [key, descriptor] of kept)
        if (!isSame(Reflect.getOwnPropertyDescriptor(object, key), descriptor))
          Reflect.defineProperty(object, key, descriptor);
    },
    adding: (work) => {
      const known = new Set(Reflect.ownKeys(object));
      const result = work();
      keepNew(known);
      return result;
    },
  };
};
