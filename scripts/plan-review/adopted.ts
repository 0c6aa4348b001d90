/** What a plan takes over instead of making it: it outlived the environment, or AWS made it. */
import type { PlanJson } from './plan-json.ts';

export const adoptedNotes = (plan: PlanJson): string[] =>
  plan.resource_changes
    .filter(({ change }) => change.importing !== undefined)
    .map(
      ({ address, change }) => `${address}: is there already and is taken over (${change.importing?.id ?? address}).`,
    );
