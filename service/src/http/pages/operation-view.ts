import type { Operation } from '../../operations/operation.ts';
import { operationPage } from '../../web/index.ts';
import type { ClientProps, OperationProps } from '../../web/props.ts';
import { decisionFor } from './answers.ts';
import type { PageParts } from './parts.ts';
import type { Visitor } from './visitor.ts';

/** Records of one operation that its page shows. */
const mostRecords = 200;

/** A client whose id is an address says who it is by it; looking it up would ask its host, and the page must not wait for that. */
const clientOf = async ({ clients }: PageParts, { requester }: Operation): Promise<ClientProps | undefined> =>
  URL.canParse(requester.clientId) ? undefined : clients?.connected(requester.personId, requester.clientId);

/** The page of an operation as this person may see it now. */
export const operationView = async (
  parts: PageParts,
  operation: Operation,
  visitor: Visitor,
  more: Pick<OperationProps, 'notice' | 'draft' | 'from'> = {},
): Promise<string> => {
  const { operationId } = operation;
  const [{ items }, client] = await Promise.all([
    parts.audit.query({ operationId, limit: mostRecords }),
    clientOf(parts, operation),
  ]);
  return operationPage({
    ...visitor.frame,
    operation,
    ...(client === undefined ? {} : { client }),
    history: items.toReversed(),
    decision: decisionFor(operation, visitor, parts),
    now: parts.now().toISOString(),
    ...more,
  });
};
