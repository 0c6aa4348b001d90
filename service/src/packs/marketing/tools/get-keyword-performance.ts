import { z } from 'zod';
import { defineQuery, type Query } from '../../../mcp/tool.ts';
import { gaql } from '../google/ads/query.ts';
import type { Marketing } from '../world.ts';
import { inAdGroup, metricFields, performanceReport, reportOutput, reportSteps } from './shared/ads-report.ts';
import { shown } from './shared/answer.ts';

const Row = z.looseObject({
  adGroupCriterion: z.looseObject({
    criterionId: z.string(),
    status: z.string(),
    keyword: z.looseObject({ text: z.string(), matchType: z.string() }),
    // Of keywords that are new or seldom searched for, there is none.
    qualityInfo: z.looseObject({ qualityScore: z.int().optional() }).optional(),
  }),
  ...inAdGroup,
});

export const getKeywordPerformance = (world: Marketing): Query =>
  defineQuery({
    ...reportSteps,
    name: 'get_keyword_performance',
    title: 'Keyword performance',
    description: 'Cost, clicks, conversions and quality score (1 to 10) of keywords, dearest first, and totals.',
    output: reportOutput(
      z.object({
        keyword: z.string(),
        match_type: z.string(),
        status: z.string(),
        quality_score: z.number().nullable(),
        criterion_id: z.string(),
        campaign_id: z.string(),
        ad_group_id: z.string(),
      }),
    ),
    run: (input, context) =>
      performanceReport(world, input, context, {
        query: (conditions) =>
          gaql`SELECT ad_group_criterion.criterion_id, ad_group_criterion.status, ad_group_criterion.keyword.text, ad_group_criterion.keyword.match_type, ad_group_criterion.quality_info.quality_score, campaign.id, ad_group.id, ${metricFields} FROM keyword_view WHERE ${conditions} ORDER BY metrics.cost_micros DESC, ad_group_criterion.criterion_id`,
        row: Row,
        show: ({ adGroupCriterion: { criterionId, status, keyword, qualityInfo }, campaign, adGroup }) => ({
          keyword: shown(keyword.text),
          match_type: keyword.matchType,
          status,
          quality_score: qualityInfo?.qualityScore ?? null,
          criterion_id: criterionId,
          campaign_id: campaign.id,
          ad_group_id: adGroup.id,
        }),
        untrusted: ['keyword'],
      }),
  });
