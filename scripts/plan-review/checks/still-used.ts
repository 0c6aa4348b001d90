/** AWS refuses to delete what something else still uses; a key it deletes all the same, and what it encrypted is lost. */
import { isDestroyed, type Reference, referencesIn } from '../references.ts';
import type { Check } from './check.ts';

/** What to do instead, by the type that would go. */
const remedies: Readonly<Record<string, string>> = {
  aws_kms_key: 'what it has encrypted can be read no more once the key is gone: keep encryption = "cmk"',
  aws_lb_target_group: 'change one colour at a time, and take it out of the rule first',
  aws_vpc:
    'an environment cannot move to another VPC: keep vpc_cidr, or make another environment (docs/changes.md#network)',
};

const problemOf = (references: readonly Reference[], type: string): string => {
  const users = references.map(({ user }) => user.address).join(', ');
  return `would go while ${users} still uses it: ${remedies[type] ?? 'take it out of use in an apply of its own'}`;
};

export const stillUsed: Check = {
  name: 'still-used',
  asks: 'Nothing is destroyed that something which stays still refers to.',
  breaches: (plan) => {
    const staying = referencesIn(plan).filter(({ stays }) => stays);
    return plan.resource_changes.filter(isDestroyed).flatMap(({ address, type }) => {
      const references = staying.filter(({ destroyed }) => destroyed.address === address);
      return references.length === 0 ? [] : [{ address, problem: problemOf(references, type) }];
    });
  },
};
