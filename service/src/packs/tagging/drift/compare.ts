/** How tags moved between two looks at the same resources. Pure. A breach of the policy that was there before is no drift. */
import type { Failure, Resource, Tags } from '../estate/estate.ts';
import { appliesTo, type Policy } from '../policy/policy.ts';
import type { TagSnapshot } from '../scan/snapshot.ts';
import { arnPlaceOf, isUnreadAt } from './places.ts';

export const driftTypes = ['added', 'removed', 'changed'] as const;
/** The gravest first. */
export const driftSeverities = ['critical', 'warning', 'info'] as const;

/** What is told of a resource. */
export type DriftResource = Pick<Resource, 'arn' | 'type' | 'accountId' | 'region' | 'id'>;

/** One tag of one resource that is not as it was. */
export interface TagDrift {
  readonly resource: DriftResource;
  readonly tag: string;
  readonly driftType: (typeof driftTypes)[number];
  readonly oldValue: string | null;
  readonly newValue: string | null;
  /** critical: a required tag is gone. warning: a required tag has another value. info: anything else. */
  readonly severity: (typeof driftSeverities)[number];
}

export interface Comparison {
  readonly drifts: readonly TagDrift[];
  /** Resources that the earlier look did not see. */
  readonly resourcesNew: number;
  /** Resources that are gone. Of places that cannot be read now nothing is known, so they are not counted. */
  readonly resourcesDeleted: number;
}

export interface Looks {
  readonly before: TagSnapshot;
  /** Looked at once, one after the other. */
  readonly now: Iterable<DriftResource & Pick<Resource, 'tags'>>;
  /** What could not be read now. */
  readonly failures: readonly Failure[];
  readonly policy: Policy;
  /** Keys to look at, exact in their case. Undefined: those that the policy requires of each resource. */
  readonly keys: readonly string[] | undefined;
}

const tagValue = (tags: Tags, key: string): string | null => (Object.hasOwn(tags, key) ? (tags[key] ?? null) : null);

const typeOf = (before: string | null, after: string | null): TagDrift['driftType'] | undefined => {
  if (before === after) return undefined;
  if (before === null) return 'added';
  return after === null ? 'removed' : 'changed';
};

const severityOf = (driftType: TagDrift['driftType'], required: boolean): TagDrift['severity'] => {
  if (!required || driftType === 'added') return 'info';
  return driftType === 'removed' ? 'critical' : 'warning';
};

const driftsOf = (
  { arn, type, accountId, region, id, tags }: DriftResource & Pick<Resource, 'tags'>,
  before: Tags,
  { policy, keys }: Looks,
): TagDrift[] => {
  const resource = { arn, type, accountId, region, id };
  const required = new Set(policy.required_tags.filter((tag) => appliesTo(tag, type)).map((tag) => tag.name));
  return [...new Set(keys ?? required)].flatMap((tag): TagDrift[] => {
    const oldValue = tagValue(before, tag);
    const newValue = tagValue(tags, tag);
    const driftType = typeOf(oldValue, newValue);
    if (driftType === undefined) return [];
    return [{ resource, tag, driftType, oldValue, newValue, severity: severityOf(driftType, required.has(tag)) }];
  });
};

export const compareTags = (looks: Looks): Comparison => {
  const { before, now, failures } = looks;
  const gone = new Set(before.keys());
  const drifts: TagDrift[] = [];
  let resourcesNew = 0;
  for (const resource of now) {
    const earlier = before.get(resource.arn);
    gone.delete(resource.arn);
    if (earlier === undefined) resourcesNew += 1;
    else drifts.push(...driftsOf(resource, earlier, looks));
  }
  const deleted = [...gone].filter((arn) => !isUnreadAt(failures, arnPlaceOf(arn)));
  return { drifts, resourcesNew, resourcesDeleted: deleted.length };
};
