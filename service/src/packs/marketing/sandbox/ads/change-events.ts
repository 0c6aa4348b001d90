/** What change_event says of a write. https://developers.google.com/google-ads/api/docs/change-event */
import { momentIn } from './clock.ts';
import type { Written } from './draft.ts';
import { type AdsState, type Customer, collectionOf, type Fields, resourceNameOf } from './state.ts';

const types: Readonly<Record<string, { readonly type: string; readonly member: string }>> = {
  campaigns: { type: 'CAMPAIGN', member: 'campaign' },
  campaignBudgets: { type: 'CAMPAIGN_BUDGET', member: 'campaignBudget' },
  adGroupCriteria: { type: 'AD_GROUP_CRITERION', member: 'adGroupCriterion' },
  campaignCriteria: { type: 'CAMPAIGN_CRITERION', member: 'campaignCriterion' },
};

const only = (fields: Fields, names: readonly string[]): Fields =>
  Object.fromEntries(Object.entries(fields).filter(([name]) => names.includes(name)));

export const changeEventOf = (
  state: AdsState,
  { kind, before, after, fields }: Written,
  { customer, email, now }: { readonly customer: Customer; readonly email: string; readonly now: Date },
): Fields => {
  const collection = collectionOf(resourceNameOf(after));
  const { type = 'UNKNOWN', member = collection } = types[collection] ?? {};
  const campaign = collection === 'campaigns' ? resourceNameOf(after) : after.campaign;
  return {
    resourceName: `customers/${customer.id}/changeEvents/${state.nextId()}`,
    changeDateTime: momentIn(customer.timeZone, now),
    changeResourceType: type,
    changeResourceName: resourceNameOf(after),
    clientType: 'GOOGLE_ADS_API',
    userEmail: email,
    resourceChangeOperation: kind,
    ...(campaign !== undefined && { campaign }),
    ...(kind === 'UPDATE' && { changedFields: fields.join(',') }),
    ...(before !== undefined && { oldResource: { [member]: only(before, fields) } }),
    ...(kind !== 'REMOVE' && { newResource: { [member]: only(after, fields) } }),
  };
};
