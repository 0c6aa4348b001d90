/**
 * The home record: which of an environment's regions may write, and since which move. It is one item of a DynamoDB global
 * table of its own, whatever the store is, so that no snapshot or promoted database brings an old home back
 * (docs/adr/0029-one-home-region.md). `npm run failover` writes it; the service reads it, and its role allows no more.
 */
import { z } from 'zod';
import { regionName } from './aws.ts';

/** Its name is `<TABLE_PREFIX>home`. */
export const homeTable = { suffix: 'home', partition: 'name' } as const;
/** Key of the one item. */
export const homeKey = { name: 'home' } as const;

/** `epoch` counts the moves: 0 until the first one, before which the item is absent and HOME_REGION is the home. */
export const Home = z.object({ region: z.string().regex(regionName), epoch: z.int().min(0) });
export type Home = z.infer<typeof Home>;

/** Milliseconds for which a task believes what it read last. A home that moved is written to for no longer than that. */
export const HOME_FRESH_MS = 5_000;

/**
 * Partition of the audit log that a region writes while it is not the home: a chain of its own for each person, so that
 * no two regions ever append to one chain. Persons' ids hold no such ending.
 */
export const standbyChain = (userId: string, region: string): string => `${userId}${chainEnd(region)}`;
export const isStandbyChain = (userId: string, region: string): boolean => userId.endsWith(chainEnd(region));
const chainEnd = (region: string): string => ` (read in ${region})`;
