/** Undoing what was applied is a change like any other: planned, countersigned, applied, audited. */
import { randomUUID } from 'node:crypto';
import type { CallContext } from '../call.ts';
import { withAuthority } from '../call-authority.ts';
import { canonicalJson } from '../canonical.ts';
import { CountersignError } from '../errors.ts';
import { turnedRound } from '../measures/impact.ts';
import type { ChangeSteps } from './change.ts';
import { expire } from './expire.ts';
import { type Operation, type Status, transitions, waiting } from './operation.ts';
import { type PipelineParts, stepsOf } from './parts.ts';
import type { Plan, ResourceChange, State } from './plan.ts';
import { openSeen } from './seen.ts';
import { SNAPSHOT_DAYS, type Snapshot } from './store.ts';
import { keep, type OperationDraft } from './submit.ts';
import { checkDepth } from './undone.ts';

/** What of an operation is taken back, and why. */
export interface RevertRequest {
  readonly operationId: string;
  /** Why, in the words of whoever asks. */
  readonly reason?: string | undefined;
  /** Some of its resources. Default: all that were applied and were not taken back yet. */
  readonly only?: readonly string[] | undefined;
}

/**
 * Plans the revert of an applied operation, or of chosen resources of it, from its snapshot.
 * @throws invalid_input for a chosen resource that it did not change; not_reversible, state_changed when a resource no longer is as the operation left it, or conflict naming the
 * revert that is open already
 */
export const planRevert = async (
  parts: PipelineParts,
  request: RevertRequest,
  context: CallContext,
): Promise<Operation> => {
  const { operationId } = request;
  const original = await openSeen(parts.store, parts.sight, context.caller).get(operationId);
  if (original === undefined)
    throw new CountersignError('not_found', `operation_id: there is no operation ${operationId}.`);
  const steps = stepsOf(parts, original);
  const scope = parts.sight.scopeOf(original, 'write');
  if (scope !== undefined && !context.caller.scopes.has(scope))
    throw new CountersignError('access_denied', `Rolling back this operation needs the scope ${scope}.`);
  const { caller, origin } = context;
  return withAuthority({ person: caller, tool: original.tool, origin }, (authority) =>
    planInverse(parts, steps, original, request, { ...context, authority }),
  );
};

/** As who asks for the revert, with credentials of theirs. */
const planInverse = async (
  parts: PipelineParts,
  steps: ChangeSteps,
  original: Operation,
  { reason, only }: RevertRequest,
  context: CallContext,
): Promise<Operation> => {
  const { operationId } = original;
  const appliedAt = original.result?.appliedAt ?? original.updatedAt;
  const snapshot = await snapshotOf(parts, original);
  await checkDepth(parts, original);
  const applied = chosen(original, snapshot, only);
  await parts.accounts.allowPlan(context.caller, steps.name, applied);
  const { open, moved } = sort(applied, snapshot, await steps.read(applied, context));
  if (moved.length > 0)
    throw new CountersignError(
      'state_changed',
      `${moved.length} of ${applied.length} resources changed after ${operationId} was applied, so reverting it would undo somebody else's change. Change them with a new request instead.`,
      {
        details: {
          resources: moved.slice(0, MOST_NAMED).map(({ resourceId }) => resourceId),
          ...(await driftSince(steps, moved, appliedAt, context)),
        },
      },
    );
  if (open.length === 0)
    throw new CountersignError('not_reversible', 'Every resource already is as it was before this operation.');
  await refuseSecond(parts, original);
  const inverse = open.map((change) => invert(steps.revert(change), change));
  const { countersign, ...judged } = (await steps.judge?.(inverse, context, { appliedAt })) ?? {
    impact: original.plan.impact.map(turnedRound),
    warnings: [],
  };
  const draft = {
    operationId: `op_${randomUUID().replaceAll('-', '')}`,
    tool: original.tool,
    arguments: { operation_id: operationId, ...(only !== undefined && { resource_ids: [...only] }) },
    plan: revertPlan(original, inverse, {
      cost: steps.cost?.(inverse) ?? original.plan.cost,
      ...judged,
    }),
    countersign: [original.countersign, countersign].includes('second-person') ? 'second-person' : 'same-person',
    reverts: operationId,
    reason,
    idempotencyKey: undefined,
    context,
  } as const;
  return keepOnly(parts, steps, original, draft);
};

/** The changes to take back: those that were asked for, or all that were applied and are not taken back yet. */
const chosen = (
  { operationId, plan, takenBack = [] }: Operation,
  { current }: Snapshot,
  only: readonly string[] | undefined,
): ResourceChange[] => {
  const applied = plan.changes.filter(({ resourceId }) => Object.hasOwn(current, resourceId));
  if (only === undefined) return applied.filter(({ resourceId }) => !takenBack.includes(resourceId));
  const strange = only.filter((id) => !applied.some(({ resourceId }) => resourceId === id));
  if (strange.length === 0) return applied.filter(({ resourceId }) => only.includes(resourceId));
  throw new CountersignError(
    'invalid_input',
    `resource_ids: operation ${operationId} changed no ${strange.slice(0, MOST_STRANGE).join(', ')}. Take resource_id of its changes.`,
    { details: { resources: strange.slice(0, MOST_NAMED) } },
  );
};

/** Ids that a refusal quotes in its sentence. */
const MOST_STRANGE = 3;

