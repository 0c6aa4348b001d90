/** Two demo customers below one manager account: a shop that pays in US dollars, and one that pays in yen. */
import type { AdsWorld, Customer, DayFigures, Fields, SearchTerm } from './state.ts';

const DOLLARS = '1234567890';
const YEN = '2345678901';
const MANAGER = '9998887770';

const customers: readonly Customer[] = [
  { id: MANAGER, descriptiveName: 'Example agency', currencyCode: 'USD', timeZone: 'Europe/Berlin', manager: true },
  {
    id: DOLLARS,
    descriptiveName: 'Example shop',
    currencyCode: 'USD',
    timeZone: 'America/New_York',
    manager: false,
    managedBy: MANAGER,
  },
  {
    id: YEN,
    descriptiveName: 'Example shop Japan',
    currencyCode: 'JPY',
    timeZone: 'Asia/Tokyo',
    manager: false,
    managedBy: MANAGER,
  },
];

interface DemoBudget {
  readonly id: string;
  readonly name: string;
  readonly amountMicros: string;
  readonly shared?: boolean;
  readonly recommended?: string;
}

const budget = (customerId: string, { id, name, amountMicros, shared = false, recommended }: DemoBudget): Fields => ({
  resourceName: `customers/${customerId}/campaignBudgets/${id}`,
  id,
  name,
  amountMicros,
  status: 'ENABLED',
  period: 'DAILY',
  deliveryMethod: 'STANDARD',
  explicitlyShared: shared,
  ...(recommended !== undefined && { hasRecommendedBudget: true, recommendedBudgetAmountMicros: recommended }),
});

interface DemoCampaign {
  readonly id: string;
  readonly name: string;
  readonly budgetId: string;
  readonly status?: string;
  readonly type?: string;
}

const campaign = (
  customerId: string,
  { id, name, budgetId, status = 'ENABLED', type = 'SEARCH' }: DemoCampaign,
): Fields => ({
  resourceName: `customers/${customerId}/campaigns/${id}`,
  id,
  name,
  status,
  advertisingChannelType: type,
  campaignBudget: `customers/${customerId}/campaignBudgets/${budgetId}`,
  biddingStrategyType: type === 'PERFORMANCE_MAX' ? 'MAXIMIZE_CONVERSIONS' : 'MANUAL_CPC',
  containsEuPoliticalAdvertising: 'DOES_NOT_CONTAIN_EU_POLITICAL_ADVERTISING',
  startDateTime: '2025-03-01 00:00:00',
  endDateTime: '2037-12-30 23:59:59',
});

const adGroup = (customerId: string, id: string, campaignId: string, name: string): Fields => ({
  resourceName: `customers/${customerId}/adGroups/${id}`,
  id,
  name,
  status: 'ENABLED',
  campaign: `customers/${customerId}/campaigns/${campaignId}`,
});

const keyword = (customerId: string, groupId: string, id: string, text: string, quality?: number): Fields => ({
  resourceName: `customers/${customerId}/adGroupCriteria/${groupId}~${id}`,
  criterionId: id,
  adGroup: `customers/${customerId}/adGroups/${groupId}`,
  status: 'ENABLED',
  type: 'KEYWORD',
  negative: false,
  keyword: { text, matchType: 'PHRASE' },
  ...(quality !== undefined && { qualityInfo: { qualityScore: quality } }),
});

const resources: readonly Fields[] = [
  budget(DOLLARS, { id: '501', name: 'Shoes', amountMicros: '100000000', recommended: '140000000' }),
  budget(DOLLARS, { id: '502', name: 'Seasonal, shared', amountMicros: '200000000', shared: true }),
  budget(DOLLARS, { id: '503', name: 'Performance', amountMicros: '80000000' }),
  budget(DOLLARS, { id: '504', name: 'Not used yet', amountMicros: '40000000' }),
  campaign(DOLLARS, { id: '101', name: 'Running shoes', budgetId: '501' }),
  campaign(DOLLARS, { id: '102', name: 'Winter boots', budgetId: '502' }),
  campaign(DOLLARS, { id: '103', name: 'Rain jackets', budgetId: '502' }),
  campaign(DOLLARS, { id: '104', name: 'Whole shop', budgetId: '503', type: 'PERFORMANCE_MAX' }),
  campaign(DOLLARS, { id: '105', name: 'Summer sandals', budgetId: '502', status: 'PAUSED' }),
  adGroup(DOLLARS, '201', '101', 'Trail'),
  adGroup(DOLLARS, '202', '102', 'Lined boots'),
  keyword(DOLLARS, '201', '301', 'trail running shoes', 8),
  keyword(DOLLARS, '201', '302', 'light running shoes', 6),
  keyword(DOLLARS, '202', '303', 'lined winter boots'),
  budget(YEN, { id: '601', name: 'Tea', amountMicros: '5000000000' }),
  campaign(YEN, { id: '111', name: 'Green tea', budgetId: '601' }),
  adGroup(YEN, '211', '111', 'Sencha'),
  keyword(YEN, '211', '311', 'sencha', 9),
];

const term = (customerId: string, adGroupId: string, searchTerm: string, status = 'NONE'): SearchTerm => ({
  customerId,
  adGroupId,
  searchTerm,
  status,
});

const searchTerms: readonly SearchTerm[] = [
  term(DOLLARS, '201', 'best trail running shoes', 'ADDED'),
  term(DOLLARS, '201', 'free running shoes'),
  term(DOLLARS, '202', 'boots with fleece lining'),
  term(YEN, '211', 'sencha online'),
];

/** A number from 0 to 1 that is always the same for one text. */
const share = (text: string): number => {
  let hash = 2_166_136_261;
  for (const character of text) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 16_777_619);
  return (hash >>> 0) / 4_294_967_295;
};

/** What a campaign spends on a usual day, in the account's own unit. */
const daily: Readonly<Record<string, number>> = { '101': 91, '102': 74, '103': 58, '104': 66, '111': 4200 };
const seeded = new Set(resources.map(({ resourceName }) => String(resourceName)));

/** Deterministic: about the same each day, a fifth less at weekends. */
export const demoFigures = (resourceName: string, date: string): DayFigures | undefined => {
  const [, customerId, collection, id = ''] = resourceName.split('/');
  const terms = collection === 'searchTermViews';
  if (!terms && !seeded.has(resourceName)) return undefined;
  const usual = collection === 'campaigns' ? daily[id] : (terms ? 0.3 : 1) * (customerId === YEN ? 600 : 12);
  if (usual === undefined) return undefined;
  const weekend = [0, 6].includes(new Date(`${date}T00:00:00Z`).getUTCDay()) ? 0.8 : 1;
  const spent = usual * weekend * (0.9 + 0.2 * share(`${resourceName} ${date}`));
  const perClick = customerId === YEN ? 60 : 0.8;
  const clicks = Math.max(1, Math.round(spent / perClick));
  const conversions = Math.round(clicks * 0.04);
  return {
    costMicros: Math.round(spent * 100) * 10_000,
    clicks,
    impressions: clicks * 24,
    conversions,
    conversionsValue: conversions * (customerId === YEN ? 3000 : 45),
  };
};

export const demoWorld: AdsWorld = { customers, resources, searchTerms, figures: demoFigures };
