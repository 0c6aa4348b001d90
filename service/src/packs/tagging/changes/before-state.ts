/** What of a resource's tags a change is planned on, read again before it is applied, and restored by its rollback. */
import type { State } from '../../../operations/plan.ts';
import type { Tags } from '../estate/estate.ts';
import { isSystemTag } from '../policy/tag-rules.ts';

/**
 * Types whose every tag write replaces the whole set: S3 and CodeBuild know no write of one tag, so whoever sets one writes all
 * of them, the tagging API included. What is rewritten must be what was read.
 */
const rewritten: ReadonlySet<string> = new Set(['s3:bucket', 'codebuild:project']);

/** The touched keys with their values; null where a key is absent. */
export const touched = (tags: Tags, keys: readonly string[]): State =>
  Object.fromEntries(keys.map((key) => [key, Object.hasOwn(tags, key) ? (tags[key] ?? null) : null]));

/** The touched keys; all tags where a write replaces them all. AWS's own tags change without us and are no part of it. */
export const stateOf = (type: string, tags: Tags, keys: readonly string[]): State => {
  if (!rewritten.has(type)) return touched(tags, keys);
  const own = Object.fromEntries(Object.entries(tags).filter(([key]) => !isSystemTag(key)));
  return { ...own, ...touched(tags, keys) };
};
