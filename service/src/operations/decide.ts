/** A person's answer: confirm, approve or deny. Refusals are audited like answers are. */
import type { Scope } from '../../../contracts/scopes.ts';
import type { CallContext } from '../call.ts';
import { CountersignError } from '../errors.ts';
import { apply } from './apply.ts';
import { type Refusal, refusalOf } from './checks.ts';
import type { Approval, Operation, Status } from './operation.ts';
import { eventOf, move, type PipelineParts, stepsOf } from './parts.ts';
import { replan } from './submit.ts';

export interface DecisionInput {
  readonly operationId: string;
  readonly decision: Approval['decision'];
  readonly comment?: string | undefined;
  readonly via: Approval['via'];
  /** The approval hash that was shown with the plan. The page must send it. */
  readonly approvalHash?: string | undefined;
}

/** Who decides: a caller over MCP or REST, a signed-in person on the page. */
export interface Decider {
  readonly personId: string;
  readonly name: string;
  readonly email: string;
  readonly clientId?: string;
  readonly scopes: ReadonlySet<Scope>;
}

/**
 * Takes a decision and, when it is a yes, applies the operation at once.
 * @throws not_found, or the code of the check that refused it
 */
export const decide = async (
  parts: PipelineParts,
  input: DecisionInput,
  by: Decider,
  context: CallContext,
): Promise<Operation> => {
  const operation = await parts.store.get(input.operationId);
  if (operation === undefined)
    throw new CountersignError('not_found', `operation_id: there is no operation ${input.operationId}.`);
  const steps = stepsOf(parts, operation);
  const refusal = refusalOf({
    operation,
    decision: input.decision,
    by,
    via: input.via,
    shownHash: input.approvalHash,
    comment: input.comment,
    policyVersion: await steps.policyVersion(),
    now: parts.now(),
    pageOnly: parts.settings.approveOnPageOnly,
  });
  if (refusal) return refuse(parts, operation, input, by, refusal, context);

  const approval: Approval = {
    by: { personId: by.personId, name: by.name, email: by.email },
    decision: input.decision,
    ...(input.comment?.trim() ? { comment: input.comment.trim() } : {}),
    at: parts.now().toISOString(),
    via: input.via,
    approvalHash: operation.approvalHash,
  };
  const summary = { via: input.via, comment: approval.comment ?? null, approvalHash: operation.approvalHash };
  await parts.audit.append(
    eventOf(operation, by, { action: input.decision, result: 'success', summary }, context.correlationId),
  );
  const to: Status = input.decision === 'deny' ? 'denied' : 'approved';
  const note = input.decision === 'deny' && approval.comment !== undefined ? { note: approval.comment } : {};
  const decided = await move(parts, operation, to, { approvals: [...operation.approvals, approval], ...note });
  return decided.status === 'approved' ? apply(parts, decided, context) : decided;
};

const refuse = async (
  parts: PipelineParts,
  operation: Operation,
  input: DecisionInput,
  by: Decider,
  refusal: Refusal,
  context: CallContext,
): Promise<never> => {
  await parts.audit.append(
    eventOf(
      operation,
      by,
      { action: input.decision, result: 'blocked', errorCode: refusal.code, errorMessage: refusal.message },
      context.correlationId,
    ),
  );
  if (refusal.code === 'request_expired' && operation.status !== 'expired') await expire(parts, operation);
  if (refusal.code === 'policy_changed') await replan(parts, operation, refusal.message, context);
  if (refusal.code === 'arguments_changed' && input.approvalHash === undefined) await poison(parts, operation, refusal);
  throw new CountersignError(refusal.code, refusal.message, { details: { operation_id: operation.operationId } });
};

/** A record that no longer hashes to what was planned is never offered again. */
const poison = (parts: PipelineParts, operation: Operation, refusal: Refusal): Promise<Operation> =>
  move(parts, operation, 'denied', { note: refusal.message });

/** Ends an operation nobody answered in time. */
export const expire = async (parts: PipelineParts, operation: Operation): Promise<Operation> => {
  const event = { action: 'expire', result: 'success' } as const;
  await parts.audit.append(eventOf(operation, operation.requester, event, operation.correlationId));
  return move(parts, operation, 'expired', { note: `Nobody decided before ${operation.expiresAt}.` });
};
