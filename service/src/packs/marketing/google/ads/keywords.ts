/** Keywords of ad groups and negative keywords of campaigns, as changes that a plan has. */
import { z } from 'zod';
import type { ChangeOutcome, ResourceChange, State } from '../../../../operations/plan.ts';
import type { GoogleContext } from '../parts.ts';
import type { Ads, AdsService, MutateOperation } from './ads.ts';
import { mutateEach, type PlannedOperation } from './mutate-each.ts';
import { among, digits, gaql } from './query.ts';

export const matchTypes = ['EXACT', 'PHRASE', 'BROAD'] as const;

/** Where a keyword is: an ad group has keywords, a campaign has negative ones. */
export interface KeywordPlace {
  readonly customerId: string;
  readonly collection: 'adGroups' | 'campaigns';
  readonly id: string;
}

export interface Keyword {
  readonly text: string;
  readonly matchType: string;
}

/** Unique within a plan, and the same before the keyword is there as after. Google gives it a name of its own. */
export const keywordId = ({ customerId, collection, id }: KeywordPlace, { matchType, text }: Keyword): string =>
  `customers/${customerId}/${collection}/${id}/keywords/${matchType}/${text}`;

const KEYWORD_ID = /^customers\/(\d{10})\/(adGroups|campaigns)\/(\d+)\/keywords\/([A-Z]+)\/(.+)$/s;

const placed = (resourceId: string): KeywordPlace & Keyword => {
  const [, customerId = '', collection, id = '', matchType = '', text = ''] = KEYWORD_ID.exec(resourceId) ?? [];
  return { customerId, collection: collection === 'campaigns' ? 'campaigns' : 'adGroups', id, matchType, text };
};

/** Google tells keywords apart neither by case nor by spaces around words. */
export const sameKeyword = ({ text, matchType }: Keyword): string =>
  `${matchType} ${text.trim().replaceAll(/\s+/g, ' ').toLowerCase()}`;

const Text = z.looseObject({ text: z.string(), matchType: z.string() });
const InGroup = z.looseObject({
  adGroupCriterion: z.looseObject({
    resourceName: z.string(),
    status: z.string(),
    cpcBidMicros: z.string().optional(),
    keyword: Text,
  }),
  adGroup: z.looseObject({ id: z.string() }),
});
const InCampaign = z.looseObject({
  campaignCriterion: z.looseObject({ resourceName: z.string(), keyword: Text }),
  campaign: z.looseObject({ id: z.string() }),
});

interface LiveKeyword {
  readonly resourceName: string;
  readonly state: State;
}

/** As `before` of a keyword that is to be added. */
export const noKeyword: State = { status: null, max_cpc_micros: null };

const keyOf = (placeId: string, keyword: Keyword): string => `${placeId} ${sameKeyword(keyword)}`;

/** @returns what is there now of these places, by place and keyword */
const liveIn = async (
  ads: Pick<Ads, 'rows'>,
  { customerId, collection }: Omit<KeywordPlace, 'id'>,
  placeIds: readonly string[],
  context: GoogleContext,
): Promise<ReadonlyMap<string, LiveKeyword>> => {
  const live = new Map<string, LiveKeyword>();
  const ids = among(placeIds.map(digits));
  if (collection === 'adGroups') {
    const query = gaql`SELECT ad_group_criterion.status, ad_group_criterion.cpc_bid_micros, ad_group_criterion.keyword.text, ad_group_criterion.keyword.match_type, ad_group.id FROM ad_group_criterion WHERE ad_group.id IN (${ids}) AND ad_group_criterion.type = 'KEYWORD' AND ad_group_criterion.negative = FALSE AND ad_group_criterion.status != 'REMOVED'`;
    for await (const { adGroupCriterion: found, adGroup } of ads.rows(customerId, query, InGroup, context)) {
      const bid = found.cpcBidMicros === undefined || found.cpcBidMicros === '0' ? null : found.cpcBidMicros;
      const state = { status: found.status, max_cpc_micros: bid };
      live.set(keyOf(adGroup.id, found.keyword), { resourceName: found.resourceName, state });
    }
    return live;
  }
  const query = gaql`SELECT campaign_criterion.keyword.text, campaign_criterion.keyword.match_type, campaign.id FROM campaign_criterion WHERE campaign.id IN (${ids}) AND campaign_criterion.type = 'KEYWORD' AND campaign_criterion.negative = TRUE AND campaign_criterion.status != 'REMOVED'`;
  for await (const { campaignCriterion: found, campaign } of ads.rows(customerId, query, InCampaign, context)) {
    const state = { status: 'ENABLED', max_cpc_micros: null };
    live.set(keyOf(campaign.id, found.keyword), { resourceName: found.resourceName, state });
  }
  return live;
};

