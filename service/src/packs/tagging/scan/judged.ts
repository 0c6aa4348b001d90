/** One resource, judged by the policy and costed. Pure. */
import type { TaggableType } from '../../../../../contracts/packs/tagging.ts';
import type { ResourceCost } from '../cost/costs.ts';
import type { Resource } from '../estate/estate.ts';
import type { LoadedPolicy } from '../policy/policy.ts';
import { errorsOf, isJudged, type TagFinding, warningsOf } from '../policy/violations.ts';

export interface JudgedResource extends Resource {
  /** Does the policy concern it? Only these count. */
  readonly judged: boolean;
  /** Of a judged resource: required tags that are missing or wrong. They alone lower the score. */
  readonly errors: readonly TagFinding[];
  /** Of a judged resource: optional tags off their list, and keys or values against the naming rules. */
  readonly warnings: readonly TagFinding[];
  /** Null where nothing is known. */
  readonly cost: ResourceCost | null;
}

export const isCompliant = (resource: Pick<JudgedResource, 'errors'>): boolean => resource.errors.length === 0;

export const exists = (resource: Pick<Resource, 'state'>): boolean => resource.state !== 'terminated';

const none: readonly TagFinding[] = [];

export const judge = (
  resource: Resource,
  cost: ResourceCost | null,
  policy: LoadedPolicy,
  named: ReadonlySet<TaggableType>,
): JudgedResource => {
  const judged = isJudged(resource, policy, named);
  return {
    ...resource,
    judged,
    errors: judged ? errorsOf(resource.type, resource.tags, policy) : none,
    warnings: judged ? warningsOf(resource.tags, policy) : none,
    cost,
  };
};
