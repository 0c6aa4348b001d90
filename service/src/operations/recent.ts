/**
 * Lists of operations, newest first. What a person may not see is not read: their lists come from indexes by tool, so that a
 * list of few among many that are hidden takes as little as one of few. Each list reads a bounded number of records.
 */
import { z } from 'zod';
import type { Row } from '../../../contracts/tables.ts';
import { CountersignError } from '../errors.ts';
import type { Page, TableQuery, Tables } from '../ports/tables.ts';
import { isOperation, isWaiting, type Operation, OperationId, type Status, statuses, waiting } from './operation.ts';

export interface RecentFilter {
  /** Default all of them. */
  readonly statuses?: readonly Status[];
  /** Person id of the requester. Default anybody. */
  readonly createdBy?: string;
  /** The only tools whose operations are shown. Default those of all, also of tools that this version does not know. */
  readonly tools?: readonly string[] | undefined;
  /** 1 to 200. Default 20. */
  readonly limit?: number;
  readonly cursor?: string;
}

/** Records that one list reads at most, where few of them fit a filter. A record may have 500 resources. */
const MOST_READ = 400;
/** Of those that wait and were written by the version before, without `waitsFor`. They expire within days; goes with them. */
const MOST_WITHOUT = 100;

/** Where a list over several ranges goes on: after this operation. */
const Place = z.templateLiteral([z.iso.datetime(), '~', OperationId]);

const afterOf = (cursor: string | undefined): string | undefined => {
  if (cursor === undefined || Place.safeParse(cursor).success) return cursor;
  throw new CountersignError('invalid_input', 'cursor is not one that this list returned. Begin again without it.');
};

type OperationRow = Row<'operations'>;

/** Orders operations by when they were asked for. ISO times of one length sort as text. */
const placeIn = ({ createdAt, operationId }: Pick<Operation, 'createdAt' | 'operationId'>): string =>
  `${createdAt}~${operationId}`;

/** What a newer version wrote is shown by its own tasks. */
export const readable = (rows: readonly OperationRow[]): Operation[] =>
  rows.map(({ record }) => record).filter(isOperation);

interface Range extends Pick<TableQuery<'operations'>, 'index' | 'partition'> {
  readonly most: number;
  /** Of its rows, those that count. Default all. */
  readonly only?: (row: OperationRow) => boolean;
}

interface Walked {
  readonly items: readonly Operation[];
  /** The place that was read to, where more follows that was not read. */
  readonly stopped?: string;
}

interface Wanted {
  readonly after: string | undefined;
  readonly number: number;
  shown(operation: Pick<Operation, 'tool'>): boolean;
  fits(operation: Operation): boolean;
}

/** A range from a place on, until so many are found, it ends, or `most` records were read. */
const walk = async (tables: Tables, { most, only, ...range }: Range, wanted: Wanted): Promise<Walked> => {
  const { after, number } = wanted;
  const to = after?.split('~', 1)[0];
  const items: Operation[] = [];
  let [read, cursor, last] = [0, undefined as string | undefined, undefined as OperationRow | undefined];
  do {
    const page: Page<OperationRow> = await tables.query('operations', {
      ...range,
      descending: true,
      limit: Math.min(number, most - read),
      ...(to === undefined ? {} : { to }),
      ...(cursor === undefined ? {} : { cursor }),
    });
    read += Math.max(1, page.items.length);
    const rows = page.items.filter((row) => (only?.(row) ?? true) && (after === undefined || placeIn(row) < after));
    // A place never tells of an operation that is hidden, nor that one was read: there the list ends.
    last = rows.at(-1) ?? last;
    items.push(...readable(rows).filter((operation) => wanted.shown(operation) && wanted.fits(operation)));
    cursor = page.cursor;
  } while (cursor !== undefined && items.length < number && read < most);
  const ended = cursor === undefined || items.length >= number;
  return ended || last === undefined || !wanted.shown(last) ? { items } : { items, stopped: placeIn(last) };
};

/** By tool, what waits by an index of its own; without tools by status. */
const rangesOf = ({ createdBy, tools, statuses: wanted = statuses }: RecentFilter): Omit<Range, 'most'>[] => {
  if (createdBy !== undefined) return [{ index: 'createdBy-createdAt-index', partition: createdBy }];
  if (tools === undefined) return wanted.map((partition) => ({ index: 'status-createdAt-index', partition }));
  const index = wanted.every(isWaiting) ? 'waitsFor-createdAt-index' : 'tool-createdAt-index';
  return tools.map((partition) => ({ index, partition }));
};

/** What waits and has no `waitsFor` yet. */
const withoutIndex = ({ createdBy, tools, statuses: wanted = statuses }: RecentFilter): Range[] =>
  createdBy === undefined && tools !== undefined && wanted.every(isWaiting)
    ? waiting.map((partition) => ({
        index: 'status-createdAt-index',
        partition,
        most: MOST_WITHOUT,
        only: ({ waitsFor }) => waitsFor === undefined,
      }))
    : [];

/**
 * A page of them. There is a cursor only where another follows that may be shown, or where as many records were read as one
 * list may: then the page is short, or empty. It is the place of an operation that may be shown.
 * @throws invalid_input for a cursor that is not its own
 */
export const recent = async (tables: Tables, filter: RecentFilter): Promise<Page<Operation>> => {
  const { statuses: asked = statuses, limit = 20, tools } = filter;
  const wanted: Wanted = {
    after: afterOf(filter.cursor),
    number: limit + 1,
    shown: ({ tool }) => tools?.includes(tool) ?? true,
    fits: ({ status }) => asked.includes(status),
  };
  const ranges = rangesOf(filter);
  const most = Math.max(limit + 1, Math.ceil(MOST_READ / Math.max(1, ranges.length)));
  const [found, without] = await Promise.all([
    Promise.all(ranges.map((range) => walk(tables, { ...range, most }, wanted))),
    Promise.all(withoutIndex(filter).map((range) => walk(tables, range, wanted))),
  ]);
  // Nothing behind the first place at which a range stopped is told before what may stand between.
  const [stopped] = found.flatMap((walked) => walked.stopped ?? []).sort((a, b) => (a < b ? 1 : -1));
  const merged = [...found, ...without]
    .flatMap(({ items }) => items)
    .filter((operation) => stopped === undefined || placeIn(operation) >= stopped)
    .sort((a, b) => (placeIn(a) < placeIn(b) ? 1 : -1));
  const items = merged.slice(0, limit);
  const last = items.at(-1);
  if (merged.length > limit && last) return { items, cursor: placeIn(last) };
  return stopped === undefined ? { items } : { items, cursor: stopped };
};
