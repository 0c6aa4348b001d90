/** What holds data is not destroyed by the way. */
import { statefulTypes } from '../kinds.ts';
import type { Check } from './check.ts';

export const statefulDestroy: Check = {
  name: 'stateful-destroy',
  asks: 'Nothing that holds data is destroyed or replaced without somebody saying so.',
  breaches: ({ resource_changes }) =>
    resource_changes
      .filter(
        ({ mode, type, change }) => mode === 'managed' && statefulTypes.has(type) && change.actions.includes('delete'),
      )
      .map(({ address, change }) => ({
        address,
        problem: `holds data and would be ${change.actions.includes('create') ? 'replaced by an empty one' : 'destroyed'}`,
      })),
};
