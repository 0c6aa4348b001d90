/** What is protected from deletion cannot be deleted, and Terraform finds out when half of the plan is done. */
import type { Check } from './check.ts';

const isOn = (value: unknown): boolean => value === true || value === 'ACTIVE';

export const protectedDestroy: Check = {
  name: 'protected-destroy',
  asks: 'Nothing is destroyed or replaced while it is protected from deletion.',
  breaches: ({ resource_changes }) =>
    resource_changes.flatMap(({ address, mode, change: { actions, before } }) => {
      const attributes = ['deletion_protection', 'deletion_protection_enabled', 'enable_deletion_protection'];
      const isProtected = attributes.some((name) => isOn(before?.[name]));
      if (mode !== 'managed' || !actions.includes('delete') || !isProtected) return [];
      return [
        {
          address,
          problem:
            'is protected from deletion, so AWS refuses: set deletion_protection = false in an apply of its own first, if it really shall go',
        },
      ];
    }),
};
