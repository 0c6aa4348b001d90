import { z } from 'zod';
import type { Audit, AuditFilter, ImportedAudit } from '../../audit/port.ts';
import { AuditRecord } from '../../audit/record.ts';
import type { Caller } from '../../auth/caller.ts';
import { CountersignError } from '../../errors.ts';
import { charactersFor, fitting } from '../../mcp/answer-size.ts';
import { defineQuery, noAccounts } from '../../mcp/tool.ts';
import type { Pipeline } from '../../operations/pipeline.ts';
import { cleanJson, UntrustedText } from '../../untrusted.ts';
import { ImportedRecord, importedText, readImported } from './imported-records.ts';
import type { CoreServices } from './services.ts';
import { operationFor, shownTo, withoutPlace } from './shown-records.ts';

/** First and last time that every store can look for. */
const [EARLIEST, LATEST] = ['0001-01-01T00:00:00Z', '9999-12-31T23:59:59.999Z'];
const Time = z.iso
  .datetime({ error: 'must be ISO 8601 UTC such as 2026-01-31T00:00:00Z' })
  .refine((time) => !time.startsWith('0000'), {
    error: `must be from ${EARLIEST} to ${LATEST}`,
  });

export const AuditQuery = z.object({
  person: z.string().min(1).max(200).optional().describe('Person id; others than yourself need admin'),
  operation_id: z.string().min(1).max(64).optional().describe('Of one operation, without messages that went out'),
  account_id: z.string().min(1).max(200).optional().describe('Of one upstream account; needs admin'),
  correlation_id: z.string().min(1).max(128).optional().describe('Of one call'),
  beliefs: z.boolean().default(false).describe('Only what was asked or assumed, and its outcome'),
  from: Time.optional().describe('Not before, UTC'),
  to: Time.optional().describe('Not after, UTC'),
  limit: z.number().int().min(1).max(200).default(20).describe('Most records'),
  resources: z.number().int().min(0).max(500).default(10).describe('Most resources per record, before and after'),
  cursor: z.string().min(1).max(2000).optional().describe('next_cursor of the answer before'),
  source: z
    .enum(['own', 'imported'])
    .default('own')
    .describe('imported: log of the system before this one, by person, from, to; needs admin'),
});

const text = z.string();

/**
 * A record as it is, also one of a newer version: with actions, results and members that are not known here. Only what
 * every record has is demanded.
 */
const ShownRecord = z.looseObject({
  userId: text,
  correlationId: text,
  tool: text,
  action: text,
  result: text,
  timestamp: text,
  sequence: z.number().int(),
  previousHash: text,
  hash: text,
  left_out: z.record(z.string(), z.number().int()).optional().describe('Entries not shown; hash covers them'),
});

type ShownRecord = z.output<typeof ShownRecord>;

export const AuditPage = z.object({
  records: z.array(z.union([ImportedRecord, ShownRecord])),
  next_cursor: z.string().optional(),
  untrusted_text: UntrustedText,
});

/** @throws invalid_input for bounds between which nothing can be: an empty answer would look like nothing happened */
const checkOrder = ({ from, to }: z.output<typeof AuditQuery>): void => {
  if (from === undefined || to === undefined || Date.parse(from) <= Date.parse(to)) return;
  const fields = [{ field: 'from', problem: 'must not be after to' }];
  throw new CountersignError('invalid_input', 'from: must not be after to.', { details: { fields } });
};

/** Each approver and channel is told of each step: by operation that would be most of what there is. */
const isDelivered = ({ tool, result }: AuditRecord): boolean => tool === 'notices' && result === 'success';

/** Which of the records that a query finds are shown. */
const showing = (query: z.output<typeof AuditQuery>, mayShow: AuditFilter['shows']): AuditFilter['shows'] => {
  const about: ((record: AuditRecord) => boolean)[] = [
    ...(query.beliefs ? [({ intent }: AuditRecord) => intent !== undefined] : []),
    ...(query.operation_id === undefined ? [] : [(record: AuditRecord) => !isDelivered(record)]),
  ];
  if (about.length === 0) return mayShow;
  return (record) => about.every((is) => is(record)) && (mayShow?.(record) ?? true);
};

