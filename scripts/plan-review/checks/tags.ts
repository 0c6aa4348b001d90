/** Everything that takes tags says whose it is: costs and cleaning up go by it. */
import { UNKNOWN } from '../unknown.ts';
import { type Check, viewOfPlan } from './check.ts';

const wanted = ['Project', 'Environment', 'ManagedBy', 'Stack'] as const;

export const mandatoryTags: Check = {
  name: 'mandatory-tags',
  asks: `Every resource that takes tags has ${wanted.join(', ')}.`,
  breaches: (plan) =>
    viewOfPlan(plan).resources.flatMap(({ address, block }) => {
      // The provider lists tags_all for everything that takes tags.
      if (block.tags_all === undefined || block.tags === UNKNOWN) return [];
      const given = typeof block.tags === 'object' && block.tags !== null ? block.tags : {};
      const missing = wanted.filter((name) => !Object.hasOwn(given, name));
      return missing.length === 0 ? [] : [{ address, problem: `lacks the tags ${missing.join(', ')}` }];
    }),
};
