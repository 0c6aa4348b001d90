/** Undoing what was applied is a change like any other: planned, countersigned, applied, audited. */
import { randomUUID } from 'node:crypto';
import type { CallContext } from '../call.ts';
import { canonicalJson } from '../canonical.ts';
import { CountersignError } from '../errors.ts';
import type { Operation } from './operation.ts';
import { move, type PipelineParts, stepsOf } from './parts.ts';
import type { Plan, ResourceChange, State } from './plan.ts';
import { SNAPSHOT_DAYS, type Snapshot } from './store.ts';
import { keep } from './submit.ts';

/**
 * Plans the revert of an applied operation from its snapshot.
 * @throws not_reversible, or state_changed when a resource no longer is as the operation left it
 */
export const planRevert = async (
  parts: PipelineParts,
  operationId: string,
  reason: string | undefined,
  context: CallContext,
): Promise<Operation> => {
  const original = await parts.store.get(operationId);
  if (original === undefined)
    throw new CountersignError('not_found', `operation_id: there is no operation ${operationId}.`);
  const steps = stepsOf(parts, original);
  const snapshot = await snapshotOf(parts, original);
  const applied = original.plan.changes.filter((change) => Object.hasOwn(snapshot.current, change.resourceId));
  const { open, moved } = sort(applied, snapshot, await steps.read(applied, context));
  if (moved.length > 0)
    throw new CountersignError(
      'state_changed',
      `${moved.length} of ${applied.length} resources changed after ${operationId} was applied, so reverting it would undo somebody else's change. Change them with a new request instead.`,
      { details: { resources: moved.slice(0, 50) } },
    );
  if (open.length === 0) {
    await move(parts, original, 'reverted', { note: 'Every resource already is as it was before.' });
    throw new CountersignError('not_reversible', 'Every resource already is as it was before this operation.');
  }
  const inverse = open.map((change) => invert(steps.revert(change), change));
  return keep(parts, steps, {
    operationId: `op_${randomUUID().replaceAll('-', '')}`,
    tool: original.tool,
    arguments: { operation_id: operationId },
    plan: revertPlan(original, inverse),
    countersign: original.countersign === 'none' ? 'same-person' : original.countersign,
    reverts: operationId,
    reason,
    idempotencyKey: undefined,
    context,
  });
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
): { open: ResourceChange[]; moved: string[] } => {
  const open: ResourceChange[] = [];
  const moved: string[] = [];
  for (const change of changes) {
    const state = now.get(change.resourceId);
    const before = snapshot.previous[change.resourceId];
    const after = snapshot.current[change.resourceId];
    if (before === undefined || after === undefined || equal(state, before)) continue;
    if (equal(state, after)) open.push({ ...change, before, after });
    else moved.push(change.resourceId);
  }
  return { open, moved };
};

const invert = (
  inverse: ResourceChange | { readonly irreversible: string },
  change: ResourceChange,
): ResourceChange => {
  if ('irreversible' in inverse)
    throw new CountersignError('not_reversible', `${change.label} cannot be reverted: ${inverse.irreversible}`);
  return inverse;
};

const revertPlan = (original: Operation, changes: ResourceChange[]): Plan => ({
  summary: `Revert ${original.operationId}: restore ${changes.length} ${changes.length === 1 ? 'resource' : 'resources'} to the state before it.`,
  changes,
  impact: original.plan.impact.map(({ label, unit, before, after }) => ({ label, unit, before: after, after: before })),
  warnings:
    original.status === 'partially-applied'
      ? ['The operation was applied in part; only what was applied is undone.']
      : [],
  reversible: { possible: true },
  cost: original.plan.cost,
});
