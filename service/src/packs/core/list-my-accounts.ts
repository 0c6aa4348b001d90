import { z } from 'zod';
import { charactersFor, DEFAULT_ROWS, fitting } from '../../mcp/answer-size.ts';
import { defineQuery, noAccounts } from '../../mcp/tool.ts';
import { UntrustedText } from '../../untrusted.ts';
import { ShownApproval, shownApproval } from './present-access.ts';
import type { CoreServices } from './services.ts';

export const listMyAccounts = ({ access, now }: CoreServices) =>
  defineQuery({
    name: 'list_my_accounts',
    title: 'My accounts',
    description:
      'Lists the accounts (api:account id) that the person you act for may act on now, and the upstreams at which they may ask for more.',
    scopes: ['operations:read'],
    input: z.object({
      api: z.string().min(1).max(40).optional().describe('Default: all'),
      from: z.int().min(0).max(1000).default(0).describe('next_from of the answer before'),
    }),
    output: z.object({
      accounts: z.array(ShownApproval),
      total: z.number().int(),
      next_from: z.number().int().nullable(),
      upstreams: z.array(z.object({ api: z.string(), title: z.string(), example: z.string() })),
      untrusted_text: UntrustedText,
    }),
    annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
    accounts: noAccounts,
    run: async ({ api, from }, { caller }) => {
      const held = (await access.held(caller)).filter((row) => api === undefined || row.api === api);
      const rows = held.slice(from, from + DEFAULT_ROWS).map((row) => shownApproval(row, now()));
      const accounts = fitting(rows, charactersFor(DEFAULT_ROWS));
      const next = from + accounts.length;
      return {
        accounts,
        total: held.length,
        next_from: next < held.length ? next : null,
        upstreams: access.askable(caller).map((upstream) => ({
          api: upstream.api,
          title: upstream.title,
          example: upstream.example,
        })),
        untrusted_text: ['accounts[].account_name', 'accounts[].client_name'],
      };
    },
  });
