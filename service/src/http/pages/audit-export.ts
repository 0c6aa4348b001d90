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

const formats = ['csv', 'ndjson'] as const;
const Format = z.object({ format: z.enum(formats) });

const cellOf = (value: unknown) =>
  value === undefined || typeof value === 'string' || typeof value === 'number' ? value : JSON.stringify(value);

/** One column a member, so that what records come to carry is exported too. */
const columns = (Object.keys(AuditRecord.shape) as (keyof AuditRecord)[]).map(
  (title): Column<AuditRecord> => ({ title, value: (record) => cellOf(record[title]) }),
);

interface Tally {
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
    const limit = Math.min(readSize, mostExported - tally.records);
    const page = await audit.query({ ...filter, limit, ...(cursor !== undefined && { cursor }) });
    for (const record of page.items) {
      tally.records += 1;
      yield withoutPlace(record, visitor, visitor.person.personId);
    }
    cursor = page.cursor;
    const last = page.items.at(-1);
    if (cursor !== undefined && tally.records === mostExported && last) tally.until = last.timestamp;
  } while (cursor !== undefined && tally.until === undefined);
}

async function* ndjson(records: AsyncIterable<AuditRecord>): AsyncGenerator<string> {
  for await (const record of records) yield `${JSON.stringify(record)}\n`;
}

/** A file that was cut says so in its last line. */
const ending = (format: (typeof formats)[number], { until }: Tally): string => {
  if (until === undefined) return '';
  const incomplete = `Not all: older records follow. Export again up to ${until}.`;
  return format === 'csv' ? `"${incomplete}"\r\n` : `${JSON.stringify({ incomplete })}\n`;
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
  format: (typeof formats)[number],
  records: (tally: Tally) => AsyncIterable<AuditRecord>,
  tell: Tell,
  done: () => void,
): AsyncGenerator<string> {
  const tally: Tally = { records: 0 };
  let isWhole = false;
  try {
    const rows = records(tally);
    yield* format === 'csv' ? csv(columns, rows) : ndjson(rows);
    yield ending(format, tally);
    isWhole = true;
  } finally {
    done();
    const result = isWhole ? (tally.until === undefined ? 'success' : 'partial') : 'failure';
    await tell(result, { format, records: tally.records });
  }
}

export const addAuditExport = (scope: FastifyInstance, parts: PageParts): void => {
  const running = new Set<string>();
  scope.post(
    routes.exportAudit.path,
    forTheirForm(parts, async (visitor, request, reply) => {
      const { csrf: _csrf, ...fields } = fieldsOf(request);
      const parsed = Format.safeParse(fields);
      if (!parsed.success) throw new CountersignError('invalid_input', 'format: must be csv or ndjson.');
      const { format } = parsed.data;
      const query = parseAuditQuery(fields);
      const { filter } = await recordsFor(parts, visitor, query);
      const { personId } = visitor.person;
      if (running.has(personId))
        throw new CountersignError('rate_limited', 'Your export before this one is still running. Wait until it ends.');
      const record = recorder(parts.audit, visitor, request, query);
      running.add(personId);
      try {
        await record('started', { format });
      } catch (error) {
        running.delete(personId);
        throw error;
      }
      const rows = (tally: Tally) => recordsOf(parts.audit, filter, visitor, tally);
      const file = exported(format, rows, record, () => running.delete(personId));
      const name = `audit-${parts.now().toISOString().slice(0, 10)}.${format}`;
      return reply
        .header('content-disposition', `attachment; filename="${name}"`)
        .type(format === 'csv' ? csvType : 'application/x-ndjson; charset=utf-8')
        .send(Readable.from(file));
    }),
  );
};
