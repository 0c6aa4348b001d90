/** Conversations under way: who was asked what is missing a moment ago, so that what they answer is shown once before it runs. */
import type { Caller } from '../../auth/caller.ts';
import type { Ephemeral } from '../../ports/ephemeral.ts';
import { INTENT_SECONDS } from './intents.ts';

export interface Conversations {
  asked(caller: Caller, tool: string): Promise<void>;
  wasAsked(caller: Caller, tool: string): Promise<boolean>;
  answered(caller: Caller, tool: string): Promise<void>;
}

const keyOf = ({ personId, clientId }: Caller, tool: string): string => `asked|${personId}|${clientId}|${tool}`;

export const createConversations = (ephemeral: Pick<Ephemeral, 'get' | 'set' | 'remove'>): Conversations => ({
  asked: (caller, tool) => ephemeral.set(keyOf(caller, tool), 'asked', INTENT_SECONDS),
  wasAsked: async (caller, tool) => (await ephemeral.get(keyOf(caller, tool))) !== undefined,
  answered: (caller, tool) => ephemeral.remove(keyOf(caller, tool)),
});
