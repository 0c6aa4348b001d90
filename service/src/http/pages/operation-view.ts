import type { AuditRecord } from '../../audit/record.ts';
import { notServed, type Operation } from '../../operations/operation.ts';
import { withoutPlace } from '../../packs/core/shown-records.ts';
import { operationPage } from '../../web/index.ts';
import type { ClientProps, OperationProps } from '../../web/props.ts';
import { decisionFor, undoOf } from './answers.ts';
import type { PageParts } from './parts.ts';
import { actorOf, type Visitor } from './visitor.ts';

/** Records of one operation that its page shows. */
const mostRecords = 200;

/**
 * The clients people of this operation acted through. One whose id is an address says who it is by it; looking it up
 * would ask its host, and the page must not wait for that.
 */
const clientsOf = async (
  { clients }: PageParts,
  { requester }: Operation,
  history: readonly AuditRecord[],
): Promise<ReadonlyMap<string, ClientProps>> => {
  const owners = new Map(history.map(({ clientId, userId }) => [clientId, userId]));
  owners.set(requester.clientId, requester.personId);
  const found = await Promise.all(
    [...owners].map(([clientId, personId]) =>
      clientId === undefined || URL.canParse(clientId) ? undefined : clients?.connected(personId, clientId),
    ),
  );
  return new Map(found.flatMap((client) => (client === undefined ? [] : [[client.clientId, client]])));
};

/** What a person typed before they had to sign in again, beside the form it was typed into. */
const keptDraft = async (
  { drafts }: PageParts,
  { operationId }: Operation,
  { person }: Visitor,
): Promise<Pick<OperationProps, 'draft' | 'notice'>> => {
  const comment = await drafts.find(person.personId, operationId);
  if (comment === undefined) return {};
  const text = 'Your answer was not sent yet, as your sign-in was too old. Your comment is kept: answer again.';
  return { draft: { comment }, notice: { kind: 'hint', text } };
};

/** Of an operation whose pack is off: what can still become of it. */
const offNotice = ({ operations }: PageParts, operation: Operation): Pick<OperationProps, 'notice'> =>
  operations.sight.scopeOf(operation, 'write') === undefined
    ? { notice: { kind: 'hint', text: notServed(operation.tool).message } }
    : {};

/** The page of an operation as this person may see it now. */
export const operationView = async (
  parts: PageParts,
  operation: Operation,
  visitor: Visitor,
  more: Pick<OperationProps, 'notice' | 'draft' | 'changes' | 'follow'> = {},
): Promise<string> => {
  const { operationId } = operation;
  const decision = decisionFor(operation, visitor, parts);
  const undo = undoOf(operation, visitor, parts);
  const { items } = await parts.audit.query({ operationId, limit: mostRecords });
  return operationPage({
    ...visitor.frame,
    operation,
    clients: await clientsOf(parts, operation, items),
    accountNames: await parts.access.namesOf(
      actorOf(visitor),
      operation.plan.changes.map(({ accountId }) => accountId),
    ),
    history: items.map((record) => withoutPlace(record, visitor, visitor.person.personId)).toReversed(),
    decision,
    ...(undo && { undo }),
    awaitsRequester: parts.operations.awaitsRequester(operation),
    now: parts.now().toISOString(),
    ...offNotice(parts, operation),
    ...(decision.may && more.draft === undefined && (await keptDraft(parts, operation, visitor))),
    ...more,
  });
};
