/** An approval is used once, and what somebody wrote over the record of an operation is never carried out or signed anew. */
import type { CallContext } from '../call.ts';
import type { ErrorCode } from '../errors.ts';
import { unleased } from './claims.ts';
import type { Operation } from './operation.ts';
import { eventOf, move, type PipelineParts } from './parts.ts';

type Cause = Pick<CallContext, 'origin'>;

/** Records that are looked through. The snapshot tells of an older apply. */
const RECORDS = 100;

/** Whether this very plan was begun to be applied before. */
export const isSpent = async (parts: PipelineParts, operation: Operation): Promise<boolean> => {
  const { operationId, approvalHash } = operation;
  if (await parts.store.hasSnapshot(operationId)) return true;
  const { items } = await parts.audit.query({ operationId, limit: RECORDS });
  return items.some(
    ({ action, result, summary }) =>
      action === 'write' && result === 'started' && Object(summary).approvalHash === approvalHash,
  );
};

interface Why {
  readonly errorCode: ErrorCode;
  readonly note: string;
}
export const SPENT: Why = {
  errorCode: 'already_decided',
  note: 'It was applied before, and its record was altered since. Nothing was written again.',
};
export const SPOILT: Why = {
  errorCode: 'arguments_changed',
  note: 'The stored operation no longer matches what was planned. Nothing was written. Ask for the change again.',
};
export const LEFT_BEHIND: Why = {
  errorCode: 'arguments_changed',
  note: 'It was interrupted while an earlier version of the service applied it. Look at the resources, and ask for the rest.',
};
export const NOT_RETURNED: Why = {
  errorCode: 'credentials_required',
  note: 'It was interrupted while it was applied, and its requester did not come back in time to go on with it. What was written until then is not known: look at the resources.',
};

/** Ends an operation that must not be carried out. */
export const refuse = async (
  parts: PipelineParts,
  operation: Operation,
  why: Why,
  context: Cause,
): Promise<Operation> => {
  const { note } = why;
  const event = blocked(operation, why, context);
  if (operation.status === 'planned') return move(parts, operation, 'failed', { note }, event);
  const planned = await move(parts, unleased(operation), 'planned', { note, approvals: [] }, event);
  return move(parts, planned, 'failed', { note });
};

/** Ends one that was applied before: where its snapshot is left, as what it was. */
export const refuseSpent = async (parts: PipelineParts, operation: Operation, context: Cause): Promise<Operation> => {
  const snapshot = await parts.store.snapshot(operation.operationId);
  if (snapshot === undefined || snapshot.rolledBackAt !== undefined) return refuse(parts, operation, SPENT, context);
  const outcomes = operation.plan.changes.map(({ resourceId }) =>
    Object.hasOwn(snapshot.current, resourceId)
      ? ({ resourceId, outcome: 'applied' } as const)
      : ({ resourceId, outcome: 'failed', code: 'unknown' } as const),
  );
  const applied = outcomes.filter(({ outcome }) => outcome === 'applied').length;
  const result = { outcomes, applied, failed: outcomes.length - applied, skipped: 0, appliedAt: snapshot.takenAt };
  const status = applied === outcomes.length ? 'applied' : 'partially-applied';
  const event = blocked(operation, SPENT, context);
  return move(parts, unleased(operation), status, { result, note: SPENT.note }, event);
};

const blocked = (operation: Operation, { errorCode, note }: Why, context: Cause) =>
  eventOf(
    operation,
    operation.requester,
    { action: 'write', result: 'blocked', errorCode, errorMessage: note },
    context,
  );
