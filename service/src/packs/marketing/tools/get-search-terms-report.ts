import { z } from 'zod';
import { defineQuery, type Query } from '../../../mcp/tool.ts';
import { AdsMetrics } from '../google/ads/metrics.ts';
import { gaql } from '../google/ads/query.ts';
import type { Marketing } from '../world.ts';
import { ofCustomer } from './shared/ads.ts';
import { performanceReport, reportInput, reportOutput } from './shared/ads-report.ts';
import { readOnly, shown } from './shared/answer.ts';

const Row = z.looseObject({
  searchTermView: z.looseObject({ searchTerm: z.string(), status: z.string() }),
  adGroup: z.looseObject({ id: z.string() }),
  campaign: z.looseObject({ id: z.string() }),
  metrics: AdsMetrics.prefault({}),
});

export const getSearchTermsReport = (world: Marketing): Query =>
  defineQuery({
    name: 'get_search_terms_report',
    title: 'Search terms report',
    description:
      'What people searched for when ads were shown, dearest first, and totals. Status ADDED: it is a keyword.',
    scopes: ['marketing:read'],
    input: z.strictObject(reportInput),
    output: reportOutput(
      z.object({
        search_term: z.string(),
        status: z.string(),
        campaign_id: z.string(),
        ad_group_id: z.string(),
      }),
    ),
    annotations: readOnly,
    accounts: ofCustomer,
    run: (input, context) =>
      performanceReport(world, input, context, {
        query: (conditions) =>
          gaql`SELECT search_term_view.search_term, search_term_view.status, campaign.id, ad_group.id, metrics.cost_micros, metrics.clicks, metrics.impressions, metrics.ctr, metrics.average_cpc, metrics.conversions, metrics.conversions_value, metrics.cost_per_conversion FROM search_term_view WHERE ${conditions} ORDER BY metrics.cost_micros DESC`,
        row: Row,
        show: ({ searchTermView: { searchTerm, status }, campaign, adGroup }) => ({
          search_term: shown(searchTerm),
          status,
          campaign_id: campaign.id,
          ad_group_id: adGroup.id,
        }),
        untrusted: ['search_term'],
      }),
  });
