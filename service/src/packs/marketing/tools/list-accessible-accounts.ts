import { z } from 'zod';
import type { CallContext } from '../../../call.ts';
import { CountersignError } from '../../../errors.ts';
import { defineQuery, noAccounts, type Query } from '../../../mcp/tool.ts';
import { clean, UntrustedText } from '../../../untrusted.ts';
import { customerOf } from '../google/ads/customer.ts';
import type { Marketing } from '../world.ts';
import { readOnly } from './shared/answer.ts';
import { CursorInput, CursorOutput, listPage } from './shared/paging.ts';

const Account = z.object({
  customer_id: z.string(),
  name: z.string().nullable(),
  currency: z.string().nullable(),
  time_zone: z.string().nullable(),
  manager: z.boolean().nullable(),
  unavailable: z.string().nullable().describe('Why Google does not let it be read'),
});

/** Accounts asked about at once. */
const AT_ONCE = 5;

/** One that Google lists but does not let be read, such as a cancelled account, hides no other. */
const described = async (ads: Marketing['ads'], id: string, context: CallContext): Promise<z.input<typeof Account>> => {
  try {
    const { name, currency, timeZone, manager } = await customerOf(ads, id, context);
    return { customer_id: id, name: clean(name), currency, time_zone: timeZone, manager, unavailable: null };
  } catch (error) {
    if (!(error instanceof CountersignError) || !['access_denied', 'not_found', 'invalid_input'].includes(error.code))
      throw error;
    const unknown = { name: null, currency: null, time_zone: null, manager: null };
    return { customer_id: id, ...unknown, unavailable: clean(error.message, 200) };
  }
};

export const listAccessibleAccounts = ({ ads, accounts, sandbox }: Marketing): Query =>
  defineQuery({
    name: 'list_accessible_accounts',
    title: 'List Google Ads accounts',
    description:
      'Lists the Google Ads accounts that you reach at Google and that were approved for you here, with currency and time zone.',
    scopes: ['marketing:read'],
    input: z.strictObject({ cursor: CursorInput }),
    output: z.object({
      accounts: z.array(Account),
      total: z.number(),
      next_cursor: CursorOutput,
      sandbox: z.boolean(),
      untrusted_text: UntrustedText,
    }),
    annotations: readOnly,
    accounts: noAccounts,
    run: async ({ cursor }, context) => {
      const approved = (await accounts.approvedFor(context.caller, 'GoogleAds')).map(({ accountId }) => accountId);
      if (approved.length === 0) return { accounts: [], total: 0, sandbox, untrusted_text: ['accounts[].name'] };
      const listed = new Set(await ads.accessible(context));
      const { page, ...rest } = listPage(approved.filter((id) => listed.has(id)).sort(), cursor, (id) => id);
      const shown: z.input<typeof Account>[] = [];
      for (let at = 0; at < page.length; at += AT_ONCE)
        shown.push(...(await Promise.all(page.slice(at, at + AT_ONCE).map((id) => described(ads, id, context)))));
      return { accounts: shown, ...rest, sandbox, untrusted_text: ['accounts[].name', 'accounts[].unavailable'] };
    },
  });
