/** Who changed what, as it was found out lately, so that a page and the next page of an answer ask nobody again. */
import { z } from 'zod';
import type { Ephemeral } from '../../../ports/ephemeral.ts';
import type { EstateContext } from '../estate/estate.ts';
import type { TagDrift } from './compare.ts';
import { attributionKey, type TagWriter, type Trail } from './trail.ts';

export interface RememberingTrail extends Trail {
  /** What is known without a call upstream. */
  known(drifts: readonly TagDrift[], since: string, context: EstateContext): Promise<ReadonlyMap<string, TagWriter>>;
}

const KEY = 'tagging:drift-writers';
const KEPT_SECONDS = 86_400;
/** Entries kept; one is some 400 characters. */
const MOST_KEPT = 500;

const Kept = z.array(z.tuple([z.string(), z.object({ at: z.string(), by: z.string().nullable() })]));

/** With the value, because a tag that was written again has another writer. */
const keptKey = (drift: TagDrift): string => JSON.stringify([attributionKey(drift), drift.newValue]);

const parse = (text: string | undefined): ReadonlyMap<string, TagWriter> => {
  try {
    return new Map(Kept.parse(JSON.parse(text ?? '[]')));
  } catch {
    return new Map();
  }
};

/** @param isLocal asking the trail costs nothing, so a page may */
export const rememberingTrail = (
  trail: Trail,
  ephemeral: Pick<Ephemeral, 'get' | 'set'> | undefined,
  isLocal: boolean,
): RememberingTrail => {
  const kept = async () => parse(await ephemeral?.get(KEY));
  const among = (drifts: readonly TagDrift[], known: ReadonlyMap<string, TagWriter>, since: string) =>
    new Map(
      drifts.flatMap((drift) => {
        const writer = known.get(keptKey(drift));
        return writer === undefined || writer.at < since ? [] : [[attributionKey(drift), writer] as const];
      }),
    );
  return {
    known: async (drifts, since, context) =>
      isLocal ? (await trail.writersOf(drifts, since, context)).writers : among(drifts, await kept(), since),
    writersOf: async (drifts, since, context) => {
      if (isLocal) return trail.writersOf(drifts, since, context);
      const before = await kept();
      const known = among(drifts, before, since);
      const open = drifts.filter((drift) => !known.has(attributionKey(drift)));
      if (open.length === 0) return { writers: known, failures: [] };
      const found = await trail.writersOf(open, since, context);
      const fresh = open.flatMap((drift) => {
        const writer = found.writers.get(attributionKey(drift));
        return writer === undefined ? [] : [[keptKey(drift), writer] as const];
      });
      const all = [...new Map([...before, ...fresh])].slice(-MOST_KEPT);
      if (fresh.length > 0) await ephemeral?.set(KEY, JSON.stringify(all), KEPT_SECONDS);
      return { writers: new Map([...known, ...found.writers]), failures: found.failures };
    },
  };
};
