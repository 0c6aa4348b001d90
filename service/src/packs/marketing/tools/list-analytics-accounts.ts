import { z } from 'zod';
import { defineQuery, noAccounts, type Query } from '../../../mcp/tool.ts';
import { UntrustedText } from '../../../untrusted.ts';
import type { Marketing } from '../world.ts';
import { lastPart } from './shared/analytics-ids.ts';
import { AnswerRows, readOnly, shown } from './shared/answer.ts';
import { CursorInput, CursorOutput, listPage } from './shared/paging.ts';

export const listAnalyticsAccounts = ({ analytics, accounts, sandbox }: Marketing): Query =>
  defineQuery({
    name: 'list_analytics_accounts',
    title: 'List Analytics accounts',
    description: 'Lists Google Analytics accounts with a property that was approved for you.',
    scopes: ['marketing:read'],
    input: z.strictObject({ cursor: CursorInput }),
    output: z.object({
      accounts: AnswerRows,
      total: z.number(),
      next_cursor: CursorOutput,
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
          propertySummaries.filter(({ property }) => approved.has(lastPart(property))).length,
        ]),
      );
      const mine = all.filter(({ name }) => (counts.get(name) ?? 0) > 0);
      const { page, ...rest } = listPage(mine, cursor, ({ name, displayName }) => ({
        account_id: lastPart(shown(name)),
        name: shown(displayName),
        approved_properties: counts.get(name) ?? 0,
      }));
      return { accounts: page, ...rest, sandbox, untrusted_text: ['accounts[].name'] };
    },
  });