/** Records a caller may see: their own, those of an operation they may see, and with the admin scope everybody's. */
const visibleRecords = async (
  logs: AuditLogs,
  query: z.output<typeof AuditQuery>,
  caller: Caller,
): Promise<Awaited<ReturnType<Audit['query']>>> => {
  checkOrder(query);
  const admin = caller.scopes.has('admin');
  const foreign = query.account_id !== undefined || (query.person !== undefined && query.person !== caller.personId);
  if (foreign && !admin)
    throw new CountersignError('access_denied', 'person, account_id: the records of others need the scope admin.');
  const { operation_id: operation } = query;
  // A correlation id is another person's to share, not to guess: only their own records are shown without admin.
  const own = operation === undefined && !foreign && !(admin && query.correlation_id !== undefined);
  const shows = showing(query, shownTo(logs.pipeline, caller));
  const filter: AuditFilter = {
    ...(query.person !== undefined ? { userId: query.person } : own ? { userId: caller.personId } : {}),
    ...(operation === undefined ? {} : { operationId: await operationFor(logs.pipeline, caller, operation) }),
    ...(query.account_id === undefined ? {} : { accountId: query.account_id }),
    ...(query.correlation_id === undefined ? {} : { correlationId: query.correlation_id }),
    ...(query.from === undefined ? {} : { from: query.from }),
    ...(query.to === undefined ? {} : { to: query.to }),
    ...(query.cursor === undefined ? {} : { cursor: query.cursor }),
    limit: query.limit,
    ...(shows && { shows }),
  };
  const { items, ...page } = await logs.audit.query(filter);
  return { ...page, items: items.map((record) => withoutPlace(record, caller, caller.personId)) };
};

/** @param resources most resources, and most entries of each list, of one record */
const shownPage = (
  { items, cursor }: Awaited<ReturnType<Audit['query']>>,
  resources: number,
): z.output<typeof AuditPage> => ({
  records: items.map((record) => cleaned(shorten(record, resources))),
  untrusted_text: fieldsFromOutside.map((field) => `records[].${field}`),
  ...(cursor === undefined ? {} : { next_cursor: cursor }),
});

/** The service's own log, and that of the system before it. */
export interface AuditLogs {
  readonly pipeline: Pick<Pipeline, 'seenBy' | 'sight'>;
  readonly audit: Audit;
  readonly imported: ImportedAudit;
}

const importedPage = async (
  { imported }: AuditLogs,
  query: z.output<typeof AuditQuery>,
  caller: Caller,
): Promise<z.output<typeof AuditPage>> => {
  checkOrder(query);
  return { ...(await readImported(imported, query, caller)), untrusted_text: importedText };
};

const ownPage = async (logs: AuditLogs, query: z.output<typeof AuditQuery>, caller: Caller) =>
  shownPage(await visibleRecords(logs, query, caller), query.resources);

/** A page of the log, as long as it was asked for. @throws access_denied, invalid_input */
export const readAudit = (
  logs: AuditLogs,
  query: z.output<typeof AuditQuery>,
  caller: Caller,
): Promise<z.output<typeof AuditPage>> =>
  query.source === 'imported' ? importedPage(logs, query, caller) : ownPage(logs, query, caller);

/** Resources of a record that are tried, from the most asked for downwards, until the answer is short enough. */
const fewer = [5, 2, 0];

/** A page that a model can read: fewer resources per record first, then fewer records. */
const readShort = async (
  logs: AuditLogs,
  query: z.output<typeof AuditQuery>,
  caller: Caller,
): Promise<z.output<typeof AuditPage>> => {
  if (query.source === 'imported') return importedPage(logs, query, caller);
  const characters = charactersFor(Math.max(query.limit, query.resources));
  const found = await visibleRecords(logs, query, caller);
  let fit = 0;
  for (const resources of [query.resources, ...fewer.filter((each) => each < query.resources)]) {
    const page = shownPage(found, resources);
    fit = fitting(page.records, characters).length;
    if (fit === page.records.length) return page;
  }
  // The cursor of a shorter page is the log's to give.
  return ownPage(logs, { ...query, limit: fit, resources: 0 }, caller);
};

