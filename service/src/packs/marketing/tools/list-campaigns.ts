import { z } from 'zod';
import { defineQuery, type Query } from '../../../mcp/tool.ts';
import { UntrustedText } from '../../../untrusted.ts';
import { gaql } from '../google/ads/query.ts';
import type { Marketing } from '../world.ts';
import { CustomerId, lastPartOf, ofCustomer } from './shared/ads.ts';
import { readOnly, shown } from './shared/answer.ts';
import { CursorInput, CursorOutput } from './shared/paging.ts';
import { streamedPage } from './shared/streamed.ts';

const Row = z.looseObject({
  campaign: z.looseObject({
    id: z.string(),
    name: z.string(),
    status: z.string(),
    advertisingChannelType: z.string(),
    campaignBudget: z.string().default(''),
    biddingStrategyType: z.string().default('UNSPECIFIED'),
    startDateTime: z.string().optional(),
    endDateTime: z.string().optional(),
  }),
});

const shownCampaign = ({ campaign }: z.output<typeof Row>) => ({
  campaign_id: campaign.id,
  name: shown(campaign.name),
  status: campaign.status,
  type: campaign.advertisingChannelType,
  budget_id: lastPartOf(campaign.campaignBudget),
  bidding: campaign.biddingStrategyType,
  start: campaign.startDateTime ?? null,
  end: campaign.endDateTime ?? null,
});

const Campaign = z.object({
  campaign_id: z.string(),
  name: z.string(),
  status: z.string(),
  type: z.string(),
  budget_id: z.string(),
  bidding: z.string(),
  start: z.string().nullable(),
  end: z.string().nullable(),
});

export const listCampaigns = ({ ads, sandbox }: Marketing): Query =>
  defineQuery({
    name: 'list_campaigns',
    title: 'List campaigns',
    description: 'Lists the campaigns of a Google Ads account with status, type, budget and bidding; removed ones not.',
    scopes: ['marketing:read'],
    input: z.strictObject({ customerId: CustomerId, cursor: CursorInput }),
    output: z.object({
      campaigns: z.array(Campaign),
      total: z.number(),
      next_cursor: CursorOutput,
      sandbox: z.boolean(),
      untrusted_text: UntrustedText,
    }),
    annotations: readOnly,
    accounts: ofCustomer,
    run: async ({ customerId, cursor }, context) => {
      const query = gaql`SELECT campaign.id, campaign.name, campaign.status, campaign.advertising_channel_type, campaign.campaign_budget, campaign.bidding_strategy_type, campaign.start_date_time, campaign.end_date_time FROM campaign WHERE campaign.status != 'REMOVED' ORDER BY campaign.id`;
      const { page, ...rest } = await streamedPage(ads.rows(customerId, query, Row, context), cursor, shownCampaign);
      return { campaigns: [...page], ...rest, sandbox, untrusted_text: ['campaigns[].name'] };
    },
  });