type Named = Pick<ResourceChange, 'resourceId'>;

/** What is there of the keywords that changes name; those that are not there are left out. */
const liveOf = async (
  ads: Pick<Ads, 'rows'>,
  changes: readonly Named[],
  context: GoogleContext,
): Promise<ReadonlyMap<string, LiveKeyword>> => {
  const keywords = changes.map(({ resourceId }) => ({ resourceId, ...placed(resourceId) }));
  const [first] = keywords;
  if (first === undefined) return new Map();
  const live = await liveIn(ads, first, [...new Set(keywords.map(({ id }) => id))], context);
  return new Map(
    keywords.flatMap(({ resourceId, id, ...keyword }): [string, LiveKeyword][] => {
      const found = live.get(keyOf(id, keyword));
      return found === undefined ? [] : [[resourceId, found]];
    }),
  );
};

/** The state of each keyword now: of one that is not there, as `before` has it. */
export const readKeywords = async (
  ads: Pick<Ads, 'rows'>,
  changes: readonly Named[],
  context: GoogleContext,
): Promise<ReadonlyMap<string, State>> => {
  const live = await liveOf(ads, changes, context);
  return new Map(changes.map(({ resourceId }) => [resourceId, live.get(resourceId)?.state ?? noKeyword]));
};

const services: Readonly<Record<KeywordPlace['collection'], AdsService>> = {
  adGroups: 'adGroupCriteria',
  campaigns: 'campaignCriteria',
};

/** The operation that makes a keyword as a change has it afterwards. */
export const creating = ({ resourceId, after }: Pick<ResourceChange, 'resourceId' | 'after'>): MutateOperation => {
  const { customerId, collection, id, matchType, text } = placed(resourceId);
  const place = `customers/${customerId}/${collection}/${id}`;
  const keyword = { text, matchType };
  if (collection === 'campaigns') return { create: { campaign: place, negative: true, keyword } };
  const bid = after.max_cpc_micros;
  return { create: { adGroup: place, status: 'ENABLED', keyword, ...(bid !== null && { cpcBidMicros: bid }) } };
};

/** Why Google would refuse each, by resource id. It writes nothing. */
export const refusedKeywords = async (
  ads: Pick<Ads, 'mutate'>,
  changes: readonly Pick<ResourceChange, 'resourceId' | 'after'>[],
  context: GoogleContext,
): Promise<ReadonlyMap<string, { readonly code: string; readonly message: string }>> => {
  const [first] = changes;
  if (first === undefined) return new Map();
  const { customerId, collection } = placed(first.resourceId);
  const options = { validateOnly: true, partialFailure: true };
  const outcomes = await ads.mutate(customerId, services[collection], changes.map(creating), options, context);
  return new Map(
    changes.flatMap(({ resourceId }, at): [string, { code: string; message: string }][] => {
      const outcome = outcomes[at];
      return outcome?.ok === false ? [[resourceId, { code: outcome.code, message: outcome.message }]] : [];
    }),
  );
};

/** Adds keywords that are not there before, and removes those that are not there afterwards. */
export const applyKeywords = async (
  ads: Ads,
  changes: readonly ResourceChange[],
  context: GoogleContext,
): Promise<ChangeOutcome[]> => {
  const expected = changes.filter(({ wouldFail }) => wouldFail !== undefined);
  const open = changes.filter(({ wouldFail }) => wouldFail === undefined);
  const [first] = open;
  const failed = expected.map(({ resourceId, wouldFail }) => ({
    resourceId,
    outcome: 'failed' as const,
    code: wouldFail ?? 'refused',
    message: 'Expected when planned.',
  }));
  if (first === undefined) return failed;
  const { customerId, collection } = placed(first.resourceId);
  const removed = open.filter(({ after }) => after.status === null);
  const live = removed.length === 0 ? new Map<string, LiveKeyword>() : await liveOf(ads, removed, context);
  const gone = removed.filter(({ resourceId }) => !live.has(resourceId));
  const operations = open.flatMap((change): PlannedOperation[] => {
    const { resourceId, after } = change;
    if (after.status !== null) return [{ resourceId, operation: creating(change) }];
    const found = live.get(resourceId);
    return found === undefined ? [] : [{ resourceId, operation: { remove: found.resourceName } }];
  });
  return [
    ...failed,
    ...gone.map(({ resourceId }) => ({ resourceId, outcome: 'applied' as const })),
    ...(await mutateEach(ads, customerId, services[collection], operations, context)),
  ];
};
