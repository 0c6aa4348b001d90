/** The pages that list operations: one's own, those one has decided, and everybody's. */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { routes } from '../../../../contracts/routes.ts';
import { type Operation, type Status, waiting } from '../../operations/operation.ts';
import { operationsPage } from '../../web/index.ts';
import { type ListName, listHref } from '../../web/links.ts';
import type { OperationListProps, OperationsProps } from '../../web/props.ts';
import { decidedBy } from './decided.ts';
import type { PageParts } from './parts.ts';
import { forPeople, type Visitor } from './visitor.ts';

/** Operations of a page, and of a list of the overview. */
const pageSize = 20;
const overviewSize = 5;

/** What the list of everybody's operations can be cut down to. */
const groups = {
  waiting,
  applied: ['applied', 'partially-applied'],
  denied: ['denied'],
  withdrawn: ['withdrawn'],
  expired: ['expired'],
  failed: ['failed'],
  reverted: ['reverted'],
} as const satisfies Record<string, readonly Status[]>;
type Group = keyof typeof groups;
const groupNames = Object.keys(groups) as [Group, ...Group[]];

// What a browser was made to ask for is not an error worth a page: it is left out.
const ListQuery = z.object({
  cursor: z.string().min(1).max(2000).optional().catch(undefined),
  list: z.enum(['asked', 'decided', 'all']).optional().catch(undefined),
  status: z.enum(groupNames).optional().catch(undefined),
});
type ListQuery = z.infer<typeof ListQuery>;

interface Found {
  readonly items: readonly Operation[];
  readonly cursor?: string;
}
interface Kind {
  readonly heading: string;
  readonly empty: string;
  /** The link from the overview to all of it. */
  readonly whole: string;
  find(parts: PageParts, visitor: Visitor, limit: number, query: ListQuery): Promise<Found>;
}

const from = (cursor: string | undefined) => (cursor === undefined ? {} : { cursor });

const lists: Readonly<Record<ListName, Kind>> = {
  asked: {
    heading: 'Asked by you',
    empty: 'You have not asked for a change yet. Ask an agent that is connected to this service for one.',
    whole: 'All you asked for',
    find: ({ operations }, visitor, limit, { cursor }) =>
      operations.seenBy(visitor).recent({ createdBy: visitor.person.personId, limit, ...from(cursor) }),
  },
  decided: {
    heading: 'Decided by you',
    empty: 'You have not approved, confirmed or denied a change lately.',
    whole: 'All you decided',
    find: (parts, visitor, limit, { cursor }) => decidedBy(parts, visitor, limit, cursor),
  },
  all: {
    heading: 'Everybody’s operations',
    empty: 'There is none.',
    whole: 'All operations',
    find: ({ operations }, visitor, limit, { cursor, status }) =>
      operations
        .seenBy(visitor)
        .recent({ limit, ...(status === undefined ? {} : { statuses: groups[status] }), ...from(cursor) }),
  },
};
const listNames = Object.keys(lists) as ListName[];

const overview = (parts: PageParts, visitor: Visitor): Promise<OperationListProps[]> =>
  Promise.all(
    listNames.map(async (name): Promise<OperationListProps> => {
      const { heading, empty, whole, find } = lists[name];
      const { items, cursor } = await find(parts, visitor, overviewSize, {});
      const more = items.length > overviewSize || cursor !== undefined || (name === 'all' && items.length > 0);
      const operations = items.slice(0, overviewSize);
      return { heading, empty, operations, ...(more && { more: { href: listHref({ list: name }), label: whole } }) };
    }),
  );

const choicesOf = ({ list, status }: ListQuery): Pick<OperationsProps, 'choices'> => {
  if (list !== 'all') return {};
  const choice = (label: string, group?: Group) => ({
    href: listHref({ list, ...(group && { status: group }) }),
    label,
    current: group === status,
  });
  const label = (group: Group): string => group.charAt(0).toUpperCase() + group.slice(1);
  return { choices: [choice('All'), ...groupNames.map((group) => choice(label(group), group))] };
};

const whole = async (
  parts: PageParts,
  visitor: Visitor,
  list: ListName,
  query: ListQuery,
): Promise<OperationListProps> => {
  const { heading, empty, find } = lists[list];
  const { items, cursor } = await find(parts, visitor, pageSize, query);
  const { status } = query;
  return {
    heading,
    empty: query.cursor === undefined ? empty : 'There is none in this part.',
    operations: items,
    ...(cursor !== undefined && {
      more: { href: listHref({ list, ...(status && { status }), cursor }), label: 'Older operations' },
    }),
  };
};

export const addListPages = (scope: FastifyInstance, parts: PageParts): void => {
  scope.get(
    routes.operations.path,
    forPeople(parts, async (visitor, request) => {
      const query = ListQuery.parse(request.query);
      const { list } = query;
      return operationsPage({
        ...visitor.frame,
        lists: list === undefined ? await overview(parts, visitor) : [await whole(parts, visitor, list, query)],
        ...choicesOf(query),
        now: parts.now().toISOString(),
      });
    }),
  );
};
