/** Remembers for a while who was told that a scope is missing. Losing it costs somebody a retry. */
import type { Ephemeral } from '../ports/ephemeral.ts';
import type { Caller } from './caller.ts';

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
const due = ({ personId, clientId }: Pair) => `step-up/due/${personId}/${clientId}`;
const challenge = ({ personId, clientId }: Pair) => `step-up/challenged/${personId}/${clientId}`;

const asked = ({ grantId, tool, revision }: RefusedCall) => `step-up/asked/${grantId}/${tool}/${revision}`;

export const createStepUps = (ephemeral: Ephemeral): StepUps => ({
  async challenged(who) {
    await Promise.all([
      ephemeral.set(due(who), who.grantId, refuseSeconds),
      ephemeral.set(challenge(who), 'yes', rememberSeconds),
    ]);
  },
  async askedBefore(call) {
    // Scopes that grew are of a client that can step up, and needs the next challenge.
    const held = [...call.scopes].sort().join(' ');
    if ((await ephemeral.get(asked(call))) === held) return true;
    await ephemeral.set(asked(call), held, refuseSeconds);
    return false;
  },
  async isDue(who) {
    if ((await ephemeral.get(due(who))) !== who.grantId) return false;
    await ephemeral.remove(due(who));
    return true;
  },
  wasChallenged: async (pair) => (await ephemeral.get(challenge(pair))) !== undefined,
  settled: (pair) => ephemeral.remove(due(pair)),
});
