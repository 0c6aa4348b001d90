import { z } from 'zod';
import { defineQuery, noAccounts, type Query } from '../../../mcp/tool.ts';
import { UntrustedText } from '../../../untrusted.ts';
import type { Marketing } from '../world.ts';
import { idIn } from './shared/analytics-ids.ts';
import { readOnly, shown } from './shared/answer.ts';
import { CursorInput, NextCursor, pageOf } from './shared/paging.ts';

export const listAnalyticsAccounts = ({ analytics, accounts, sandbox }: Marketing): Query =>
  defineQuery({
    name: 'list_analytics_accounts',
    title: 'List Analytics accounts',
    description: 'Lists your Google Analytics accounts that have at least one property approved for you here.',
    scopes: ['marketing:read'],
    input: z.strictObject({ cursor: CursorInput }),
    output: z.object({
      accounts: z.array(z.object({ account_id: z.string(), name: z.string(), approved_properties: z.number() })),
      total: z.number(),
      next_cursor: NextCursor,
      sandbox: z.boolean(),
      untrusted_text: UntrustedText,
    }),
    annotations: readOnly,
    accounts: noAccounts,
    run: async ({ cursor }, context) => {
      const approved = new Set((await accounts.approvedFor(context.caller, 'Analytics')).map((each) => each.accountId));
      const nothing = approved.size === 0;
      const [all, summaries] = nothing
        ? [[], []]
        : await Promise.all([analytics.accounts(context), analytics.summaries(context)]);
      const counts = new Map(
        summaries.map(({ account, propertySummaries }) => [
          account,
          propertySummaries.filter(({ property }) => approved.has(idIn(property))).length,
        ]),
      );
      const mine = all.filter(({ name }) => (counts.get(name) ?? 0) > 0);
      const { page, ...rest } = pageOf(mine, cursor, ({ name, displayName }) => ({
        account_id: idIn(shown(name)),
        name: shown(displayName),
        approved_properties: counts.get(name) ?? 0,
      }));
      return { accounts: page, ...rest, sandbox, untrusted_text: ['accounts[].name'] };
    },
  });
