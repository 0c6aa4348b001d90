import { z } from 'zod';
import { charactersFor, DEFAULT_ROWS, fitting } from '../../mcp/answer-size.ts';
import { defineQuery, noAccounts } from '../../mcp/tool.ts';
import { UntrustedText } from '../../untrusted.ts';
import { requestTextFromOutside, ShownRequest, shownRequest } from './present-access.ts';
import type { CoreServices } from './services.ts';

export const listAccessRequests = ({ access, publicUrl, now }: CoreServices) =>
  defineQuery({
    name: 'list_access_requests',
    title: 'Access requests',
    description:
      'Lists requests for access to accounts: those of the person you act for, newest first, or those that wait for them, oldest first.',
    scopes: ['operations:read'],
    input: z.object({
      of: z.enum(['mine', 'to_decide']).default('mine').describe('Their own, or those they decide'),
    }),
    output: z.object({
      requests: z.array(ShownRequest),
      more: z.boolean(),
      page: z.string(),
      untrusted_text: UntrustedText,
    }),
    annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
    accounts: noAccounts,
    run: async ({ of }, { caller }) => {
      const found =
        of === 'mine'
          ? (await access.requestsOf(caller.personId, { limit: DEFAULT_ROWS + 1 })).items
          : await access.toDecide(caller);
      const rows = found.slice(0, DEFAULT_ROWS).map((request) => shownRequest(request, publicUrl, now()));
      const requests = fitting(rows, charactersFor(DEFAULT_ROWS));
      return {
        requests,
        more: requests.length < found.length,
        page: `${publicUrl}/access`,
        untrusted_text: requestTextFromOutside.map((field) => `requests[].${field}`),
      };
    },
  });
