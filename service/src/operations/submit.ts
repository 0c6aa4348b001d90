/** From arguments to an operation that waits for somebody. */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Together } from '../audit/port.ts';
import type { AuditEvent } from '../audit/record.ts';
import type { CallContext } from '../call.ts';
import { canonicalJson, digest } from '../canonical.ts';
import { CountersignError, type ErrorCode } from '../errors.ts';
import type { ChangeSteps } from './change.ts';
import { unleased } from './claims.ts';
import { beforeDigest } from './hash.ts';
import { type Countersign, type Operation, otherVersion, principalOf, type Status } from './operation.ts';
import { eventOf, move, type PipelineParts, stepsOf } from './parts.ts';
import type { Plan } from './plan.ts';
import { refuse, SPOILT } from './spent.ts';
import { allOf } from './store.ts';
import { refuseOver, takePlace } from './waiting.ts';

export interface Submission {
  /** Validated arguments. */
  readonly input: Record<string, unknown>;
  /** Why, in the requester's words. */
  readonly reason?: string | undefined;
  /** A key of the requester's: the same key with the same arguments is the same operation. */
  readonly idempotencyKey?: string | undefined;
  /** Its id, and those of the request it is a part of. */
  readonly partOf?: { readonly operationId: string; readonly batch: readonly string[] } | undefined;
  /** Looks at the plan before it is kept: what it finds makes more people agree, and never fewer. */
  readonly review?: ((plan: Plan) => Promise<PlanReview | undefined>) | undefined;
}

/** What a reviewer says of a plan. */
export interface PlanReview {
  /** A second person has to agree, whatever the tool says. */
  readonly forSecondPerson: boolean;
  /** For whoever agrees. */
  readonly warnings: readonly string[];
  /** For the audit record of the plan. */
  readonly summary: { readonly risk: string; readonly confidence: number; readonly by: string };
}

/** The one of the two that asks more. */
const stricter = (one: Countersign, other: Countersign): Countersign =>
  (['second-person', 'same-person'] as const).find((each) => one === each || other === each) ?? 'none';

const JsonObject = z.record(z.string(), z.json());
const canonicalArguments = (input: Record<string, unknown>) => JsonObject.parse(JSON.parse(canonicalJson(input)));

/** Where an operation waits, by who must agree. */
export const waitsAt = (countersign: Countersign): Status =>
  ({ none: 'approved', 'same-person': 'awaiting-confirmation', 'second-person': 'awaiting-countersign' })[
    countersign
  ] as Status;

/** Seconds an operation waits for an answer. */
export const secondsToWait = (parts: PipelineParts, countersign: Countersign): number =>
  countersign === 'same-person' ? parts.settings.confirmSeconds : parts.settings.approvalHours * 3600;

const expiry = (parts: PipelineParts, countersign: Countersign): string =>
  new Date(parts.now().getTime() + secondsToWait(parts, countersign) * 1000).toISOString();

/** An id that repeats for the same person, tool and key, so that a retry meets its first try in one conditional write. */
const idFor = (personId: string, tool: string, key: string | undefined): string =>
  `op_${key === undefined ? randomUUID().replaceAll('-', '') : digest([personId, tool, key]).slice(0, 32)}`;

const withinLimits = (parts: PipelineParts, plan: Plan): void => {
  const { maxChanges } = parts.settings;
  if (plan.changes.length === 0)
    throw new CountersignError('invalid_input', 'Nothing would change: every resource already is as asked for.');
  if (plan.changes.length > maxChanges)
    throw new CountersignError(
      'safety_limit_exceeded',
      `The plan changes ${plan.changes.length} resources; one operation may change ${maxChanges}. Split it.`,
    );
};

/** What a fresh plan puts into an operation, but for its hash, which is over the whole of it. */
const planned = async (
  steps: ChangeSteps,
  plan: Plan,
): Promise<Pick<Operation, 'plan' | 'beforeDigest' | 'policyVersion'>> => ({
  plan,
  beforeDigest: beforeDigest(plan.changes),
  policyVersion: await steps.policyVersion(),
});

export interface Kept {
  readonly operation: Operation;
  /** False where it had been asked for before, with the same key. */
  readonly isNew: boolean;
}

