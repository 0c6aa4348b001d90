import { z } from 'zod';
import { defineDecision, noAccounts } from '../../mcp/tool.ts';
import { ShownApproval, shownApproval } from './present-access.ts';
import type { CoreServices } from './services.ts';

export const revokeAccountAccess = ({ access, now }: CoreServices) =>
  defineDecision({
    name: 'revoke_account_access',
    title: 'Revoke access to an account',
    description:
      'Ends access to an account at once: one’s own, or that of somebody whose requests the person you act for decides.',
    scopes: ['operations:read'],
    scopesFor: ({ person, api }, caller) => access.scopesToRevoke(person, api, caller),
    input: z.object({
      person: z.string().min(1).max(200).describe('Whose: person id'),
      api: z.string().min(1).max(40).describe('Upstream'),
      account_id: z.string().min(1).max(200).describe('Account'),
      note: z.string().trim().min(1).max(1000).describe('Why'),
    }),
    output: ShownApproval,
    annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: false },
    accounts: noAccounts,
    action: () => 'delete',
    run: async ({ person, api, account_id, note }, context) => {
      const ended = await access.revoke(context.caller, { userId: person, api, accountId: account_id, note }, context);
      return shownApproval(ended, now());
    },
  });
