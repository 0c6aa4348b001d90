/** Which way a version goes: 16 to 17, 16.4 to 16.6. */

/** `17.5` as 17 and 5. */
export const partsOf = (version: unknown): readonly number[] => String(version).split('.').map(Number);

/** Whether the first number goes up. */
export const isMajorUpgrade = (from: string, to: string): boolean => {
  const [[old = 0], [wanted = 0]] = [partsOf(from), partsOf(to)];
  return wanted > old;
};

/** Whether it goes down. `17` after `17.4` does not: it is the same, followed loosely. */
export const isDowngrade = (from: string, to: string): boolean => {
  const [old, wanted] = [partsOf(from), partsOf(to)];
  for (const [index, part] of wanted.entries()) {
    const before = old[index] ?? part;
    if (part !== before) return part < before;
  }
  return false;
};
