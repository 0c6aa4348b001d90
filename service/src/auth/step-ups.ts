/** Remembers for a while who was told that a scope is missing. Losing it costs somebody a retry. */
import type { Ephemeral } from '../ephemeral.ts';
import type { Caller } from './caller.ts';

type Pair = Pick<Caller, 'personId' | 'clientId'>;
type Who = Pick<Caller, 'personId' | 'clientId' | 'grantId'>;

export interface StepUps {
  /** A 403 named missing scopes. */
  challenged(who: Who): Promise<void>;
  /** Whether the next refresh of this grant is to be refused; true once in the minute after a challenge. */
  isDue(who: Who): Promise<boolean>;
  /** Whether the person was challenged through this client in the last half hour. */
  wasChallenged(pair: Pair): Promise<boolean>;
  /** The person raised the scopes on the page: the client may go on as it is. */
  settled(pair: Pair): Promise<void>;
}

const refuseSeconds = 60;
const rememberSeconds = 1800;
const due = ({ personId, clientId }: Pair) => `step-up/due/${personId}/${clientId}`;
const challenge = ({ personId, clientId }: Pair) => `step-up/challenged/${personId}/${clientId}`;

export const createStepUps = (ephemeral: Ephemeral): StepUps => ({
  async challenged(who) {
    await Promise.all([
      ephemeral.set(due(who), who.grantId, refuseSeconds),
      ephemeral.set(challenge(who), 'yes', rememberSeconds),
    ]);
  },
  async isDue(who) {
    if ((await ephemeral.get(due(who))) !== who.grantId) return false;
    await ephemeral.remove(due(who));
    return true;
  },
  wasChallenged: async (pair) => (await ephemeral.get(challenge(pair))) !== undefined,
  settled: (pair) => ephemeral.remove(due(pair)),
});