/** Plans a change and keeps it. Nothing upstream is written. */
export const submit = async (
  parts: PipelineParts,
  steps: ChangeSteps,
  submission: Submission,
  context: CallContext,
): Promise<Kept> => {
  const { caller } = context;
  const args = canonicalArguments(submission.input);
  const operationId = submission.partOf?.operationId ?? idFor(caller.personId, steps.name, submission.idempotencyKey);
  const known = submission.idempotencyKey === undefined ? undefined : await parts.store.get(operationId);
  if (known) return { operation: sameOrConflict(known, args), isNew: false };
  await refuseOver(parts, caller, 1);
  const plan = await steps.plan(submission.input, context);
  await parts.accounts.allowPlan(caller, steps.name, plan.changes);
  const review = await submission.review?.(plan);
  const countersign = steps.countersign(submission.input, plan);
  return keep(parts, steps, {
    operationId,
    tool: steps.name,
    arguments: args,
    reason: submission.reason,
    idempotencyKey: submission.idempotencyKey,
    plan: review === undefined ? plan : { ...plan, warnings: [...review.warnings, ...plan.warnings] },
    countersign: review?.forSecondPerson ? 'second-person' : countersign,
    review: review?.summary,
    ...(submission.partOf && { batch: [...submission.partOf.batch] }),
    context,
  });
};

/** A part of a request that led to no operation, by its place from 1. */
export interface RefusedPart {
  readonly part: number;
  readonly code: ErrorCode;
  readonly message: string;
}

export interface KeptParts {
  readonly kept: readonly Kept[];
  readonly refused: readonly RefusedPart[];
}

/**
 * Plans a change in as many operations as it takes, one after the other. A part that is refused stops no other, and neither does a
 * fault once there is an operation, which must not go untold.
 * @throws what the first part was refused with, where all were
 */
export const submitParts = async (
  parts: PipelineParts,
  steps: ChangeSteps,
  submission: Submission,
  context: CallContext,
): Promise<KeptParts> => {
  const inputs = steps.split?.(submission.input) ?? [];
  if (inputs.length < 2) return { kept: [await submit(parts, steps, submission, context)], refused: [] };
  const { idempotencyKey: key } = submission;
  // The first has the id that the whole request would have in one operation, so that a key used again is noticed.
  const batch = inputs.map((_, at) =>
    idFor(context.caller.personId, steps.name, key === undefined || at === 0 ? key : `${key}#${at}`),
  );
  const kept: Kept[] = [];
  const refused: RefusedPart[] = [];
  let first: CountersignError | undefined;
  for (const [at, input] of inputs.entries())
    try {
      const partOf = { operationId: batch[at] ?? '', batch };
      kept.push(await submit(parts, steps, { ...submission, input, partOf }, context));
    } catch (error) {
      const refusal = refusalOf(error, parts, kept.length > 0);
      first ??= refusal;
      refused.push({ part: at + 1, code: refusal.code, message: refusal.message });
    }
  if (kept.length === 0 && first !== undefined) throw first;
  return { kept, refused };
};

/** @throws a fault, where nobody is to be told of anything else */
const refusalOf = (error: unknown, { log }: PipelineParts, isBegun: boolean): CountersignError => {
  if (error instanceof CountersignError) return error;
  if (!isBegun) throw error;
  log.error({ err: error }, 'a part of a request could not be planned');
  return new CountersignError('internal_error', 'It could not be planned. Ask for its resources again.');
};

export interface OperationDraft extends Pick<Operation, 'operationId' | 'tool' | 'arguments' | 'plan' | 'countersign'> {
  readonly reason: string | undefined;
  readonly idempotencyKey: string | undefined;
  readonly reverts?: string;
  readonly batch?: string[];
  readonly review?: PlanReview['summary'] | undefined;
  readonly context: CallContext;
}

/**
 * Writes the operation and the audit record of its plan in one transaction: no operation that nobody can trace, and no
 * record of one that does not exist.
 * @param beside what must become true with it
 * @throws conflict when that does not hold
 */
export const keep = async (
  parts: PipelineParts,
  steps: ChangeSteps,
  draft: OperationDraft,
  ...beside: readonly Together[]
): Promise<Kept> => {
  withinLimits(parts, draft.plan);
  const { context, reason, idempotencyKey, review, ...known } = draft;
  const requester = { ...principalOf(context.caller), clientId: context.caller.clientId };
  const now = parts.now().toISOString();
  const unhashed = {
    ...known,
    ...(await planned(steps, draft.plan)),
    version: 1,
    status: waitsAt(draft.countersign),
    requester,
    ...(reason === undefined ? {} : { reason }),
    ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
    createdAt: now,
    updatedAt: now,
    expiresAt: expiry(parts, draft.countersign),
    correlationId: context.origin.correlationId,
    approveScope: steps.approveScope,
    approvals: [],
  };
  const operation: Operation = { ...unhashed, approvalHash: parts.hashes.of(unhashed) };
  const event = {
    action: 'plan',
    result: 'success',
    parameters: operation.arguments,
    summary: { ...planSummary(operation), ...(review && { review }) },
    ...moneyOf(operation),
  } as const;
  const recorded = eventOf(operation, requester, event, context);
  await takePlace(parts, operation);
  const together = allOf(parts.store.inserting(operation), parts.outbox.of(undefined, operation), ...beside);
  if ((await parts.audit.appendWith(recorded, together)) === undefined) {
    const first = await parts.store.get(operation.operationId);
    if (first) return { operation: sameOrConflict(first, operation.arguments), isNew: false };
    await parts.store.dropWaiting(operation);
    throw new CountersignError('conflict', 'The operation could not be kept. Ask again.');
  }
  parts.outbox.wake();
  parts.metrics.count('OperationTransitions', { Status: operation.status });
  return { operation, isNew: true };
};

