import { z } from 'zod';
import { defineQuery, noAccounts, type Query } from '../../../mcp/tool.ts';
import { UntrustedText } from '../../../untrusted.ts';
import type { Marketing } from '../world.ts';
import { readOnly, shown } from './shared/answer.ts';
import { CursorInput, CursorOutput, listPage } from './shared/paging.ts';

export const listProperties = ({ searchConsole, accounts, sandbox }: Marketing): Query =>
  defineQuery({
    name: 'list_properties',
    title: 'List Search Console properties',
    description: 'Lists Search Console properties that you have and that were approved for you.',
    scopes: ['marketing:read'],
    input: z.strictObject({ cursor: CursorInput }),
    output: z.object({
      properties: z.array(z.object({ property: z.string(), permission_level: z.string() })),
      total: z.number(),
      next_cursor: CursorOutput,
      sandbox: z.boolean(),
      untrusted_text: UntrustedText,
    }),
    annotations: readOnly,
    accounts: noAccounts,
    run: async ({ cursor }, context) => {
      const approved = new Set((await accounts.approvedFor(context.caller, 'GSC')).map(({ accountId }) => accountId));
      const sites = approved.size === 0 ? [] : await searchConsole.sites(context);
      const mine = sites.filter(({ siteUrl }) => approved.has(siteUrl));
      const { page: properties, ...rest } = listPage(mine, cursor, ({ siteUrl, permissionLevel }) => ({
        property: shown(siteUrl),
        permission_level: shown(permissionLevel),
      }));
      return { properties, ...rest, sandbox, untrusted_text: ['properties[].property'] };
    },
  });
