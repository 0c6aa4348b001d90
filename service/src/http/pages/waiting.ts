/** The page of what waits for an answer: searched, sorted, a page at a time, what waits for the person who looks first. */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { routes } from '../../../../contracts/routes.ts';
import { type Operation, waiting } from '../../operations/operation.ts';
import { isSamePerson } from '../../operations/same-human.ts';
import { approvalsPage } from '../../web/index.ts';
import { hrefWith } from '../../web/links.ts';
import type { ApprovalsProps, WaitingQuery } from '../../web/props.ts';
import { answersIn, waitsFor } from './answering.ts';
import type { PageParts } from './parts.ts';
import { forPeople, type Visitor } from './visitor.ts';

/** Changes of one page, and those that are read to be searched and sorted. Older ones follow behind a link. */
const pageSize = 25;
const mostRead = 200;

const text = (most: number) =>
  z
    .string()
    .trim()
    .max(most)
    .transform((typed) => typed || undefined)
    .optional()
    .catch(undefined);

// What a browser was made to ask for is not an error worth a page: it is left out.
export const WaitingPageQuery = z.object({
  q: text(200),
  who: z.enum(['me', 'own']).optional().catch(undefined),
  tool: text(100),
  batch: text(64),
  sort: z.enum(['oldest', 'ends', 'largest']).optional().catch(undefined),
  page: z.coerce.number().int().min(1).max(100).catch(1),
  tick: z.literal('all').optional().catch(undefined),
  cursor: z.string().min(1).max(2000).optional().catch(undefined),
});
export type WaitingPageQuery = z.infer<typeof WaitingPageQuery>;

/** What is searched of an operation: whoever decides looks for a name of theirs, not for a field. */
const wordsOf = ({ operationId, tool, reason = '', requester, plan }: Operation): string =>
  [
    ...[operationId, tool, reason, requester.name, requester.email, plan.summary],
    ...plan.changes.flatMap(({ label, resourceId, accountId }) => [label, resourceId, accountId]),
  ]
    .join('\n')
    .toLowerCase();

const fits = (
  operation: Operation,
  { q, who, tool, batch }: WaitingQuery,
  visitor: Visitor,
  parts: PageParts,
): boolean => {
  if (tool !== undefined && operation.tool !== tool) return false;
  if (batch !== undefined && operation.batch?.[0] !== batch) return false;
  if (who === 'own' && !isSamePerson(visitor.person, operation.requester)) return false;
  if (who === 'me' && !waitsFor(operation, visitor, parts)) return false;
  if (q === undefined) return true;
  const words = wordsOf(operation);
  return q
    .toLowerCase()
    .split(/\s+/)
    .every((word) => words.includes(word));
};

type Order = (one: Operation, other: Operation) => number;
const byTime = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

const orders: Readonly<Record<NonNullable<WaitingQuery['sort']>, Order>> = {
  oldest: (one, other) => byTime(one.createdAt, other.createdAt),
  ends: (one, other) => byTime(one.expiresAt, other.expiresAt),
  largest: (one, other) => other.plan.changes.length - one.plan.changes.length,
};

/** The query of another page of this list. */
const hrefFrom = (query: WaitingPageQuery, over: Partial<WaitingPageQuery>): string => {
  const { page, ...rest } = { ...query, tick: undefined, ...over };
  return hrefWith(routes.approvals.path, { ...rest, page: page === 1 ? undefined : page });
};

const cut = (found: readonly Operation[], query: WaitingPageQuery, visitor: Visitor, parts: PageParts) => {
  const fitting = found.filter((operation) => fits(operation, query, visitor, parts));
  const sorted = query.sort === undefined ? fitting : fitting.toSorted(orders[query.sort]);
  const isMine = (operation: Operation): boolean => waitsFor(operation, visitor, parts);
  const [mine, others] = [sorted.filter(isMine), sorted.filter((operation) => !isMine(operation))];
  const from = (query.page - 1) * pageSize;
  const shown = [...mine, ...others].slice(from, from + pageSize);
  return {
    counts: { mine: mine.length, others: others.length, all: found.length },
    mine: shown.filter((operation) => mine.includes(operation)),
    others: shown.filter((operation) => !mine.includes(operation)),
    more: from + pageSize < sorted.length,
  };
};

/** The list as this person may see it now. */
export const waitingPage = async (
  parts: PageParts,
  visitor: Visitor,
  query: WaitingPageQuery,
  more: Partial<Pick<ApprovalsProps, 'draft' | 'ticked'>> = {},
): Promise<string> => {
  const { cursor } = query;
  const found = await parts.operations
    .seenBy(visitor)
    .recent({ statuses: waiting, limit: mostRead, ...(cursor !== undefined && { cursor }) });
  const { mine, others, counts, more: goesOn } = cut(found.items, query, visitor, parts);
  const deniable = [...mine, ...others].filter((each) => answersIn(each, visitor, parts).includes('deny'));
  const ids = new Set(deniable.map(({ operationId }) => operationId));
  const approvable = [...mine, ...others].filter((each) => answersIn(each, visitor, parts).includes('approve'));
  return approvalsPage({
    ...visitor.frame,
    now: parts.now().toISOString(),
    query,
    tools: [...new Set(found.items.map(({ tool }) => tool))].toSorted(),
    mine,
    others,
    counts,
    deniable: ids,
    mayApproveAll: query.batch !== undefined && approvable.length > 0,
    ticked: query.tick === undefined && query.batch === undefined ? new Set() : ids,
    action: hrefFrom(query, {}),
    tickHref: hrefFrom(query, { tick: 'all' }),
    previous: query.page > 1 ? hrefFrom(query, { page: query.page - 1 }) : undefined,
    next: goesOn ? hrefFrom(query, { page: query.page + 1 }) : undefined,
    older: found.cursor === undefined ? undefined : hrefFrom(query, { cursor: found.cursor, page: 1 }),
    later: cursor !== undefined,
    ...more,
  });
};

export const addWaitingPage = (scope: FastifyInstance, parts: PageParts): void => {
  scope.get(
    routes.approvals.path,
    forPeople(parts, (visitor, request) => waitingPage(parts, visitor, WaitingPageQuery.parse(request.query))),
  );
};