/** What its plan means in money, for a record. */
export const moneyOf = ({ plan: { financialImpact } }: Pick<Operation, 'plan'>) =>
  financialImpact === undefined ? {} : { financialImpact };

const planSummary = ({ plan, countersign, status }: Operation) => ({
  changes: plan.changes.length,
  countersign,
  status,
});

const sameOrConflict = (known: Operation, args: Operation['arguments']): Operation => {
  if (canonicalJson(known.arguments) === canonicalJson(args)) return known;
  throw new CountersignError('conflict', 'idempotency_key: was used before with other arguments. Use a new key.');
};

/**
 * Plans again what could not be applied as it was planned, and puts it back in front of the people who must agree.
 * Earlier approvals are void: they were for another plan.
 */
export const replan = async (
  parts: PipelineParts,
  operation: Operation,
  because: string,
  context: CallContext,
): Promise<Operation> => {
  // Never signs what it cannot check.
  const integrity = parts.hashes.integrity(operation);
  if (integrity === 'newer' || integrity === 'older') throw otherVersion(operation.operationId, integrity);
  if (integrity === 'changed') return refuse(parts, operation, SPOILT, context);
  const waitingAgain =
    operation.status === 'planned'
      ? operation
      : await move(parts, unleased(operation), 'planned', { note: because, approvals: [] });
  const record = (event: Pick<AuditEvent, 'action' | 'result'> & Partial<AuditEvent>) =>
    eventOf(operation, operation.requester, event, context);
  const fail = (action: 'plan' | 'revert', note: string, code: ErrorCode = 'state_changed') => {
    const result = code === 'account_not_authorized' ? 'blocked' : 'failure';
    const event = record({ action, result, errorCode: code, errorMessage: note });
    return move(parts, waitingAgain, 'failed', { note }, event);
  };
  if (waitingAgain.reverts !== undefined) return fail('revert', `${because} Ask for the revert again.`);
  const steps = stepsOf(parts, operation);
  let next: Operation;
  try {
    const allowed = (changes: Plan['changes']) => parts.accounts.allowPlan(operation.requester, steps.name, changes);
    await allowed(waitingAgain.plan.changes);
    const plan = await steps.plan(waitingAgain.arguments, context);
    await allowed(plan.changes);
    withinLimits(parts, plan);
    // Never less than was asked for: a reviewer may have asked for more than the tool does.
    const countersign = stricter(waitingAgain.countersign, steps.countersign(waitingAgain.arguments, plan));
    const made = { countersign, expiresAt: expiry(parts, countersign), ...(await planned(steps, plan)) };
    next = { ...waitingAgain, ...made, approveScope: steps.approveScope };
    next = { ...next, approvalHash: parts.hashes.of(next) };
  } catch (error) {
    if (!(error instanceof CountersignError) || passing.has(error.code)) throw error;
    const code = error.code === 'account_not_authorized' ? error.code : undefined;
    return fail('plan', `${because} It cannot be planned again: ${error.message}`, code);
  }
  const status = waitsAt(next.countersign === 'none' ? 'second-person' : next.countersign);
  const summary = { ...planSummary({ ...next, status }), because };
  const event = record({
    action: 'plan',
    result: 'success',
    parameters: waitingAgain.arguments,
    summary,
    ...moneyOf(next),
  });
  return move(parts, waitingAgain, status, next, event);
};

/** Errors that may be over in a moment; upkeep plans again. */
const passing: ReadonlySet<ErrorCode> = new Set([
  'store_unavailable',
  'conflict',
  'throttled',
  'upstream_error',
  'timeout',
  'cancelled',
  // Its requester may connect again, or come with a credential.
  'credentials_required',
]);
