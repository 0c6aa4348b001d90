/** Calls that were questioned and wait to be repeated with their id: bound to person, tool and arguments, used once. */
import { randomUUID } from 'node:crypto';
import type { Caller } from '../auth/caller.ts';
import { digest } from '../canonical.ts';
import { CountersignError } from '../errors.ts';
import type { Tables } from '../ports/tables.ts';

export const INTENT_SECONDS = 300;

export interface Intents {
  /** Keeps a questioned call and returns the id that lets it run. */
  open(caller: Caller, tool: string, input: Record<string, unknown>): Promise<string>;
  /** Uses an id up. @throws not_found when it is unknown, used, expired, somebody else's or for other arguments */
  redeem(intentId: string, caller: Caller, tool: string, input: Record<string, unknown>): Promise<void>;
}

export const createIntents = (tables: Tables, now: () => Date): Intents => ({
  open: async (caller, tool, input) => {
    const intentId = `int_${randomUUID().replaceAll('-', '')}`;
    await tables.insert('intents', {
      intentId,
      userId: caller.personId,
      tool,
      argumentsHash: digest(input),
      record: { clientId: caller.clientId },
      expirationTime: Math.floor(now().getTime() / 1000) + INTENT_SECONDS,
    });
    return intentId;
  },
  redeem: async (intentId, caller, tool, input) => {
    const bound = { userId: caller.personId, tool, argumentsHash: digest(input) };
    if (await tables.remove('intents', { intentId }, bound)) return;
    throw new CountersignError(
      'not_found',
      `intent_id: is not valid for this call. It works once, within ${INTENT_SECONDS} seconds, for the same person and the same arguments. Call again without it.`,
    );
  },
});
