/** Reads the audit log by whichever of its keys is given, newest first. */
import type { Row } from '../../../contracts/tables.ts';
import { CountersignError } from '../errors.ts';
import type { Page, TableQuery, Tables } from '../ports/tables.ts';
import { logDateOf, recordFromRow } from './chain.ts';
import type { AuditFilter } from './port.ts';
import type { AuditRecord } from './record.ts';

const DAY_MS = 86_400_000;
const MAX_DAYS = 31;
/** Pages read for one call; a filter that matches little then answers a short page with a cursor. */
const MAX_READS = 40;
/** Rows of one read that only looks whether something follows. */
const LOOK_AHEAD = 100;

type AuditPage = Page<AuditRecord>;
type AuditRow = Row<'audit-logs'>;

const matches = (filter: AuditFilter, row: AuditRow): boolean =>
  (filter.userId === undefined || row.userId === filter.userId) &&
  (filter.operationId === undefined || row.operationId === filter.operationId) &&
  (filter.accountId === undefined || row.accountId === filter.accountId) &&
  (filter.correlationId === undefined || row.correlationId === filter.correlationId) &&
  (filter.tool === undefined || row.tool === filter.tool) &&
  (filter.result === undefined || row.result === filter.result);

/** One call has fewest records, then one operation, one person, one account, one tool. */
const keyOf = ({ correlationId, operationId, userId, accountId, tool }: AuditFilter) => {
  if (correlationId !== undefined) return { index: 'correlationId-index', partition: correlationId } as const;
  if (operationId !== undefined) return { index: 'operationId-index', partition: operationId } as const;
  if (userId !== undefined) return { partition: userId };
  if (accountId !== undefined) return { index: 'accountId-timestamp-index', partition: accountId } as const;
  if (tool !== undefined) return { index: 'tool-timestamp-index', partition: tool } as const;
  return undefined;
};

interface PageOf {
  readonly limit: number;
  readonly cursor?: string;
}
/** Reads a page of one range, newest first. */
type Read<R> = (page: PageOf) => Promise<Page<R>>;

const withCursor = (cursor: string | undefined) => (cursor === undefined ? {} : { cursor });

type Wanted<R> = (row: R) => boolean | Promise<boolean>;

/** The rows that are wanted. One after the other, so that what one look-up finds is known for the next. */
const wantedOf = async <R>(rows: readonly R[], isWanted: Wanted<R>): Promise<R[]> => {
  const wanted: R[] = [];
  for (const row of rows) if (await isWanted(row)) wanted.push(row);
  return wanted;
};

/** A range, read on until it is full, ended, or so many pages were read. */
const fill = async <R>(read: Read<R>, isWanted: Wanted<R>, { limit, cursor: from }: PageOf, mostReads = MAX_READS) => {
  const items: R[] = [];
  let cursor = from;
  let reads = 0;
  while (reads < mostReads) {
    reads += 1;
    const page = await read({ limit: limit - items.length, ...withCursor(cursor) });
    items.push(...(await wantedOf(page.items, isWanted)));
    cursor = page.cursor;
    if (cursor === undefined || items.length === limit) break;
  }
  return { items, reads, ...withCursor(cursor) };
};

/** Whether a wanted row follows, or may: as far as so many pages tell. */
const goesOn = async <R>(read: Read<R>, isWanted: Wanted<R>, from: string): Promise<boolean> => {
  let cursor: string | undefined = from;
  for (let reads = 0; reads < MAX_READS; reads += 1) {
    const page: Page<R> = await read({ limit: LOOK_AHEAD, ...withCursor(cursor) });
    if ((await wantedOf(page.items, isWanted)).length > 0) return true;
    cursor = page.cursor;
    if (cursor === undefined) return false;
  }
  return true;
};

export const bounds = ({ from, to }: Pick<AuditFilter, 'from' | 'to'>) => ({
  ...(from === undefined ? {} : { from }),
  ...(to === undefined ? {} : { to }),
});

const timeOf = (side: 'from' | 'to', value: string): number => {
  const time = Date.parse(value);
  if (!Number.isNaN(time)) return time;
  throw new CountersignError('invalid_input', `${side} must be an ISO 8601 time such as 2026-01-31T00:00:00.000Z.`);
};

