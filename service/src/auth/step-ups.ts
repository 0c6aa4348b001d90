/**
 * Remembers for a while who was told that a scope is missing. It is kept in the tables and not in the cache, which each
 * task has of its own where there is no Redis: a client that refreshed at another task than the one that challenged it
 * would get the same scopes again and give up.
 */
import { CountersignError } from '../errors.ts';
import type { Tables } from '../ports/tables.ts';
import type { Caller } from './caller.ts';
import { secretDigest } from './digest.ts';

type Pair = Pick<Caller, 'personId' | 'clientId'>;
type Who = Pick<Caller, 'personId' | 'clientId' | 'grantId'>;

export interface StepUps {
  /** A 403 named missing scopes. */
  challenged(who: Who): Promise<void>;
  /**
   * Whether the same call was answered with a challenge in the last minute, and nothing came of it: its client does not
   * step up. Remembers the call otherwise.
   */
  askedBefore(call: RefusedCall): Promise<boolean>;
  /** Whether the next refresh of this grant is to be refused; true once in the minute after a challenge. */
  isDue(who: Who): Promise<boolean>;
  /** Whether the person was challenged through this client in the last half hour. */
  wasChallenged(pair: Pair): Promise<boolean>;
  /** The person raised the scopes on the page: the client may go on as it is. */
  settled(pair: Pair): Promise<void>;
}

/** A call that lacks a scope. */
export interface RefusedCall extends Pick<Caller, 'grantId' | 'scopes'> {
  readonly tool: string;
  /** Revision of the protocol the client speaks. */
  readonly revision: string;
}

const refuseSeconds = 60;
const rememberSeconds = 1800;
const table = 'oauth-artifacts';
const model = 'StepUp';

/** Of whom and what a row is; digested, because the parts may be longer than a key. */
const rowId = (...parts: readonly string[]): string => `${model}/${secretDigest(JSON.stringify(parts))}`;
const dueId = ({ personId, clientId }: Pair): string => rowId('due', personId, clientId);
const challengedId = ({ personId, clientId }: Pair): string => rowId('challenged', personId, clientId);
const askedId = ({ grantId, tool, revision }: RefusedCall): string => rowId('asked', grantId, tool, revision);

interface Parts {
  readonly tables: Tables;
  readonly now: () => Date;
}

export const createStepUps = ({ tables, now }: Parts): StepUps => {
  const keep = async (artifactId: string, payload: string, seconds: number, grantId?: string): Promise<void> => {
    const expirationTime = Math.floor(now().getTime() / 1000) + seconds;
    const row = { artifactId, model, payload, expirationTime, ...(grantId !== undefined && { grantId }) };
    await tables.put(table, row).catch((error: unknown) => {
      // A region that only reads issues no tokens either, and its challenge has to be given all the same.
      if (!(error instanceof CountersignError && error.code === 'not_home')) throw error;
    });
  };
  const find = (artifactId: string) => tables.get(table, { artifactId });
  return {
    async challenged(who) {
      await Promise.all([
        keep(dueId(who), 'due', refuseSeconds, who.grantId),
        keep(challengedId(who), 'challenged', rememberSeconds),
      ]);
    },
    async askedBefore(call) {
      // Scopes that grew are of a client that can step up, and needs the next challenge.
      const held = [...call.scopes].sort().join(' ');
      if ((await find(askedId(call)))?.payload === held) return true;
      await keep(askedId(call), held, refuseSeconds);
      return false;
    },
    async isDue(who) {
      const artifactId = dueId(who);
      const { grantId } = who;
      // Only one of several refreshes at once removes it.
      return (await find(artifactId))?.grantId === grantId && tables.remove(table, { artifactId }, { grantId });
    },
    wasChallenged: async (pair) => (await find(challengedId(pair))) !== undefined,
    async settled(pair) {
      await tables.remove(table, { artifactId: dueId(pair) });
    },
  };
};
