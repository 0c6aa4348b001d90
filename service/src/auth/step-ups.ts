/** Remembers for a minute who was told that a scope is missing, for clients that then refresh instead of asking. */
import type { Ephemeral } from '../ephemeral.ts';
import type { Caller } from './caller.ts';

type Who = Pick<Caller, 'personId' | 'clientId' | 'grantId'>;

export interface StepUps {
  /** A 403 named missing scopes. */
  challenged(who: Who): Promise<void>;
  /** Whether the next refresh of this grant is to be refused; true once. */
  isDue(who: Who): Promise<boolean>;
  /** The person raised the scopes on the page: the client may go on as it is. */
  settled(who: Omit<Who, 'grantId'>): Promise<void>;
}

const rememberSeconds = 60;
const key = ({ personId, clientId }: Omit<Who, 'grantId'>) => `step-up/${personId}/${clientId}`;

export const createStepUps = (ephemeral: Ephemeral): StepUps => ({
  challenged: (who) => ephemeral.set(key(who), who.grantId, rememberSeconds),
  async isDue(who) {
    if ((await ephemeral.get(key(who))) !== who.grantId) return false;
    await ephemeral.remove(key(who));
    return true;
  },
  settled: (who) => ephemeral.remove(key(who)),
});
