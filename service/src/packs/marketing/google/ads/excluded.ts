/** What negative keywords keep ads from: https://support.google.com/google-ads/answer/2453972 */
import { z } from 'zod';
import type { GoogleContext } from '../parts.ts';
import type { Ads } from './ads.ts';
import type { AdsCustomer } from './customer.ts';
import type { Keyword } from './keywords.ts';
import { AdsMetrics, createMetricSums } from './metrics.ts';
import { among, digits, gaql, onDay } from './query.ts';

const wordsOf = (text: string): string[] =>
  text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');

/** Negative keywords match no close variants: broad means every word in any order, phrase all in their order. */
export const excludes = ({ text, matchType }: Keyword, searchTerm: string): boolean => {
  const [words, searched] = [wordsOf(text), wordsOf(searchTerm)];
  if (matchType === 'BROAD') return words.every((word) => searched.includes(word));
  const [whole, part] = [` ${searched.join(' ')} `, ` ${words.join(' ')} `];
  return matchType === 'EXACT' ? whole === part : whole.includes(part);
};

const Row = z.looseObject({
  searchTermView: z.looseObject({ searchTerm: z.string() }),
  metrics: AdsMetrics.prefault({}),
});

/** What search terms of these campaigns cost and brought that the keywords would have excluded. */
export const excludedBy = async (
  ads: Pick<Ads, 'rows'>,
  {
    id,
    campaignIds,
    keywords,
    from,
    to,
  }: Pick<AdsCustomer, 'id'> & {
    readonly campaignIds: readonly string[];
    readonly keywords: readonly Keyword[];
    readonly from: string;
    readonly to: string;
  },
  context: GoogleContext,
): Promise<{ readonly terms: number; readonly metrics: AdsMetrics }> => {
  const query = gaql`SELECT search_term_view.search_term, metrics.cost_micros, metrics.clicks, metrics.impressions, metrics.conversions, metrics.conversions_value FROM search_term_view WHERE segments.date BETWEEN ${onDay(from)} AND ${onDay(to)} AND campaign.id IN (${among(campaignIds.map(digits))})`;
  const sums = createMetricSums();
  let terms = 0;
  for await (const { searchTermView, metrics } of ads.rows(id, query, Row, context)) {
    if (!keywords.some((keyword) => excludes(keyword, searchTermView.searchTerm))) continue;
    terms += 1;
    sums.add(metrics);
  }
  return { terms, metrics: sums.sums() };
};
