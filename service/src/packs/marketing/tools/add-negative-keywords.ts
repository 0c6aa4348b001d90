import { z } from 'zod';
import type { CallContext } from '../../../call.ts';
import { type Change, defineChange } from '../../../mcp/tool.ts';
import { type Impact, moneyLine } from '../../../measures/impact.ts';
import { ofMicros } from '../../../measures/money.ts';
import { clean } from '../../../untrusted.ts';
import { customerOf } from '../google/ads/customer.ts';
import { excludedBy } from '../google/ads/excluded.ts';
import { applyKeywords, type Keyword, readKeywords } from '../google/ads/keywords.ts';
import type { Marketing } from '../world.ts';
import { AdsId, CustomerId, ofCustomer } from './shared/ads.ts';
import { AskedChange, additive, askedChange, Reason } from './shared/asked-change.ts';
import { daysBefore, today } from './shared/dates.ts';
import { keywordShape, keywordsOf } from './shared/keywords-input.ts';
import { planKeywords } from './shared/keywords-plan.ts';
import { type FoundCampaign, matchedCampaigns } from './shared/matched-campaigns.ts';

const DAYS = 30;
const MOST_CHARACTERS = 100;

interface Exclusion {
  readonly impact: Impact[];
  readonly warnings: string[];
}

/** What the keywords would have kept ads from in the last 30 complete days. */
const exclusionOf = async (
  { ads }: Pick<Marketing, 'ads'>,
  { customerId, keywords }: { readonly customerId: string; readonly keywords: readonly Keyword[] },
  campaigns: readonly FoundCampaign[],
  context: CallContext,
): Promise<Exclusion> => {
  const { id, currency, timeZone } = await customerOf(ads, customerId, context);
  const now = today(timeZone, context.now());
  const days = { from: daysBefore(now, DAYS), to: daysBefore(now, 1) };
  const campaignIds = campaigns.map((each) => each.id);
  const { terms, metrics } = await excludedBy(ads, { id, campaignIds, keywords, ...days }, context);
  const { conversions } = metrics;
  const [before, after] = [ofMicros(metrics.costMicros, currency), ofMicros('0', currency)];
  return {
    impact: [
      { label: 'Search terms of the last 30 days that are excluded', unit: 'count', before: terms, after: 0 },
      moneyLine({ label: 'Spent on them in those days', currency, before, after }),
      { label: 'Conversions by them in those days', unit: 'count', before: conversions, after: 0 },
    ],
    warnings:
      conversions > 0
        ? [`Search terms that these exclude brought ${conversions} conversions in the last ${DAYS} days.`]
        : [],
  };
};

const campaignWords = (campaigns: readonly FoundCampaign[]): string =>
  campaigns.map(({ id, name }) => `"${clean(name, MOST_CHARACTERS)}" (${id})`).join(', ');

export const addNegativeKeywords = (world: Marketing): Change =>
  defineChange({
    name: 'add_negative_keywords',
    title: 'Add negative keywords',
    description:
      'Asks for 1 to 50 negative keywords in a campaign, or in up to 20 by a part of their name. Shows what they would have excluded. A person agrees at approval_url. It can be taken back.',
    scopes: ['marketing:write'],
    approveScope: 'marketing:approve',
    input: z.strictObject({
      customerId: CustomerId,
      campaignId: AdsId.optional().describe('Digits'),
      campaignPattern: z
        .string()
        .min(3)
        .max(100)
        .optional()
        .describe('Instead: a part of campaign names. No wildcards'),
      keywords: keywordsOf(z.strictObject(keywordShape)).describe('At most 80 characters and 10 words each'),
      reason: Reason,
    }),
    output: AskedChange,
    annotations: additive,
    accounts: ofCustomer,
    plan: async (input, context) => {
      const { customerId, keywords } = input;
      const campaigns = await matchedCampaigns(world.ads, input, context);
      const { changes, warnings } = await planKeywords(
        world.ads,
        campaigns.flatMap(({ id, name }) =>
          keywords.map((keyword) => ({
            ...{ ...keyword, place: { customerId, collection: 'campaigns', id } as const, placeName: name },
            after: { status: 'ENABLED', max_cpc_micros: null },
          })),
        ),
        context,
      );
      const exclusion = await exclusionOf(world, input, campaigns, context);
      return {
        summary: `Add ${keywords.length} negative keywords to ${campaigns.length} campaigns: ${campaignWords(campaigns)}`,
        changes: [...changes],
        impact: exclusion.impact,
        warnings: [...warnings, ...exclusion.warnings],
        reversible: { possible: true },
        cost: { apiCalls: 2, charges: [] },
      };
    },
    read: (changes, context) => readKeywords(world.ads, changes, context),
    apply: (changes, context) => applyKeywords(world.ads, changes, context),
    revert: (change) => ({ ...change, before: change.after, after: change.before }),
    countersign: ({ campaignPattern }) => (campaignPattern === undefined ? 'same-person' : 'second-person'),
    policyVersion: async () => 'google-ads-keywords-1',
    present: askedChange(world),
  });