/** Resources and changes that a refusal names. */
const MOST_NAMED = 50;

/** Who changed them, where the upstream tells. That it does not answer must not hide the refusal. */
const driftSince = async (
  steps: ChangeSteps,
  moved: readonly ResourceChange[],
  since: string,
  context: CallContext,
): Promise<{ readonly drift?: readonly unknown[] }> => {
  if (steps.drift === undefined) return {};
  try {
    return { drift: (await steps.drift(moved, since, context)).slice(0, MOST_NAMED) };
  } catch (error) {
    context.log.warn({ err: error, tool: steps.name }, 'who changed the resources is not told');
    return {};
  }
};

/** Keeps the revert if the operation still is as it was read: of several at once one is kept. */
const keepOnly = async (
  parts: PipelineParts,
  steps: ChangeSteps,
  original: Operation,
  draft: OperationDraft,
): Promise<Operation> => {
  const named = { ...original, latestRevert: draft.operationId, version: original.version + 1 };
  try {
    return (await keep(parts, steps, draft, parts.store.replacing(named, original.version))).operation;
  } catch (error) {
    const now =
      error instanceof CountersignError && error.code === 'conflict'
        ? await parts.store.get(original.operationId)
        : undefined;
    if (now) await refuseSecond(parts, now);
    throw error;
  }
};

/** Statuses from which an operation can no longer come to be applied for the first time. */
const isOver = (status: Status): boolean => {
  const next: readonly Status[] = transitions[status];
  return next.length === 0 || next.includes('reverted') || status === 'reverted';
};

/** At most one revert of an operation is open. @throws conflict that names it */
const refuseSecond = async (parts: PipelineParts, { operationId, latestRevert }: Operation): Promise<void> => {
  const open = latestRevert === undefined ? undefined : await parts.store.get(latestRevert);
  if (open === undefined || isOver(open.status)) return;
  const unanswered =
    waiting.some((status) => status === open.status) && Date.parse(open.expiresAt) <= parts.now().getTime();
  if (unanswered) {
    await expire(parts, open);
    return;
  }
  throw new CountersignError(
    'conflict',
    `Operation ${operationId} is being reverted by ${open.operationId} already, which is ${open.status}. Decide or withdraw that one.`,
    { details: { operation_id: open.operationId, status: open.status } },
  );
};

const snapshotOf = async (parts: PipelineParts, original: Operation): Promise<Snapshot> => {
  const refuse = (why: string): never => {
    throw new CountersignError('not_reversible', `Operation ${original.operationId} cannot be reverted: ${why}`);
  };
  if (original.status === 'reverted')
    return refuse(`${original.revertedBy ?? 'another operation'} reverted it already.`);
  if (original.status !== 'applied' && original.status !== 'partially-applied')
    return refuse(`it is ${original.status}; only what was applied can be undone.`);
  if (!original.plan.reversible.possible) return refuse(original.plan.reversible.reason);
  const snapshot = await parts.store.snapshot(original.operationId);
  return snapshot ?? refuse(`its snapshot is gone; snapshots are kept ${SNAPSHOT_DAYS} days.`);
};

const equal = (a: State | undefined, b: State | undefined): boolean =>
  canonicalJson(a ?? null) === canonicalJson(b ?? null);

/** Resources still as the operation left them, and those somebody moved. Already restored ones are neither. */
const sort = (
  changes: readonly ResourceChange[],
  snapshot: Snapshot,
  now: ReadonlyMap<string, State>,
): { open: ResourceChange[]; moved: ResourceChange[] } => {
  const open: ResourceChange[] = [];
  const moved: ResourceChange[] = [];
  for (const change of changes) {
    const state = now.get(change.resourceId);
    const before = snapshot.previous[change.resourceId];
    const after = snapshot.current[change.resourceId];
    if (before === undefined || after === undefined || equal(state, before)) continue;
    if (equal(state, after)) open.push({ ...change, before, after });
    else moved.push(change);
  }
  return { open, moved };
};

const invert = (
  inverse: ResourceChange | { readonly irreversible: string },
  change: ResourceChange,
): ResourceChange => {
  if ('irreversible' in inverse)
    throw new CountersignError('not_reversible', `${change.label} cannot be reverted: ${inverse.irreversible}`);
  // What was set because it was missing is taken back whatever is missing by then.
  const { onlyIfMissing: _only, ...undone } = inverse;
  return undone;
};

/** What is taken back, in the words it was asked for in: an id says nothing to whoever approves. */
const titleOf = ({ plan }: Operation, changes: readonly ResourceChange[]): string =>
  changes.length === plan.changes.length
    ? `Take back: ${plan.summary}`
    : `Take back on ${changes.length} of ${plan.changes.length} resources: ${plan.summary}`;

const revertPlan = (
  original: Operation,
  changes: ResourceChange[],
  { cost, impact, warnings, typed, financialImpact, financialReport }: Omit<Plan, 'summary' | 'changes' | 'reversible'>,
): Plan => ({
  summary: titleOf(original, changes),
  changes,
  impact,
  warnings: [
    ...(original.status === 'partially-applied'
      ? ['The operation was applied in part; only what was applied is undone.']
      : []),
    ...warnings,
  ],
  reversible: { possible: true },
  cost,
  ...(typed && { typed }),
  ...(financialImpact && { financialImpact }),
  ...(financialReport && { financialReport }),
});
