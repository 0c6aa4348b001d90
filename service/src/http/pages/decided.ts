/** The operations a person has answered, from their own audit records: no index of operations knows it. */
import type { AuditRecord } from '../../audit/record.ts';
import type { Operation } from '../../operations/operation.ts';
import type { PageParts } from './parts.ts';
import type { Visitor } from './visitor.ts';

/** Records of one read, and reads of one page. What a person asks through an agent stands between their decisions. */
const recordsOfRead = 100;
const mostReads = 10;

const decisions: readonly AuditRecord['action'][] = ['approve', 'confirm', 'deny'];

const decidedIn = (records: readonly AuditRecord[]): string[] =>
  records.flatMap(({ action, result, operationId }) =>
    decisions.includes(action) && result === 'success' && operationId !== undefined ? [operationId] : [],
  );

/**
 * Operations by when they were answered, the latest first.
 * @param limit how many are looked for; the records of one read may name more
 */
export const decidedBy = async (
  { audit, operations }: Pick<PageParts, 'audit' | 'operations'>,
  visitor: Visitor,
  limit: number,
  cursor: string | undefined,
): Promise<{ readonly items: Operation[]; readonly cursor?: string }> => {
  const { personId: userId } = visitor.person;
  const shows = ({ tool }: AuditRecord): boolean => operations.sight.shows(tool, visitor.scopes);
  const ids = new Set<string>();
  let place = cursor;
  for (let read = 0; read < mostReads && ids.size < limit; read += 1) {
    const page = await audit.query({
      userId,
      limit: recordsOfRead,
      shows,
      ...(place === undefined ? {} : { cursor: place }),
    });
    for (const id of decidedIn(page.items)) ids.add(id);
    place = page.cursor;
    if (place === undefined) break;
  }
  const seen = operations.seenBy(visitor);
  const found = await Promise.all([...ids].map((id) => seen.get(id)));
  // Who withdraws their own request decides nothing: it stands among what they asked for.
  const withdrawn = ({ status, requester }: Operation) => status === 'withdrawn' && requester.personId === userId;
  const items = found.filter((operation) => operation !== undefined).filter((operation) => !withdrawn(operation));
  return place === undefined ? { items } : { items, cursor: place };
};
