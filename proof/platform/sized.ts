/**
 * Examples that differ from another in figures alone, and are not tried apart where an environment is run or planned:
 * the other has been. `scripts/phase-check.test.ts` keeps it so.
 */
export const sized: Readonly<Record<string, string>> = {
  'examples/startup/growth': 'examples/startup/prod',
  'examples/startup/growth-staging': 'examples/startup/staging',
};
