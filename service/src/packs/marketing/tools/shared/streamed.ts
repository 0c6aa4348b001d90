/** One page of rows that come as a stream: whatever their number, no more than a page is in memory. */
import { charactersFor, DEFAULT_ROWS, fitting } from '../../../../mcp/answer-size.ts';
import { cursorAfter, offsetIn } from './paging.ts';

export interface Streamed<Shown> {
  readonly page: readonly Shown[];
  /** Of all rows, not only this page's. */
  readonly total: number;
  readonly next_cursor?: string;
}

/** @param each is told every row, for sums */
export const streamedPage = async <Row, Shown>(
  rows: AsyncIterable<Row>,
  cursor: string | undefined,
  show: (row: Row) => Shown,
  each: (row: Row) => void = () => {},
): Promise<Streamed<Shown>> => {
  const from = cursor === undefined ? 0 : offsetIn(cursor);
  const kept: Shown[] = [];
  let total = 0;
  for await (const row of rows) {
    each(row);
    if (total >= from && kept.length < DEFAULT_ROWS) kept.push(show(row));
    total += 1;
  }
  const page = fitting(kept, charactersFor(DEFAULT_ROWS));
  const end = from + page.length;
  return { page, total, ...(end < total && { next_cursor: cursorAfter(end) }) };
};
