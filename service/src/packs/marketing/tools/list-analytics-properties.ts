import { z } from 'zod';
import type { CallContext } from '../../../call.ts';
import { defineQuery, noAccounts, type Query } from '../../../mcp/tool.ts';
import { UntrustedText } from '../../../untrusted.ts';
import type { Analytics } from '../google/analytics.ts';
import type { Marketing } from '../world.ts';
import { AccountId, lastPart } from './shared/analytics-ids.ts';
import { AnswerRows, readOnly, shown, shownOrNull } from './shared/answer.ts';
import { CursorInput, CursorOutput, listPage } from './shared/paging.ts';

interface Found {
  readonly property: string;
  readonly displayName: string;
  readonly account: string;
  readonly timeZone?: string | undefined;
  readonly currencyCode?: string | undefined;
}

/** Google lists properties of one account only. Of all accounts it has summaries, without time zone and currency. */
const found = async (
  analytics: Analytics,
  accountId: string | undefined,
  context: CallContext,
): Promise<readonly Found[]> => {
  if (accountId !== undefined)
    return (await analytics.properties(accountId, context)).map(({ name, ...rest }) => ({
      ...rest,
      property: name,
      account: accountId,
    }));
  return (await analytics.summaries(context)).flatMap(({ account, propertySummaries }) =>
    propertySummaries.map((summary) => ({ ...summary, account })),
  );
};

export const listAnalyticsProperties = ({ analytics, accounts, sandbox }: Marketing): Query =>
  defineQuery({
    name: 'list_analytics_properties',
    title: 'List Analytics properties',
    description:
      'Lists Google Analytics properties that were approved for you. Currency and time zone with accountId only.',
    scopes: ['marketing:read'],
    input: z.strictObject({ accountId: AccountId.optional(), cursor: CursorInput }),
    output: z.object({
      properties: AnswerRows,
      total: z.number(),
      next_cursor: CursorOutput,
      sandbox: z.boolean(),
      untrusted_text: UntrustedText,
    }),
    annotations: readOnly,
    accounts: noAccounts,
    run: async ({ accountId, cursor }, context) => {
      const approved = new Set((await accounts.approvedFor(context.caller, 'Analytics')).map((each) => each.accountId));
      const all = approved.size === 0 ? [] : await found(analytics, accountId, context);
      const mine = all.filter(({ property }) => approved.has(lastPart(property)));
      const { page, ...rest } = listPage(
        mine,
        cursor,
        ({ property, displayName, account, timeZone, currencyCode }) => ({
          ...{ property_id: lastPart(property), name: shown(displayName), account_id: lastPart(shown(account)) },
          ...{ time_zone: shownOrNull(timeZone), currency: shownOrNull(currencyCode) },
        }),
      );
      return { properties: page, ...rest, sandbox, untrusted_text: ['properties[].name'] };
    },
  });
