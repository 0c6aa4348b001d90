/** Campaigns as they are made, and found again by name. */
import { z } from 'zod';
import type { State } from '../../../../operations/plan.ts';
import type { GoogleContext } from '../parts.ts';
import type { Ads, MutateOperation } from './ads.ts';
import { gaql } from './query.ts';

/** Not VIDEO, which the API does not make, and none that needs more than create_campaign takes, such as a merchant account. */
export const campaignTypes = ['SEARCH', 'DISPLAY', 'PERFORMANCE_MAX'] as const;

/** By strategy, the member of a campaign that asks for it: biddingStrategyType is for reading only. */
const biddingMembers = {
  MANUAL_CPC: 'manualCpc',
  MAXIMIZE_CONVERSIONS: 'maximizeConversions',
  MAXIMIZE_CONVERSION_VALUE: 'maximizeConversionValue',
} as const;
export const biddings = ['MANUAL_CPC', 'MAXIMIZE_CONVERSIONS', 'MAXIMIZE_CONVERSION_VALUE'] as const;
export type Bidding = (typeof biddings)[number];

export const political = {
  yes: 'CONTAINS_EU_POLITICAL_ADVERTISING',
  no: 'DOES_NOT_CONTAIN_EU_POLITICAL_ADVERTISING',
} as const;

export interface NewCampaign {
  readonly name: string;
  readonly status: string;
  readonly type: string;
  readonly budgetId: string;
  readonly bidding: Bidding;
  readonly euPolitical: string;
}

export const creatingCampaign = (customerId: string, campaign: NewCampaign): MutateOperation => ({
  create: {
    name: campaign.name,
    status: campaign.status,
    advertisingChannelType: campaign.type,
    campaignBudget: `customers/${customerId}/campaignBudgets/${campaign.budgetId}`,
    // Without it: FieldError.REQUIRED, https://developers.google.com/google-ads/api/docs/campaigns/create-campaigns
    containsEuPoliticalAdvertising: campaign.euPolitical,
    [biddingMembers[campaign.bidding]]: {},
    // Where it is on, as it is by itself, name and logo of the brand have to be in the same call: https://developers.google.com/google-ads/api/performance-max/create-campaign
    ...(campaign.type === 'PERFORMANCE_MAX' && { brandGuidelinesEnabled: false }),
  },
});

/** As the state of a campaign that is not there. */
export const noCampaign: State = {
  name: null,
  status: null,
  type: null,
  budget_id: null,
  bidding: null,
  eu_political: null,
};

export const stateOfCampaign = ({ name, status, type, budgetId, bidding, euPolitical }: NewCampaign): State => ({
  ...{ name, status, type, bidding },
  budget_id: budgetId,
  eu_political: euPolitical,
});

const Row = z.looseObject({
  campaign: z.looseObject({
    resourceName: z.string(),
    name: z.string(),
    status: z.string(),
    advertisingChannelType: z.string().default(''),
    campaignBudget: z.string().default(''),
    biddingStrategyType: z.string().default(''),
    containsEuPoliticalAdvertising: z.string().default(''),
  }),
});

export interface NamedCampaign {
  readonly resourceName: string;
  readonly state: State;
}

/** Those with one of these names that were not removed. A name is compared here and is part of no query. */
export const campaignsNamed = async (
  ads: Pick<Ads, 'rows'>,
  customerId: string,
  names: readonly string[],
  context: GoogleContext,
): Promise<ReadonlyMap<string, NamedCampaign>> => {
  const query = gaql`SELECT campaign.name, campaign.status, campaign.advertising_channel_type, campaign.campaign_budget, campaign.bidding_strategy_type, campaign.contains_eu_political_advertising FROM campaign WHERE campaign.status != 'REMOVED'`;
  const found = new Map<string, NamedCampaign>();
  for await (const { campaign } of ads.rows(customerId, query, Row, context)) {
    if (!names.includes(campaign.name)) continue;
    const state = {
      name: campaign.name,
      status: campaign.status,
      type: campaign.advertisingChannelType,
      budget_id: campaign.campaignBudget.split('/').at(-1) ?? '',
      bidding: campaign.biddingStrategyType,
      eu_political: campaign.containsEuPoliticalAdvertising,
    };
    found.set(campaign.name, { resourceName: campaign.resourceName, state });
  }
  return found;
};
