import { z } from 'zod';
import { endOf } from '../../mcp/safety/belief-log.ts';
import { type RegretKind, regretKinds } from '../../mcp/safety/regrets.ts';
import { defineDecision, noAccounts } from '../../mcp/tool.ts';
import type { CoreServices } from './services.ts';

/** Corrections that are about the call; `no_longer_wanted` is about nothing that could have been told before. */
const reasons = [...regretKinds.filter((kind) => kind !== 'own'), 'own', 'no_longer_wanted'] as const;

const isRegret = (because: string): because is RegretKind => regretKinds.some((kind) => kind === because);

export const declineIntent = ({
  safety: { intents, regrets },
  audit,
}: {
  readonly safety: Pick<CoreServices['safety'], 'intents' | 'regrets'>;
  readonly audit: CoreServices['audit'];
}) =>
  defineDecision({
    name: 'decline_intent',
    title: 'Decline a questioned call',
    description: 'Records that the person said no to an intent_commit, and why.',
    scopes: ['operations:read'],
    input: z.object({
      intent_id: z.string().min(1).max(64).describe('That of the intent_commit'),
      because: z.enum(reasons).describe('own: their organization’s warning'),
    }),
    output: z.object({ intent_id: z.string(), decision: z.literal('rejected') }),
    annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: false },
    accounts: noAccounts,
    action: () => 'deny',
    run: async ({ intent_id: intentId, because }, { caller, origin }) => {
      const intent = await intents.decline(intentId, caller);
      await audit.append(endOf(intent, 'rejected', origin, { because }));
      if (isRegret(because)) await regrets.corrected(caller, because);
      return { intent_id: intentId, decision: 'rejected' as const };
    },
  });
