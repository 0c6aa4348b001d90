import { z } from 'zod';
import { charactersFor, DEFAULT_ROWS, fitting } from '../../../mcp/answer-size.ts';
import { defineQuery, noAccounts, type Query } from '../../../mcp/tool.ts';
import { clean, UntrustedText } from '../../../untrusted.ts';
import type { Marketing } from '../world.ts';

export const listProperties = ({ searchConsole, accounts, sandbox }: Marketing): Query =>
  defineQuery({
    name: 'list_properties',
    title: 'List Search Console properties',
    description:
      'Lists the Search Console properties that you have at Google and that were approved for you here, with your permission level.',
    scopes: ['marketing:read'],
    input: z.strictObject({}),
    output: z.object({
      properties: z.array(z.object({ property: z.string(), permission_level: z.string() })),
      total: z.number(),
      sandbox: z.boolean(),
      untrusted_text: UntrustedText,
    }),
    annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true },
    accounts: noAccounts,
    run: async (_input, context) => {
      const approved = new Set((await accounts.approvedFor(context.caller, 'GSC')).map(({ accountId }) => accountId));
      const mine = (await searchConsole.sites(context)).filter(({ siteUrl }) => approved.has(siteUrl));
      const properties = mine.map(({ siteUrl, permissionLevel }) => ({
        property: clean(siteUrl, 2100),
        permission_level: clean(permissionLevel),
      }));
      return {
        properties: fitting(properties, charactersFor(DEFAULT_ROWS)),
        total: mine.length,
        sandbox,
        untrusted_text: ['properties[].property'],
      };
    },
  });
