import { z } from 'zod';
import type { CallContext } from '../../../call.ts';
import { charactersFor, fitting } from '../../../mcp/answer-size.ts';
import { defineQuery, type Query } from '../../../mcp/tool.ts';
import { UntrustedText } from '../../../untrusted.ts';
import type { SearchConsole } from '../google/search-console.ts';
import type { AnalyticsRow } from '../google/search-console-answers.ts';
import type { Marketing } from '../world.ts';
import { readOnly, shown } from './shared/answer.ts';
import { CursorInput, CursorOutput, cursorAfter, offsetIn, rowsShown } from './shared/paging.ts';
import { ofProperty } from './shared/property.ts';
import { checkedQuery, type SearchInput, searchInput } from './shared/search-query.ts';
import {
  createTotals,
  type ReadThrough,
  readThrough,
  SearchTotals,
  shownCtr,
  shownPosition,
} from './shared/search-totals.ts';

const DEFAULT_LIMIT = 1000;
/** AnswerRows a day and search type that Google keeps at most. */
const MOST_KEPT = 50_000;

const ShownRow = z.object({
  keys: z.array(z.string()),
  clicks: z.number(),
  impressions: z.number(),
  ctr: z.number().nullable(),
  position: z.number().nullable(),
});
const shownRow = ({ keys, clicks, impressions, ctr, position }: AnalyticsRow): z.input<typeof ShownRow> => ({
  ...{ keys: keys.map(shown), clicks, impressions },
  ctr: ctr === undefined ? null : shownCtr(ctr),
  position: position === undefined ? null : shownPosition(position),
});

/** What was read, and how many of the rows are still to come. */
interface Found extends Omit<ReadThrough, 'totals'> {
  readonly totals?: ReadThrough['totals'] | undefined;
  readonly more: boolean;
}

/** AnswerRows that fit one answer take one call. Of more than fit, all are read and added up. */
const find = async (
  searchConsole: Pick<SearchConsole, 'analytics'>,
  input: SearchInput & { readonly cursor?: string | undefined },
  context: CallContext,
): Promise<Found & { readonly from: number }> => {
  const query = checkedQuery(input, context.now());
  const { property, startRow, rowLimit, cursor } = input;
  const keep = rowsShown(rowLimit);
  const end = startRow + (rowLimit ?? DEFAULT_LIMIT);
  if (cursor === undefined && rowLimit !== keep) {
    const read = await readThrough(searchConsole, property, query, { startRow, keep }, context);
    return {
      ...read,
      from: startRow,
      more: startRow + Math.min(read.totals.rows, rowLimit ?? DEFAULT_LIMIT) > startRow + keep,
    };
  }
  const from = cursor === undefined ? startRow : offsetIn(cursor);
  const page = { startRow: from, rowLimit: Math.max(1, Math.min(keep, end - from)) };
  const { rows, metadata } = await searchConsole.analytics(property, query, page, context);
  const full = rows.length === page.rowLimit;
  const totals = createTotals();
  totals.add(rows);
  return {
    ...{ from, first: rows, metadata, complete: cursor === undefined && !full },
    ...(cursor === undefined && { totals: totals.sums() }),
    more: full && from + rows.length < end,
  };
};

const notesOn = ({ dimensions, filters }: SearchInput, { metadata, totals }: Found): string[] => {
  const since =
    metadata?.first_incomplete_date ??
    metadata?.firstIncompleteDate ??
    metadata?.first_incomplete_hour ??
    metadata?.firstIncompleteHour;
  const byQuery = dimensions.includes('query') || filters.some(({ dimension }) => dimension === 'query');
  return [
    ...(since === undefined ? [] : [`Figures from ${shown(since)} on are incomplete.`]),
    ...(byQuery ? ['Google leaves out rare queries, so rows add up to less than the property has.'] : []),
    ...((totals?.rows ?? 0) >= MOST_KEPT ? ['Google keeps at most 50,000 rows a day and search type.'] : []),
  ];
};

export const querySearchAnalytics = ({ searchConsole, sandbox }: Marketing): Query =>
  defineQuery({
    name: 'query_search_analytics',
    title: 'Query search traffic',
    description:
      'Search traffic of a property: ctr is 0 to 1, days are Pacific time. Shows up to 200 rows if asked for so many; of more, totals over all and 20.',
    scopes: ['marketing:read'],
    input: z.strictObject({ ...searchInput, cursor: CursorInput }),
    output: z.object({
      totals: SearchTotals.optional(),
      /** Whether the totals are over all rows. */
      complete: z.boolean(),
      rows: z.array(ShownRow),
      next_cursor: CursorOutput,
      notes: z.array(z.string()),
      sandbox: z.boolean(),
      untrusted_text: UntrustedText,
    }),
    annotations: readOnly,
    accounts: ({ property }) => ofProperty(property),
    run: async (input, context) => {
      const found = await find(searchConsole, input, context);
      const rows = fitting(found.first.map(shownRow), charactersFor(rowsShown(input.rowLimit)));
      const more = found.more || rows.length < found.first.length;
      return {
        ...(found.totals && { totals: found.totals }),
        complete: found.complete,
        rows,
        ...(more && { next_cursor: cursorAfter(found.from + rows.length) }),
        notes: notesOn(input, found),
        sandbox,
        untrusted_text: ['rows[].keys'],
      };
    },
  });
