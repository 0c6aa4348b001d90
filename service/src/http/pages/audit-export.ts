/** Exports what a query of the audit page means, as it is read: nothing is held but one page of the log. */
import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { routes } from '../../../../contracts/routes.ts';
import { eventFrom } from '../../audit/event.ts';
import type { AuditFilter } from '../../audit/port.ts';
import { AuditRecord } from '../../audit/record.ts';
import { CountersignError } from '../../errors.ts';
import { csv, csvType } from '../../files/csv.ts';
import type { Column } from '../../files/sheet.ts';
import { MOST_CELLS, xlsx, xlsxType } from '../../files/xlsx.ts';
import { withoutPlace } from '../../packs/core/shown-records.ts';
import type { AuditPageQuery } from '../../web/props.ts';
import { originOf } from '../origin.ts';
import { fieldsOf } from '../page-sessions.ts';
import { parseAuditQuery, recordsFor } from './audit-view.ts';
import type { PageParts } from './parts.ts';
import { forTheirForm, type Visitor } from './visitor.ts';

/** Records of one export, and of one read. */
export const mostExported = 50_000;
const readSize = 500;

const types = { csv: csvType, ndjson: 'application/x-ndjson; charset=utf-8', xlsx: xlsxType } as const;
type Format = keyof typeof types;
const Asked = z.object({ format: z.enum(['csv', 'ndjson', 'xlsx']) });

const cellOf = (value: unknown) =>
  value === undefined || typeof value === 'string' || typeof value === 'number' ? value : JSON.stringify(value);

/** One column a member, so that what records come to carry is exported too. */
const columns = (Object.keys(AuditRecord.shape) as (keyof AuditRecord)[]).map(
  (title): Column<Partial<AuditRecord>> => ({ title, value: (record) => cellOf(record[title]) }),
);

/** Of an Excel file, which is made in memory: beside the records it has a line of titles, and perhaps one that says that it was cut. */
export const mostInWorkbook = Math.min(mostExported, Math.floor(MOST_CELLS / columns.length) - 2);

interface Tally {
  /** How many there may be. */
  readonly most: number;
  records: number;
  /** The time of the last record, where others follow that were not exported. */
  until?: string;
}

/** The records of a filter, newest first. */
async function* recordsOf(
  audit: PageParts['audit'],
  filter: AuditFilter,
  visitor: Visitor,
  tally: Tally,
): AsyncGenerator<AuditRecord> {
  let cursor: string | undefined;
  do {
    const limit = Math.min(readSize, tally.most - tally.records);
    const page = await audit.query({ ...filter, limit, ...(cursor !== undefined && { cursor }) });
    for (const record of page.items) {
      tally.records += 1;
      yield withoutPlace(record, visitor, visitor.person.personId);
    }
    cursor = page.cursor;
    const last = page.items.at(-1);
    if (cursor !== undefined && tally.records === tally.most && last) tally.until = last.timestamp;
  } while (cursor !== undefined && tally.until === undefined);
}

async function* ndjson(records: AsyncIterable<AuditRecord>): AsyncGenerator<string> {
  for await (const record of records) yield `${JSON.stringify(record)}\n`;
}

/** What the last line of a file that was cut says. */
const incompleteOf = ({ until }: Tally): string | undefined =>
  until === undefined ? undefined : `Not all: older records follow. Export again up to ${until}.`;

async function* withEnding(records: AsyncIterable<AuditRecord>, tally: Tally): AsyncGenerator<Partial<AuditRecord>> {
  yield* records;
  const incomplete = incompleteOf(tally);
  if (incomplete !== undefined) yield { userId: incomplete };
}

const made: Readonly<
  Record<Format, (rows: AsyncIterable<AuditRecord>, tally: Tally) => AsyncIterable<string | Uint8Array>>
> = {
  csv: async function* (rows, tally) {
    yield* csv(columns, rows);
    const incomplete = incompleteOf(tally);
    if (incomplete !== undefined) yield `"${incomplete}"\r\n`;
  },
  ndjson: async function* (rows, tally) {
    yield* ndjson(rows);
    const incomplete = incompleteOf(tally);
    if (incomplete !== undefined) yield `${JSON.stringify({ incomplete })}\n`;
  },
  xlsx: async function* (rows, tally) {
    yield await xlsx(columns, withEnding(rows, tally));
  },
};

const recorder = (audit: PageParts['audit'], visitor: Visitor, request: FastifyRequest, query: AuditPageQuery) => {
  const parameters = Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined));
  return (result: AuditRecord['result'], summary: Record<string, string | number>) =>
    audit.append(
      eventFrom(originOf(request), {
        userId: visitor.person.personId,
        tool: 'audit-page',
        action: 'read',
        result,
        parameters: z.json().parse(parameters),
        summary,
      }),
    );
};

type Tell = ReturnType<typeof recorder>;

/** The file as it is written, and what came of it in the log: also where the reader hung up. */
async function* exported(
  format: Format,
  records: (tally: Tally) => AsyncIterable<AuditRecord>,
  tell: Tell,
  done: () => void,
): AsyncGenerator<string | Uint8Array> {
  const tally: Tally = { most: format === 'xlsx' ? mostInWorkbook : mostExported, records: 0 };
  let isWhole = false;
  try {
    yield* made[format](records(tally), tally);
    isWhole = true;
  } finally {
    done();
    const result = isWhole ? (tally.until === undefined ? 'success' : 'partial') : 'failure';
    await tell(result, { format, records: tally.records });
  }
}

export const addAuditExport = (scope: FastifyInstance, parts: PageParts): void => {
  const running = new Set<string>();
  let workbooks = 0;
  scope.post(
    routes.exportAudit.path,
    forTheirForm(parts, async (visitor, request, reply) => {
      const { csrf: _csrf, ...fields } = fieldsOf(request);
      const parsed = Asked.safeParse(fields);
      if (!parsed.success) throw new CountersignError('invalid_input', 'format: must be csv, ndjson or xlsx.');
      const { format } = parsed.data;
      const query = parseAuditQuery(fields);
      const { filter } = await recordsFor(parts, visitor, query);
      const { personId } = visitor.person;
      if (running.has(personId))
        throw new CountersignError('rate_limited', 'Your export before this one is still running. Wait until it ends.');
      // Each is held in memory: of several at once a small task could not make one.
      if (format === 'xlsx' && workbooks > 0)
        throw new CountersignError('rate_limited', 'Another Excel file is being made. Wait a moment, or take CSV.');
      const record = recorder(parts.audit, visitor, request, query);
      running.add(personId);
      if (format === 'xlsx') workbooks += 1;
      const done = () => {
        running.delete(personId);
        if (format === 'xlsx') workbooks -= 1;
      };
      try {
        await record('started', { format });
      } catch (error) {
        done();
        throw error;
      }
      const rows = (tally: Tally) => recordsOf(parts.audit, filter, visitor, tally);
      const file = exported(format, rows, record, done);
      const name = `audit-${parts.now().toISOString().slice(0, 10)}.${format}`;
      return reply
        .header('content-disposition', `attachment; filename="${name}"`)
        .type(types[format])
        .send(Readable.from(file));
    }),
  );
};
