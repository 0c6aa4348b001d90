/** The page of the audit log, a page at a time. */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { tools } from '../../../../contracts/packs/index.ts';
import { routes } from '../../../../contracts/routes.ts';
import type { AuditRecord } from '../../audit/record.ts';
import { ownParts } from '../../operations/sight.ts';
import { withoutPlace } from '../../packs/core/shown-records.ts';
import { auditPage } from '../../web/index.ts';
import { hrefWith } from '../../web/links.ts';
import { mostExported, mostInWorkbook } from './audit-export.ts';
import { parseAuditQuery, recordsFor } from './audit-view.ts';
import type { PageParts } from './parts.ts';
import { actorOf, forPeople, type Visitor } from './visitor.ts';

const pageSize = 50;
const Cursor = z.object({ cursor: z.string().min(1).max(2000).optional() });

const namesOf = async ({ people }: PageParts, records: readonly AuditRecord[]): Promise<Map<string, string>> => {
  const ids = [...new Set(records.map(({ userId }) => userId))];
  const found = await Promise.all(ids.map((id) => people.find(id)));
  return new Map(found.flatMap((person) => (person === undefined ? [] : [[person.personId, person.name]])));
};

const toolsFor = ({ operations }: PageParts, { scopes }: Visitor): string[] =>
  [...new Set(operations.sight.toolsShown(scopes) ?? [...Object.keys(tools), ...ownParts])].toSorted();

export const addAuditPage = (scope: FastifyInstance, parts: PageParts): void => {
  scope.get(
    routes.audit.path,
    forPeople(parts, async (visitor, request) => {
      const query = parseAuditQuery(request.query);
      const { cursor } = Cursor.parse(request.query);
      const { filter, words } = await recordsFor(parts, visitor, query);
      const found = await parts.audit.query({ ...filter, limit: pageSize, ...(cursor !== undefined && { cursor }) });
      return auditPage({
        ...visitor.frame,
        query,
        records: found.items.map((record) => withoutPlace(record, visitor, visitor.person.personId)),
        names: await namesOf(parts, found.items),
        accountNames: await parts.access.namesOf(
          actorOf(visitor),
          found.items.flatMap(({ accountId }) => accountId ?? []),
        ),
        admin: visitor.scopes.has('admin'),
        tools: toolsFor(parts, visitor),
        shown: words,
        later: cursor !== undefined,
        older: found.cursor === undefined ? undefined : hrefWith(routes.audit.path, { ...query, cursor: found.cursor }),
        newest: hrefWith(routes.audit.path, { ...query }),
        mostExported,
        mostInWorkbook,
      });
    }),
  );
};
