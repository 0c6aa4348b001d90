import { z } from 'zod';
import { MOST_DAYS } from '../../accounts/decide.ts';
import { MOST_ACCOUNTS } from '../../accounts/request.ts';
import { defineDecision, noAccounts } from '../../mcp/tool.ts';
import { MovedRequest, requestTextFromOutside, shownRequest } from './present-access.ts';
import type { CoreServices } from './services.ts';

const name = z.string().trim().min(1).max(200).optional();

export const requestAccountAccess = ({ access, publicUrl, now }: CoreServices) =>
  defineDecision({
    name: 'request_account_access',
    title: 'Request access to accounts',
    description:
      'Asks for access to accounts for the person you act for, with their reason. A manager of their team or an admin decides. Use it after ACCOUNT_NOT_AUTHORIZED, when the person agrees; do not repeat the call before it is decided.',
    scopes: ['operations:read'],
    input: z.object({
      accounts: z
        .array(
          z.object({
            api: z.string().min(1).max(40).describe('As the refusal named it'),
            account_id: z.string().min(1).max(200).describe('As that upstream spells it'),
            account_name: name,
            client_name: name,
          }),
        )
        .min(1)
        .max(MOST_ACCOUNTS)
        .describe('Of one tool pack'),
      reason: z.string().trim().min(10).max(1000).describe('The person’s own words'),
      days: z.int().min(0).max(MOST_DAYS).optional().describe('0: without end. Whoever decides may give others'),
    }),
    output: MovedRequest,
    annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: false },
    accounts: noAccounts,
    action: () => 'write',
    run: async ({ accounts, reason, days }, context) => {
      const wish = {
        accounts: accounts.map(({ api, account_id, account_name, client_name }) => ({
          api,
          accountId: account_id,
          ...(account_name !== undefined && { accountName: account_name }),
          ...(client_name !== undefined && { clientName: client_name }),
        })),
        reason,
        ...(days !== undefined && { days }),
      };
      const request = await access.request(context.caller, wish, context);
      return { ...shownRequest(request, publicUrl, now()), untrusted_text: [...requestTextFromOutside] };
    },
  });
