import { z } from 'zod';
import { defineQuery, type Query } from '../../../mcp/tool.ts';
import { AdsMetrics } from '../google/ads/metrics.ts';
import { gaql } from '../google/ads/query.ts';
import type { Marketing } from '../world.ts';
import { ofCustomer } from './shared/ads.ts';
import { performanceReport, reportInput, reportOutput } from './shared/ads-report.ts';
import { readOnly, shown } from './shared/answer.ts';

const Row = z.looseObject({
  campaign: z.looseObject({ id: z.string(), name: z.string(), status: z.string() }),
  metrics: AdsMetrics.prefault({}),
});

export const getCampaignPerformance = (world: Marketing): Query =>
  defineQuery({
    name: 'get_campaign_performance',
    title: 'Campaign performance',
    description: 'Cost, clicks and conversions of Google Ads campaigns, dearest first, and their totals.',
    scopes: ['marketing:read'],
    input: z.strictObject(reportInput),
    output: reportOutput(z.object({ campaign_id: z.string(), name: z.string(), status: z.string() })),
    annotations: readOnly,
    accounts: ofCustomer,
    run: (input, context) =>
      performanceReport(world, input, context, {
        query: (conditions) =>
          gaql`SELECT campaign.id, campaign.name, campaign.status, metrics.cost_micros, metrics.clicks, metrics.impressions, metrics.ctr, metrics.average_cpc, metrics.conversions, metrics.conversions_value, metrics.cost_per_conversion FROM campaign WHERE ${conditions} ORDER BY metrics.cost_micros DESC, campaign.id`,
        row: Row,
        show: ({ campaign }) => ({ campaign_id: campaign.id, name: shown(campaign.name), status: campaign.status }),
        untrusted: ['name'],
      }),
  });