/** Days to read, newest first. @throws invalid_input */
const daysOf = ({ from, to }: Pick<AuditFilter, 'from' | 'to'>, now: Date): string[] => {
  if (from === undefined)
    throw new CountersignError(
      'invalid_input',
      'from is required unless a person, operation, account, tool or correlation id is given.',
    );
  const [first, last] = [timeOf('from', from), to === undefined ? now.getTime() + DAY_MS : timeOf('to', to)];
  if (last - first > (MAX_DAYS + 1) * DAY_MS)
    throw new CountersignError(
      'invalid_input',
      `from and to may be at most ${MAX_DAYS} days apart unless a person, operation, account, tool or correlation id is given.`,
    );
  const days: string[] = [];
  for (let day = Math.floor(last / DAY_MS); day * DAY_MS + DAY_MS > first; day -= 1)
    days.push(logDateOf(new Date(day * DAY_MS).toISOString()));
  return days;
};

/** Where a walk over days goes on: the day, and the cursor within it, separated by a dot that neither contains. */
const placeOf = (days: readonly string[], cursor: string | undefined) => {
  if (cursor === undefined) return { start: 0, within: undefined };
  const [day = '', within = ''] = cursor.split('.');
  const start = days.indexOf(day);
  if (start >= 0) return { start, within: within === '' ? undefined : within };
  throw new CountersignError(
    'invalid_input',
    'cursor is not one that this query returned. Begin again without a cursor.',
  );
};

/**
 * Days of a log, newest first.
 * @param read a page of one day
 * @throws invalid_input for bounds or a cursor that cannot be
 */
export const walkDays = async <R>(
  read: (day: string, page: PageOf) => Promise<Page<R>>,
  isWanted: Wanted<R>,
  filter: Pick<AuditFilter, 'from' | 'to' | 'cursor'> & { readonly limit: number },
  now: Date,
): Promise<Page<R>> => {
  const days = daysOf(filter, now);
  const { limit } = filter;
  const { start, within } = placeOf(days, filter.cursor);
  const items: R[] = [];
  let cursor = within;
  let left = MAX_READS;
  for (const [place, day] of days.entries()) {
    if (place < start) continue;
    const rest = { limit: limit - items.length, ...withCursor(cursor) };
    const page = await fill((of) => read(day, of), isWanted, rest, left);
    items.push(...page.items);
    left -= page.reads;
    if (page.cursor !== undefined) return { items, cursor: `${day}.${page.cursor}` };
    const next = days[place + 1];
    if ((items.length === limit || left === 0) && next !== undefined) return { items, cursor: `${next}.` };
    cursor = undefined;
  }
  return { items };
};

/** @throws invalid_input for bounds, a limit or a cursor that cannot be */
export const queryAudit = async (tables: Tables, now: () => Date, filter: AuditFilter): Promise<AuditPage> => {
  const { limit = 100 } = filter;
  const key = keyOf(filter);
  const { shows } = filter;
  const isWanted = (row: AuditRow) => matches(filter, row) && (shows?.(recordFromRow(row)) ?? true);
  const read = (range: TableQuery<'audit-logs'>) => tables.query('audit-logs', { ...range, descending: true });
  const rest = { ...bounds(filter) };
  if (key === undefined) {
    const { items, cursor } = await walkDays(
      (partition, page) => read({ index: 'timestamp-index', partition, ...rest, ...page }),
      isWanted,
      { ...filter, limit },
      now(),
    );
    return { items: items.map(recordFromRow), ...withCursor(cursor) };
  }
  const range = (page: PageOf) => read({ ...key, ...rest, ...page });
  // One call has few records: all are read, so that no cursor stands at a record of somebody else.
  const mostReads = shows !== undefined && filter.correlationId !== undefined ? Number.POSITIVE_INFINITY : MAX_READS;
  const { items, cursor } = await fill(range, isWanted, { limit, ...withCursor(filter.cursor) }, mostReads);
  const more = cursor !== undefined && (shows === undefined || (await goesOn(range, isWanted, cursor)));
  return { items: items.map(recordFromRow), ...(more ? { cursor } : {}) };
};
