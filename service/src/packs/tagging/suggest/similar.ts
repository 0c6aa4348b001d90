/** What resources like one of them have as a tag, from the newest snapshot. Pure. */
import { parseArn } from '../estate/arn.ts';
import type { Resource } from '../estate/estate.ts';
import type { TagSnapshot } from '../scan/snapshot.ts';
import { applicationIn } from './words.ts';

type Tags = Readonly<Record<string, string>>;

export interface ValueAgreement {
  readonly value: string;
  /** Those that have this value, of those that have any that the policy allows. */
  readonly agree: number;
  readonly of: number;
}

const applicationOf = (tags: Tags, id: string): string | undefined => applicationIn(tags.Name ?? id);

/** Tags of resources of the same type, account and application. A bucket's ARN does not say its account. */
export const similarTo = (resource: Resource, snapshot: TagSnapshot): Tags[] => {
  const application = applicationOf(resource.tags, resource.id);
  const own = parseArn(resource.arn);
  const similar: Tags[] = [];
  if (own === undefined || application === undefined) return similar;
  for (const [text, tags] of snapshot) {
    const arn = text === resource.arn ? undefined : parseArn(text);
    if (arn === undefined || arn.type !== own.type || arn.accountId !== own.accountId) continue;
    if (applicationOf(tags, arn.id) === application) similar.push(tags);
  }
  return similar;
};

/** The value that most of them have, of those that `allowed` lets pass; undefined where none has one, or two are as frequent. */
export const agreementOn = (
  key: string,
  similar: readonly Tags[],
  allowed: (value: string) => boolean,
): ValueAgreement | undefined => {
  const values = similar.flatMap((tags) => (Object.hasOwn(tags, key) ? [tags[key] ?? ''] : [])).filter(allowed);
  const counts = [...Map.groupBy(values, (value) => value)].map(([value, same]) => ({ value, agree: same.length }));
  const [first, second] = counts.sort((a, b) => b.agree - a.agree);
  if (first === undefined || first.agree === second?.agree) return undefined;
  return { ...first, of: values.length };
};
