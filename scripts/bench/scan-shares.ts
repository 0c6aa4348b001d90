/** How many resources of each kind the stand-in cloud of `npm run bench:scan` has in each region. */
export const scanRegions = ['us-east-1', 'us-west-2', 'eu-west-1'] as const;

const divided = (count: number): Record<string, number> => {
  const each = Math.floor(count / scanRegions.length);
  return Object.fromEntries(
    scanRegions.map((region, at) => [region, at === 0 ? count - each * (scanRegions.length - 1) : each]),
  );
};

/** Four fifths are instances, whose tags come with them; the rest are functions, whose tags GetResources tells. */
export const sharesOf = (count: number) => {
  const functions = Math.floor(count / 5);
  return { instances: divided(count - functions), functions: divided(functions) };
};
