/**
 * The sandbox's record of who changed tags. When it was follows from the scans that are kept; who it was is made up. What was
 * written through this service is in its own operations, and nobody is made up for it.
 */
import type { TagDrift } from '../drift/compare.ts';
import { attributionKey, type TagWriter, type Trail } from '../drift/trail.ts';
import type { Estate } from '../estate/estate.ts';
import { extentHash, wholeExtent } from '../scan/extent.ts';
import type { Scans } from '../scan/scans.ts';
import type { TagSnapshot } from '../scan/snapshot.ts';
import { delayOf, personWho } from './drift-story.ts';

export interface SandboxTrailParts {
  readonly estate: Estate;
  readonly scans: Scans;
  /** Was the resource written through this service? */
  readonly wasWritten: (arn: string) => Promise<boolean>;
  readonly now: () => Date;
}

interface Look {
  readonly at: number;
  readonly tags: TagSnapshot;
}

const DAY = 86_400_000;

const looksSince = async ({ estate, scans, now }: SandboxTrailParts, since: string): Promise<readonly Look[]> => {
  const days = Math.ceil((now().getTime() - Date.parse(since)) / DAY) + 1;
  const kept = (await scans.history(extentHash(await wholeExtent(estate)), days)).filter(
    ({ chunks, sandbox }) => chunks > 0 && sandbox === true,
  );
  return Promise.all(
    kept.map(async (scan) => ({ at: Date.parse(scan.timestamp), tags: (await scans.snapshot(scan)) ?? new Map() })),
  );
};

const writerOf = (
  looks: readonly Look[],
  { resource, tag, newValue }: TagDrift,
  now: number,
): TagWriter | undefined => {
  const { arn, accountId } = resource;
  const lastOther = looks.findLast(({ tags }) => tags.has(arn) && (tags.get(arn)?.[tag] ?? null) !== newValue);
  if (lastOther === undefined) return undefined;
  const at = Math.min(lastOther.at + delayOf(arn, tag), now);
  return { at: new Date(at).toISOString(), by: personWho(accountId, arn, tag) };
};

export const createSandboxTrail = (parts: SandboxTrailParts): Trail => ({
  writersOf: async (drifts, since) => {
    const looks = await looksSince(parts, since);
    const writers = new Map<string, TagWriter>();
    for (const drift of drifts) {
      const writer = (await parts.wasWritten(drift.resource.arn))
        ? undefined
        : writerOf(looks, drift, parts.now().getTime());
      if (writer) writers.set(attributionKey(drift), writer);
    }
    return { writers, failures: [] };
  },
});
