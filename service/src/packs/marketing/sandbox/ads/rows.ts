/** The rows of each resource of GAQL, with the resources that it joins, before any condition. */
import { type AdsState, type Customer, type Fields, isRemoved, type Json, resourceNameOf } from './state.ts';

/** As Google's JSON has it: `{ campaign: {...}, campaignBudget: {...} }`. */
export type AdsRow = Readonly<Record<string, Fields>>;

export interface FoundRow {
  readonly row: AdsRow;
  /** Whose figures they are. Several: their sum. */
  readonly figuresOf: readonly string[];
}

const text = (value: Json | undefined): string => (typeof value === 'string' ? value : '');

const customerFields = ({ id, descriptiveName, currencyCode, timeZone, manager }: Customer): Fields => ({
  resourceName: `customers/${id}`,
  id,
  descriptiveName,
  currencyCode,
  timeZone,
  manager,
  testAccount: false,
  status: 'ENABLED',
});

/** @returns what may be asked FROM each resource */
export const rowsOf = (state: AdsState, customer: Customer, from: string): FoundRow[] => {
  const base = { customer: customerFields(customer) };
  const all = (collection: Parameters<AdsState['all']>[1]) => state.all(customer.id, collection);
  const named = (name: Json | undefined): Fields => state.get(text(name)) ?? {};
  const budgetOf = (budget: Fields): Fields => {
    const uses = all('campaigns').filter((each) => each.campaignBudget === budget.resourceName && !isRemoved(each));
    return { ...budget, referenceCount: String(uses.length) };
  };
  const withCampaign = (campaign: Fields): AdsRow => ({ ...base, campaign });
  const withGroup = (adGroup: Fields): AdsRow => ({ ...withCampaign(named(adGroup.campaign)), adGroup });
  const criterion = (each: Fields): AdsRow => ({ ...withGroup(named(each.adGroup)), adGroupCriterion: each });
  const plain = (row: AdsRow): FoundRow => ({ row, figuresOf: [] });
  const sources: Readonly<Record<string, () => FoundRow[]>> = {
    customer: () => [{ row: base, figuresOf: all('campaigns').map(resourceNameOf) }],
    customer_client: () =>
      state.world.customers
        .filter(({ id, managedBy }) => id === customer.id || managedBy === customer.id)
        .map((each) => {
          const resourceName = `customers/${customer.id}/customerClients/${each.id}`;
          const level = each.id === customer.id ? '0' : '1';
          return plain({ ...base, customerClient: { ...customerFields(each), resourceName, level } });
        }),
    campaign: () =>
      all('campaigns').map((each) => ({
        row: { ...withCampaign(each), campaignBudget: budgetOf(named(each.campaignBudget)) },
        figuresOf: [resourceNameOf(each)],
      })),
    campaign_budget: () => all('campaignBudgets').map((each) => plain({ ...base, campaignBudget: budgetOf(each) })),
    ad_group: () => all('adGroups').map((each) => plain(withGroup(each))),
    ad_group_criterion: () => all('adGroupCriteria').map((each) => plain(criterion(each))),
    campaign_criterion: () =>
      all('campaignCriteria').map((each) => plain({ ...withCampaign(named(each.campaign)), campaignCriterion: each })),
    keyword_view: () =>
      all('adGroupCriteria')
        .filter((each) => each.negative !== true)
        .map((each) => {
          const resourceName = resourceNameOf(each).replace('adGroupCriteria', 'keywordViews');
          return { row: { ...criterion(each), keywordView: { resourceName } }, figuresOf: [resourceNameOf(each)] };
        }),
    search_term_view: () =>
      (state.world.searchTerms ?? [])
        .filter(({ customerId }) => customerId === customer.id)
        .map(({ adGroupId, searchTerm, status }) => {
          const group = `customers/${customer.id}/adGroups/${adGroupId}`;
          const hash = Buffer.from(searchTerm).toString('base64url');
          const resourceName = `customers/${customer.id}/searchTermViews/${adGroupId}~${hash}`;
          const searchTermView = { resourceName, searchTerm, status, adGroup: group };
          return { row: { ...withGroup(named(group)), searchTermView }, figuresOf: [resourceName] };
        }),
    change_event: () =>
      all('changeEvents').map((each) => plain({ ...withCampaign(named(each.campaign)), changeEvent: each })),
  };
  return sources[from]?.() ?? [];
};
