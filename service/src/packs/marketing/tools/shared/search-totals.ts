/** Adds up search traffic page by page, so that a property with millions of rows takes no more memory than one page. */
import { z } from 'zod';
import type { CallContext } from '../../../../call.ts';
import { type AnalyticsQuery, ROWS_PER_PAGE, type SearchConsole } from '../../google/search-console.ts';
import type { AnalyticsPage, AnalyticsRow } from '../../google/search-console-answers.ts';

/** A million rows. What Google keeps of a long time can be more, and would take longer than a call may. */
const MOST_PAGES = 40;

export const SearchTotals = z.object({
  rows: z.number(),
  clicks: z.number(),
  impressions: z.number(),
  ctr: z.number().nullable(),
  position: z.number().nullable(),
});

const rounded = (value: number, digits: number): number => Number(value.toFixed(digits));
export const shownCtr = (ctr: number): number => rounded(ctr, 4);
export const shownPosition = (position: number): number => rounded(position, 2);

/** CTR is of all clicks and impressions, and the position is weighted by impressions: an average of averages is neither. */
export const createTotals = () => {
  let [rows, clicks, impressions, ranked, positions] = [0, 0, 0, 0, 0];
  return {
    add: (page: readonly AnalyticsRow[]): void => {
      for (const row of page) {
        rows += 1;
        clicks += row.clicks;
        impressions += row.impressions;
        if (row.position === undefined) continue;
        ranked += row.impressions;
        positions += row.position * row.impressions;
      }
    },
    sums: (): z.input<typeof SearchTotals> => ({
      ...{ rows, clicks, impressions },
      ctr: impressions === 0 ? null : shownCtr(clicks / impressions),
      position: ranked === 0 ? null : shownPosition(positions / ranked),
    }),
  };
};

export interface ReadThrough {
  /** The first rows, as many as were asked for. */
  readonly first: readonly AnalyticsRow[];
  readonly totals: z.input<typeof SearchTotals>;
  /** Whether all rows were read. */
  readonly complete: boolean;
  readonly metadata: AnalyticsPage['metadata'];
}

/** Reads to a short page, 25,000 rows at a time, and keeps the first few. */
export const readThrough = async (
  { analytics }: Pick<SearchConsole, 'analytics'>,
  property: string,
  query: AnalyticsQuery,
  { startRow, keep }: { readonly startRow: number; readonly keep: number },
  context: CallContext,
): Promise<ReadThrough> => {
  const totals = createTotals();
  let first: readonly AnalyticsRow[] = [];
  let metadata: AnalyticsPage['metadata'];
  for (let nth = 0; nth < MOST_PAGES; nth += 1) {
    const page = { startRow: startRow + nth * ROWS_PER_PAGE, rowLimit: ROWS_PER_PAGE };
    const { rows, ...about } = await analytics(property, query, page, context);
    if (nth === 0) {
      first = rows.slice(0, keep);
      metadata = about.metadata;
    }
    totals.add(rows);
    if (rows.length < ROWS_PER_PAGE) return { first, totals: totals.sums(), complete: true, metadata };
    await context.progress(nth + 1, MOST_PAGES, `${(nth + 1) * ROWS_PER_PAGE} rows read`);
  }
  return { first, totals: totals.sums(), complete: false, metadata };
};