/** Members of a record with text from the estate or from people. */
const fieldsFromOutside = [
  'parameters',
  'summary',
  'before',
  'after',
  'beliefs',
  'intent',
  'errorMessage',
  'userAgent',
] as const satisfies readonly (keyof AuditRecord)[];
/** Members that hold what the service made or checked itself; a member that is not known here is cleaned too. */
const own: ReadonlySet<string> = new Set(
  [...Object.keys(AuditRecord.shape), 'left_out'].filter((name) => !fieldsFromOutside.some((other) => other === name)),
);
const MOST_CHARACTERS = 2000;

/** What is shown is made visible; the stored record, which the hash is over, stays as it was written. */
const cleaned = (record: ShownRecord): ShownRecord => {
  const members = Object.entries(record)
    .filter(([name, value]) => value !== undefined && !own.has(name))
    .map(([name, value]) => [name, cleanJson(z.json().parse(value), MOST_CHARACTERS)]);
  return ShownRecord.parse({ ...record, ...Object.fromEntries(members) });
};

type Json = AuditRecord['before'];

/** The first entries of an object of resources, or of each list in it, and how many were left out. */
const cut = (value: Json, most: number): { readonly kept: Json; readonly leftOut: number } => {
  if (Array.isArray(value)) return { kept: value.slice(0, most), leftOut: Math.max(0, value.length - most) };
  if (typeof value !== 'object' || value === null) return { kept: value, leftOut: 0 };
  const entries = Object.entries(value);
  return { kept: Object.fromEntries(entries.slice(0, most)), leftOut: Math.max(0, entries.length - most) };
};

const cutLists = (value: Json, most: number): { readonly kept: Json; readonly leftOut: number } => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return cut(value, most);
  const members = Object.entries(value).map(([name, member]) => ({
    name,
    ...(Array.isArray(member) ? cut(member, most) : { kept: member, leftOut: 0 }),
  }));
  const kept = Object.fromEntries(members.map((member) => [member.name, member.kept ?? null]));
  return { kept, leftOut: members.reduce((sum, member) => sum + member.leftOut, 0) };
};

/** A change of hundreds of resources is hundreds of kilobytes; a model needs the shape of it, not all of it. */
const shorten = (record: AuditRecord, most: number): ShownRecord => {
  const before = cut(record.before, most);
  const after = cut(record.after, most);
  const parameters = cutLists(record.parameters, most);
  const summary = cutLists(record.summary, most);
  const leftOut = { before: before.leftOut, after: after.leftOut, parameters: parameters.leftOut };
  if (Object.values(leftOut).every((count) => count === 0) && summary.leftOut === 0) return record;
  return {
    ...record,
    ...(record.before === undefined ? {} : { before: before.kept }),
    ...(record.after === undefined ? {} : { after: after.kept }),
    ...(record.parameters === undefined ? {} : { parameters: parameters.kept }),
    ...(record.summary === undefined ? {} : { summary: summary.kept }),
    left_out: { ...leftOut, ...(summary.leftOut === 0 ? {} : { summary: summary.leftOut }) },
  };
};

export const getAuditLog = (logs: Pick<CoreServices, 'pipeline' | 'audit' | 'imported'>) =>
  defineQuery({
    name: 'get_audit_log',
    title: 'Audit log',
    description:
      'Reads the audit log, newest first: who did what with which result, state before and after, and what was assumed. Your own records by default.',
    scopes: ['operations:read'],
    input: AuditQuery,
    output: AuditPage,
    annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
    accounts: noAccounts,
    run: (query, context) => readShort(logs, query, context.caller),
  });
