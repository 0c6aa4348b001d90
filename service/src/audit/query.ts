/** Reads the audit log by whichever of its keys is given, newest first. */
import type { Row } from '../../../contracts/tables.ts';
import { CountersignError } from '../errors.ts';
import type { Page, Query, Tables } from '../tables.ts';
import { fromRow, logDateOf } from './chain.ts';
import type { AuditFilter } from './port.ts';
import type { AuditRecord } from './record.ts';

const DAY_MS = 86_400_000;
const MAX_DAYS = 31;
/** Pages read for one call; a filter that matches little then answers a short page with a cursor. */
const MAX_READS = 40;

type AuditPage = Page<AuditRecord>;
type AuditRow = Row<'audit-logs'>;

const matches = (filter: AuditFilter, row: AuditRow): boolean =>
  (filter.userId === undefined || row.userId === filter.userId) &&
  (filter.operationId === undefined || row.operationId === filter.operationId) &&
  (filter.accountId === undefined || row.accountId === filter.accountId) &&
  (filter.correlationId === undefined || row.correlationId === filter.correlationId);

/** One call has fewest records, then one operation, one person, one account. */
const keyOf = ({ correlationId, operationId, userId, accountId }: AuditFilter) => {
  if (correlationId !== undefined) return { index: 'correlationId-index', partition: correlationId } as const;
  if (operationId !== undefined) return { index: 'operationId-index', partition: operationId } as const;
  if (userId !== undefined) return { partition: userId };
  if (accountId !== undefined) return { index: 'accountId-timestamp-index', partition: accountId } as const;
  return undefined;
};

/** A range of the log, read on until it is full, ended, or `reads` pages were read. */
const fill = async (tables: Tables, query: Query<'audit-logs'>, filter: AuditFilter, limit: number, reads: number) => {
  const items: AuditRow[] = [];
  let { cursor } = query;
  for (let read = 0; read < reads; read += 1) {
    const page = await tables.query('audit-logs', {
      ...query,
      descending: true,
      limit: limit - items.length,
      ...(cursor === undefined ? {} : { cursor }),
    });
    items.push(...page.items.filter((row) => matches(filter, row)));
    cursor = page.cursor;
    if (cursor === undefined || items.length === limit) break;
  }
  return { items, cursor };
};

const bounds = ({ from, to }: AuditFilter) => ({
  ...(from === undefined ? {} : { from }),
  ...(to === undefined ? {} : { to }),
});

const toPage = (items: readonly AuditRow[], cursor: string | undefined): AuditPage => ({
  items: items.map(fromRow),
  ...(cursor === undefined ? {} : { cursor }),
});

const timeOf = (side: 'from' | 'to', value: string): number => {
  const time = Date.parse(value);
  if (!Number.isNaN(time)) return time;
  throw new CountersignError('invalid_input', `${side} must be an ISO 8601 time such as 2026-01-31T00:00:00.000Z.`);
};

/** Days to read, newest first. @throws invalid_input */
const daysOf = ({ from, to }: AuditFilter, now: Date): string[] => {
  if (from === undefined)
    throw new CountersignError(
      'invalid_input',
      'from is required unless a person, operation, account or correlation id is given.',
    );
  const [first, last] = [timeOf('from', from), to === undefined ? now.getTime() + DAY_MS : timeOf('to', to)];
  if (last - first > (MAX_DAYS + 1) * DAY_MS)
    throw new CountersignError(
      'invalid_input',
      `from and to may be at most ${MAX_DAYS} days apart unless a person, operation, account or correlation id is given.`,
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

const walkDays = async (tables: Tables, filter: AuditFilter, days: readonly string[], limit: number) => {
  const { start, within } = placeOf(days, filter.cursor);
  const items: AuditRow[] = [];
  let cursor = within;
  for (const [place, partition] of days.entries()) {
    if (place < start) continue;
    const query = { index: 'timestamp-index', partition, ...bounds(filter), ...(cursor && { cursor }) } as const;
    const page = await fill(tables, query, filter, limit - items.length, MAX_READS);
    items.push(...page.items);
    if (page.cursor !== undefined) return toPage(items, `${partition}.${page.cursor}`);
    const next = days[place + 1];
    if (items.length === limit && next !== undefined) return toPage(items, `${next}.`);
    cursor = undefined;
  }
  return toPage(items, undefined);
};

/** @throws invalid_input for bounds, a limit or a cursor that cannot be */
export const queryAudit = async (tables: Tables, now: () => Date, filter: AuditFilter): Promise<AuditPage> => {
  const { limit = 100, cursor } = filter;
  const key = keyOf(filter);
  if (key === undefined) return walkDays(tables, filter, daysOf(filter, now()), limit);
  const query = { ...key, ...bounds(filter), ...(cursor === undefined ? {} : { cursor }) };
  const page = await fill(tables, query, filter, limit, MAX_READS);
  return toPage(page.items, page.cursor);
};
