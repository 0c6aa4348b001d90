import { z } from 'zod';
import { defineQuery, type Query } from '../../../mcp/tool.ts';
import { gaql } from '../google/ads/query.ts';
import type { Marketing } from '../world.ts';
import { inAdGroup, metricFields, performanceReport, reportOutput, reportSteps } from './shared/ads-report.ts';
import { shown } from './shared/answer.ts';

const Row = z.looseObject({
  searchTermView: z.looseObject({ searchTerm: z.string(), status: z.string() }),
  ...inAdGroup,
});

export const getSearchTermsReport = (world: Marketing): Query =>
  defineQuery({
    ...reportSteps,
    name: 'get_search_terms_report',
    title: 'Search terms report',
    description:
      'What people searched for when ads were shown, dearest first, and totals. Status ADDED: it is a keyword.',
    output: reportOutput(
      z.object({
        search_term: z.string(),
        status: z.string(),
        campaign_id: z.string(),
        ad_group_id: z.string(),
      }),
    ),
    run: (input, context) =>
      performanceReport(world, input, context, {
        query: (conditions) =>
          gaql`SELECT search_term_view.search_term, search_term_view.status, campaign.id, ad_group.id, ${metricFields} FROM search_term_view WHERE ${conditions} ORDER BY metrics.cost_micros DESC`,
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
