import { z } from 'zod';
import { CountersignError } from '../../../errors.ts';
import { type Change, defineChange } from '../../../mcp/tool.ts';
import { clean } from '../../../untrusted.ts';
import { customerOf } from '../google/ads/customer.ts';
import { applyKeywords, readKeywords } from '../google/ads/keywords.ts';
import { digits, gaql } from '../google/ads/query.ts';
import type { GoogleContext } from '../google/parts.ts';
import type { Marketing } from '../world.ts';
import { AdsId, CustomerId, ofCustomer } from './shared/ads.ts';
import { amountAboveZero, GivenAmount } from './shared/amount.ts';
import { AskedChange, additive, askedChange, Reason } from './shared/asked-change.ts';
import { keywordShape, keywordsOf } from './shared/keywords-input.ts';
import { planKeywords } from './shared/keywords-plan.ts';

const Keywords = keywordsOf(
  z
    .strictObject({
      ...keywordShape,
      maxCpc: GivenAmount.optional().describe('Such as 0.75, in the account’s currency. Default: the ad group’s'),
      maxCpcDollars: GivenAmount.optional().describe('Alias'),
    })
    .refine(({ maxCpc, maxCpcDollars }) => maxCpc === undefined || maxCpcDollars === undefined, {
      path: ['maxCpc'],
      error: 'give the amount once, under this name',
    }),
);

const Group = z.looseObject({
  adGroup: z.looseObject({ name: z.string(), status: z.string() }),
  campaign: z.looseObject({ name: z.string(), status: z.string() }),
});

const groupOf = async (ads: Marketing['ads'], customerId: string, adGroupId: string, context: GoogleContext) => {
  const query = gaql`SELECT ad_group.name, ad_group.status, campaign.name, campaign.status FROM ad_group WHERE ad_group.id = ${digits(adGroupId)}`;
  for await (const { adGroup, campaign } of ads.rows(customerId, query, Group, context))
    if (adGroup.status !== 'REMOVED' && campaign.status !== 'REMOVED')
      return { name: adGroup.name, campaign: campaign.name };
  throw new CountersignError('not_found', 'adGroupId: the account has no such ad group.', {
    details: { google_code: 'NOT_FOUND' },
  });
};

export const addKeywords = (world: Marketing): Change =>
  defineChange({
    name: 'add_keywords',
    title: 'Add keywords',
    description:
      'Asks for 1 to 50 keywords in an ad group. Nothing is added before a person agrees at approval_url. It can be taken back.',
    scopes: ['marketing:write'],
    approveScope: 'marketing:approve',
    input: z.strictObject({
      customerId: CustomerId,
      adGroupId: AdsId.describe('Digits'),
      keywords: Keywords.describe('At most 80 characters and 10 words each'),
      reason: Reason,
    }),
    output: AskedChange,
    annotations: additive,
    accounts: ofCustomer,
    plan: async ({ customerId, adGroupId, keywords }, context) => {
      const { ads } = world;
      const { currency } = await customerOf(ads, customerId, context);
      const bids = keywords.map(({ maxCpc, maxCpcDollars }, at) => {
        const given = maxCpc ?? maxCpcDollars;
        return given === undefined ? null : amountAboveZero(given, currency, `keywords[${at}].maxCpc`).micros;
      });
      const group = await groupOf(ads, customerId, adGroupId, context);
      const place = { customerId, collection: 'adGroups', id: adGroupId } as const;
      const { changes, warnings } = await planKeywords(
        ads,
        keywords.map(({ text, matchType }, at) => ({
          ...{ text, matchType, place, placeName: group.name },
          after: { status: 'ENABLED', max_cpc_micros: bids[at] ?? null },
        })),
        context,
      );
      return {
        summary: `Add ${changes.length} keywords to the ad group "${clean(group.name, 100)}" of the campaign "${clean(group.campaign, 100)}"`,
        changes: [...changes],
        impact: [{ label: 'Keywords to add', unit: 'count', before: 0, after: changes.length }],
        warnings: [...warnings],
        reversible: { possible: true },
        cost: { apiCalls: 2, charges: [] },
      };
    },
    read: (changes, context) => readKeywords(world.ads, changes, context),
    apply: (changes, context) => applyKeywords(world.ads, changes, context),
    revert: (change) => ({ ...change, before: change.after, after: change.before }),
    countersign: () => 'same-person',
    policyVersion: async () => 'google-ads-keywords-1',
    present: askedChange(world),
  });
