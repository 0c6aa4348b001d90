/** What each part of the contract is handed. */
import type { Row } from '../../../../contracts/tables.ts';
import type { Page, TableEngine, TableQuery } from '../../../src/ports/tables.ts';

export interface Engine {
  /** Opens the engine on tables that nobody else uses. The clock is the test's. */
  readonly open: (now: () => Date) => Promise<TableEngine>;
  /** dynalite has no transactions; what needs them is tested on the other engines. */
  readonly transactions?: false;
  /** DynamoDB leaves rows with equal sorts in any order. */
  readonly totalOrder?: false;
  /** DynamoDB deletes expired rows by itself. */
  readonly sweeps?: false;
  /** Takes the server away and brings it back. */
  readonly outage?: { readonly begin: () => Promise<void>; readonly end: () => Promise<void> };
}

export interface Bench {
  readonly engine: Engine;
  /** Open from before the first test until after the last. */
  readonly tables: TableEngine;
  /** Moves the clock, until the end of the test, to so many seconds after NOW. */
  later(seconds: number): void;
  stored(operationId: string): Promise<Row<'operations'> | undefined>;
}

/** All pages, by their cursors. */
export const follow = async <R>(read: (at: { cursor?: string }) => Promise<Page<R>>): Promise<Page<R>[]> => {
  const pages = [await read({})];
  for (let cursor = pages[0]?.cursor; cursor !== undefined; cursor = pages.at(-1)?.cursor)
    pages.push(await read({ cursor }));
  return pages;
};
export const rowsOf = <R>(pages: Page<R>[]): R[] => pages.flatMap(({ items }) => items);

export const everyPage = (on: Bench, query: TableQuery<'audit-logs'>): Promise<Page<Row<'audit-logs'>>[]> =>
  follow((cursor) => on.tables.query('audit-logs', { ...query, ...cursor }));

/** The sequence numbers on each page. */
export const sequences = (pages: Page<Row<'audit-logs'>>[]): number[][] =>
  pages.map(({ items }) => items.map((row) => row.sequence));
