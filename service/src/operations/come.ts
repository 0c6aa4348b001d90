/** The requester comes to carry out what was agreed to, where nobody else can: confirm_operation, which then decides nothing. */
import type { CallContext } from '../call.ts';
import { CountersignError } from '../errors.ts';
import type { Origin } from '../origin.ts';
import { actingFor } from './acting.ts';
import {
  agreesToThis,
  type Check,
  type DecisionRequest,
  holdsTheScope,
  notExpired,
  ofThisVersion,
  onlyTheRequester,
  type Refusal,
  recordIsWhole,
  servedHere,
} from './checks.ts';
import { isHeld } from './lease.ts';
import type { Operation, Status } from './operation.ts';
import { eventOf, type PipelineParts } from './parts.ts';
import { replan } from './submit.ts';

/** Statuses from which an operation goes on without another decision. */
const agreedTo: ReadonlySet<Status> = new Set<Status>(['planned', 'approved', 'applying']);

const needed = ({ inPerson }: PipelineParts, { tool }: Pick<Operation, 'tool'>): boolean =>
  inPerson?.needed(tool) === true;

/** Whether it was agreed to and is for its requester to carry out, whoever is at it now. */
export const isForRequester = (parts: PipelineParts, operation: Operation): boolean =>
  needed(parts, operation) && agreedTo.has(operation.status);

/** Whether nothing happens to it until its requester comes. */
export const waitsForRequester = (parts: PipelineParts, operation: Operation): boolean =>
  isForRequester(parts, operation) && !isHeld(parts, operation.lease);

/** Whether a request may carry it out, as far as credentials go. */
export const mayCarryOut = (parts: PipelineParts, operation: Operation, origin: Origin): boolean =>
  !needed(parts, operation) || parts.inPerson?.isHere(operation, origin) === true;

const howToGoOn = ({ status, expiresAt, lease }: Operation): string => {
  if (status === 'planned') return 'It has to be planned anew: call confirm_operation again.';
  if (status === 'applying' && lease !== undefined)
    return `It was interrupted while it was applied, and what was written until then is not known. Call confirm_operation again after ${lease.until}.`;
  return `It stays agreed to until ${expiresAt}: call confirm_operation again.`;
};

/**
 * What its requester is told whose credential the upstream refused while it was carried out. Undefined where others can carry
 * it out too.
 */
export const toComeAgain = (
  parts: PipelineParts,
  operation: Operation,
  refused: CountersignError,
): CountersignError | undefined => {
  const { operationId, status } = operation;
  if (!isForRequester(parts, operation)) return undefined;
  return new CountersignError(refused.code, `${refused.message} ${howToGoOn(operation)}`, {
    details: { ...refused.details, operation_id: operationId, status },
  });
};

const notUnderWay =
  (parts: PipelineParts): Check =>
  ({ operation }) =>
    isHeld(parts, operation.lease)
      ? {
          code: 'conflict',
          message: `Operation ${operation.operationId} is being applied already. Look at it again; if it was interrupted, call confirm_operation after ${operation.lease?.until}.`,
        }
      : undefined;

/** What was begun is gone on with, also when the time to begin it is over. */
const notOver: Check = (request) => (request.operation.status === 'applying' ? undefined : notExpired(request));

const bringsCredential =
  ({ inPerson }: PipelineParts, origin: Origin): Check =>
  ({ operation }) =>
    inPerson === undefined || inPerson.isHere(operation, origin)
      ? undefined
      : { code: 'credentials_required', message: inPerson.wanted(operation.tool) };

/** Why this person's request cannot carry it out. */
const refusalToCarry = (parts: PipelineParts, request: DecisionRequest, origin: Origin): Refusal | undefined => {
  for (const check of [
    ofThisVersion,
    notOver,
    servedHere,
    onlyTheRequester,
    holdsTheScope,
    recordIsWhole,
    agreesToThis,
    notUnderWay(parts),
    bringsCredential(parts, origin),
  ]) {
    const refusal = check(request);
    if (refusal) return refusal;
  }
  return undefined;
};

/**
 * Lets the requester carry out what was agreed to, or plan it anew where that was interrupted. Nothing is decided by it.
 * @returns the operation to apply, or as it was planned anew
 * @throws the refusal, which is audited
 */
export const comeToCarryOut = async (
  parts: PipelineParts,
  request: DecisionRequest,
  by: { readonly personId: string; readonly clientId?: string },
  context: CallContext,
): Promise<Operation> => {
  const { operation } = request;
  const refusal = refusalToCarry(parts, request, context.origin);
  if (refusal !== undefined) {
    const { code, message } = refusal;
    const blocked = { action: 'confirm', result: 'blocked', errorCode: code, errorMessage: message } as const;
    await parts.audit.append(eventOf(operation, by, blocked, context));
    throw new CountersignError(code, message, {
      recorded: true,
      details: { operation_id: operation.operationId },
    });
  }
  const summary = { carries_out: true, status: operation.status };
  await parts.audit.append(eventOf(operation, by, { action: 'confirm', result: 'started', summary }, context));
  if (operation.status !== 'planned') return operation;
  const because = operation.note ?? 'Planning was interrupted.';
  return actingFor(parts, operation, context.origin, (acting) => replan(parts, operation, because, acting));
};
