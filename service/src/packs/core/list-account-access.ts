import { z } from 'zod';
import { charactersFor, DEFAULT_ROWS, fitting } from '../../mcp/answer-size.ts';
import { defineQuery, noAccounts } from '../../mcp/tool.ts';
import { UntrustedText } from '../../untrusted.ts';
import { ShownApproval, shownApproval } from './present-access.ts';
import type { CoreServices } from './services.ts';

export const listAccountAccess = ({ access, now }: CoreServices) =>
  defineQuery({
    name: 'list_account_access',
    title: 'Who may act on an account',
    description:
      'Lists who may act on an account now, or could: people of the team whose requests the person you act for decides, everybody for an admin.',
    scopes: ['operations:read'],
    input: z.object({
      api: z.string().min(1).max(40).describe('Upstream'),
      account_id: z.string().min(1).max(200).describe('Account'),
      from: z
        .int()
        .min(0)
        .max(1000)
        .default(0)
        .describe('People to leave out at the beginning: next_from of the answer before'),
    }),
    output: z.object({
      people: z.array(ShownApproval),
      total: z.number().int(),
      next_from: z.number().int().nullable(),
      untrusted_text: UntrustedText,
    }),
    annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
    accounts: noAccounts,
    run: async ({ api, account_id, from }, { caller }) => {
      const rows = await access.holders(caller, { api, accountId: account_id });
      const shown = rows.slice(from, from + DEFAULT_ROWS).map((row) => shownApproval(row, now()));
      const people = fitting(shown, charactersFor(DEFAULT_ROWS));
      const next = from + people.length;
      return {
        people,
        total: rows.length,
        next_from: next < rows.length ? next : null,
        untrusted_text: ['people[].account_name', 'people[].client_name'],
      };
    },
  });
