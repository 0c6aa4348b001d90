/** Types of the policy that a scan does not look at, and why: a score without them is not a score of everything. */
import { hasTags, type TaggableType, taggableTypeNames } from '../../../../../contracts/packs/tagging/types/index.ts';
import type { ResourceType } from '../estate/resource-types.ts';
import { judgedTypes, type Policy } from '../policy/policy.ts';

/**
 * not_enabled: the operator did not choose the type (ESTATE_TYPES). no_tags: AWS lets nobody tag it. not_readable: this version of
 * the service cannot list it.
 */
type NotScannedReason = 'not_enabled' | 'no_tags' | 'not_readable';

export type NotScanned = Partial<Record<NotScannedReason, ResourceType[]>>;

const reasonOf = (type: ResourceType, enabled: readonly TaggableType[]): NotScannedReason | undefined => {
  const known = taggableTypeNames.find((each) => each === type);
  if (known === undefined) return 'not_readable';
  if (!hasTags(known)) return 'no_tags';
  return enabled.includes(known) ? undefined : 'not_enabled';
};

/** Types on which the policy requires a tag and which no scan looks at, by why. */
export const notScanned = (policy: Policy, enabled: readonly TaggableType[]): NotScanned =>
  Object.fromEntries(
    [...Map.groupBy(judgedTypes(policy), (type) => reasonOf(type, enabled))].filter(([why]) => why !== undefined),
  );
