/**
 * Which records of the audit log a person's query means. Admins see all. Others see their own, and of operations that their
 * scopes show everybody's: of one operation, or of one tool. Each of these is read by a key of its own, so nothing that is
 * hidden is read, counted or stepped over.
 */
import { z } from 'zod';
import type { AuditFilter } from '../../audit/port.ts';
import { AuditRecord } from '../../audit/record.ts';
import { CountersignError } from '../../errors.ts';
import { operationFor, shownTo } from '../../packs/core/shown-records.ts';
import type { AuditPageQuery } from '../../web/props.ts';
import type { PageParts } from './parts.ts';
import type { Visitor } from './visitor.ts';

const text = z
  .string()
  .trim()
  .max(200)
  .transform((typed) => typed || undefined)
  .optional();
const day = z
  .union([z.literal('').transform(() => undefined), z.iso.date({ error: 'must be a day such as 2026-01-31' })])
  .optional();

// Unlike a list's, a filter of the log that is not understood is refused: it would answer more than was asked for.
const Fields = z.object({
  person: text,
  operation: text,
  account: text,
  tool: text,
  result: z.union([z.literal('').transform(() => undefined), AuditRecord.shape.result]).optional(),
  from: day,
  to: day,
});

/** @throws invalid_input naming the first field that is wrong */
export const parseAuditQuery = (given: unknown): AuditPageQuery => {
  const parsed = Fields.safeParse(given);
  const [issue] = parsed.error?.issues ?? [];
  if (!parsed.success)
    throw new CountersignError('invalid_input', `${issue?.path.join('.')}: ${issue?.message ?? 'is not understood'}`);
  const { from, to } = parsed.data;
  if (from !== undefined && to !== undefined && from > to)
    throw new CountersignError('invalid_input', 'from: must not be after to.');
  return parsed.data;
};

const dayMs = 86_400_000;
/** Days that an admin sees who asks for nothing else. */
const usualDays = 7;

const boundsOf = ({ from, to }: AuditPageQuery): Pick<AuditFilter, 'from' | 'to'> => ({
  ...(from !== undefined && { from: `${from}T00:00:00.000Z` }),
  ...(to !== undefined && { to: `${to}T23:59:59.999Z` }),
});

/** What every filter has, and what is beside its key. */
const beside = ({ account, tool, result }: AuditPageQuery): Partial<AuditFilter> => ({
  ...(account !== undefined && { accountId: account }),
  ...(tool !== undefined && { tool }),
  ...(result !== undefined && { result }),
});

interface Shown {
  readonly filter: AuditFilter;
  /** Whose records they are, in words. */
  readonly words: string;
}

const forAdmin = (query: AuditPageQuery, now: Date): Shown => {
  const { person, operation, account, tool } = query;
  const bounds = boundsOf(query);
  const keyed = (person ?? operation ?? account ?? tool) !== undefined || bounds.from !== undefined;
  const from = new Date(now.getTime() - usualDays * dayMs).toISOString().slice(0, 10);
  return {
    filter: {
      ...(keyed ? bounds : { ...bounds, ...boundsOf({ from }) }),
      ...beside(query),
      ...(person !== undefined && { userId: person }),
      ...(operation !== undefined && { operationId: operation }),
    },
    words: keyed ? 'What everybody did here, as far as it fits.' : `What everybody did here since ${from}.`,
  };
};

type Parts = Pick<PageParts, 'operations' | 'now'>;

/** @throws access_denied for another person's records */
const forOthers = async (parts: Parts, visitor: Visitor, query: AuditPageQuery): Promise<Shown> => {
  const { operations } = parts;
  const { personId } = visitor.person;
  const { person, operation, tool } = query;
  if (person !== undefined && person !== personId)
    throw new CountersignError('access_denied', 'person: the records of other people need the scope admin.');
  const shows = shownTo(operations, visitor);
  const filter = { ...boundsOf(query), ...beside(query), ...(shows && { shows }) };
  if (operation !== undefined)
    return {
      filter: {
        ...filter,
        operationId: await operationFor(operations, visitor, operation),
        ...(person !== undefined && { userId: person }),
      },
      words: 'What happened to this operation, whoever did it.',
    };
  const isShown = tool !== undefined && operations.sight.toolsShown(visitor.scopes)?.includes(tool);
  if (isShown && person === undefined)
    return {
      filter: {
        ...filter,
        shows: async (record) =>
          (record.userId === personId || record.operationId !== undefined) && ((await shows?.(record)) ?? true),
      },
      words: 'What happened to operations of this tool, whoever did it, and what you did with it yourself.',
    };
  return {
    filter: { ...filter, userId: personId },
    words: 'What you did here, and what was done in your name.',
  };
};

/** @throws access_denied for records of others that the scopes do not show */
export const recordsFor = async (parts: Parts, visitor: Visitor, query: AuditPageQuery): Promise<Shown> =>
  visitor.scopes.has('admin') ? forAdmin(query, parts.now()) : forOthers(parts, visitor, query);
