/** From an approved operation to an applied one: exactly once, and only what was agreed to. */
import type { CallContext } from '../call.ts';
import { canonicalJson } from '../canonical.ts';
import { CountersignError } from '../errors.ts';
import { approvalHash, beforeDigest } from './hash.ts';
import type { Operation, Status } from './operation.ts';
import { eventOf, LEASE_MS, move, type PipelineParts, stepsOf } from './parts.ts';
import type { ChangeOutcome, ResourceChange, State } from './plan.ts';
import { replan } from './submit.ts';

const equal = (a: State | undefined, b: State): boolean => a !== undefined && canonicalJson(a) === canonicalJson(b);
const statesOf = (changes: readonly ResourceChange[], side: 'before' | 'after'): Record<string, State> =>
  Object.fromEntries(changes.map((change) => [change.resourceId, change[side]]));

/** The approvals an operation needs, held against what would be written now. */
const agreed = (operation: Operation): boolean => {
  const hash = approvalHash({ ...operation, beforeDigest: beforeDigest(operation.plan.changes) });
  const decision = operation.countersign === 'second-person' ? 'approve' : 'confirm';
  return operation.countersign === 'none'
    ? hash === operation.approvalHash
    : operation.approvals.some((approval) => approval.decision === decision && approval.approvalHash === hash);
};

/**
 * Applies an approved operation, or goes on with one whose task died. Returns it as it then stands: applied,
 * partially-applied, failed, or waiting again because the state or the policy moved.
 * @throws conflict when another task has it
 */
export const apply = async (parts: PipelineParts, operation: Operation, context: CallContext): Promise<Operation> => {
  const steps = stepsOf(parts, operation);
  const resumed = operation.status === 'applying';
  if (!agreed(operation)) return replan(parts, operation, 'The approval is not for this plan.', context);
  if ((await steps.policyVersion()) !== operation.policyVersion && !resumed)
    return replan(parts, operation, 'The policy changed after this was approved.', context);
  const lease = { owner: parts.settings.instanceId, until: new Date(parts.now().getTime() + LEASE_MS).toISOString() };
  const { changes } = operation.plan;
  // Read before it is begun: while the upstream does not answer it stays approved, to be taken up again or to expire.
  const fresh = resumed ? undefined : await steps.read(changes, context);
  const held = resumed ? await takeOver(parts, operation, lease) : await move(parts, operation, 'applying', { lease });
  const current = fresh ?? (await steps.read(changes, context));
  const moved = changes.filter((change) => !equal(current.get(change.resourceId), change.before));
  if (!resumed && moved.length > 0) {
    const because = `${moved.length} of ${changes.length} resources changed after this was planned.`;
    await parts.audit.append(
      eventOf(
        held,
        held.requester,
        { action: 'write', result: 'blocked', errorCode: 'state_changed' },
        context.correlationId,
      ),
    );
    return replan(parts, held, because, context);
  }
  const before = statesOf(changes, 'before');
  // No audit record, no change: this one must be durable before anything upstream is touched.
  await parts.audit.append(
    eventOf(
      held,
      held.requester,
      { action: 'write', result: 'started', before, after: statesOf(changes, 'after') },
      context.correlationId,
    ),
  );
  const outcomes = await write(parts, held, current, context);
  return finish(parts, held, outcomes, context);
};

/** After a crash the first task may have written some resources: those count as applied, untouched ones are written, others skipped. */
const write = async (
  parts: PipelineParts,
  operation: Operation,
  current: ReadonlyMap<string, State>,
  context: CallContext,
): Promise<ChangeOutcome[]> => {
  const steps = stepsOf(parts, operation);
  const done: ChangeOutcome[] = [];
  const open: ResourceChange[] = [];
  for (const change of operation.plan.changes) {
    const { resourceId } = change;
    const state = current.get(resourceId);
    if (equal(state, change.before)) open.push(change);
    else if (equal(state, change.after)) done.push({ resourceId, outcome: 'applied' });
    else done.push({ resourceId, outcome: 'skipped', code: state === undefined ? 'not_found' : 'state_changed' });
  }
  const written = open.length === 0 ? [] : await steps.apply(open, context);
  return [...done, ...(await verify(parts, operation, open, written, context))];
};

/** Seconds to wait before reading again; tag reads lag behind tag writes on AWS. */
const VERIFY_WAITS = [0, 0.5, 1, 2];

/** Reads back what the tool says it wrote; what does not read back is a failure. */
const verify = async (
  parts: PipelineParts,
  operation: Operation,
  changes: readonly ResourceChange[],
  written: readonly ChangeOutcome[],
  context: CallContext,
): Promise<ChangeOutcome[]> => {
  const outcomes = new Map(written.map((outcome) => [outcome.resourceId, outcome]));
  let unverified = changes.filter((change) => outcomes.get(change.resourceId)?.outcome === 'applied');
  for (const wait of VERIFY_WAITS) {
    if (unverified.length === 0) break;
    await new Promise((resolve) => setTimeout(resolve, wait * 1000));
    const now = await stepsOf(parts, operation).read(unverified, context);
    unverified = unverified.filter((change) => !equal(now.get(change.resourceId), change.after));
  }
  for (const { resourceId } of unverified)
    outcomes.set(resourceId, {
      resourceId,
      outcome: 'failed',
      code: 'verification_failed',
      message: 'Written, but it does not read back as planned.',
    });
  return changes.map(
    ({ resourceId }) => outcomes.get(resourceId) ?? { resourceId, outcome: 'failed', code: 'no_outcome' },
  );
};

const finish = async (
  parts: PipelineParts,
  operation: Operation,
  outcomes: readonly ChangeOutcome[],
  context: CallContext,
): Promise<Operation> => {
  const count = (kind: ChangeOutcome['outcome']) => outcomes.filter((outcome) => outcome.outcome === kind).length;
  const tally = { applied: count('applied'), failed: count('failed'), skipped: count('skipped') };
  for (const [kind, number] of Object.entries(tally))
    if (number > 0) parts.metrics.count('ChangesApplied', { Tool: operation.tool, Outcome: kind }, number);
  const status: Status =
    tally.applied === outcomes.length ? 'applied' : tally.applied > 0 ? 'partially-applied' : 'failed';
  const at = parts.now().toISOString();
  const appliedIds = new Set(outcomes.filter((o) => o.outcome === 'applied').map((o) => o.resourceId));
  const applied = operation.plan.changes.filter((change) => appliedIds.has(change.resourceId));
  if (applied.length > 0)
    await parts.store.keepSnapshot(
      {
        operationId: operation.operationId,
        takenAt: at,
        previous: statesOf(applied, 'before'),
        current: statesOf(applied, 'after'),
      },
      operation,
    );
  const result = { outcomes: [...outcomes], ...tally, appliedAt: at };
  await parts.audit.append(
    eventOf(
      operation,
      operation.requester,
      {
        action: operation.reverts === undefined ? 'write' : 'revert',
        result: status === 'applied' ? 'success' : status === 'failed' ? 'failure' : 'partial',
        before: statesOf(applied, 'before'),
        after: statesOf(applied, 'after'),
        summary: { ...tally, failures: outcomes.filter((o) => o.outcome !== 'applied').slice(0, 50) },
      },
      context.correlationId,
    ),
  );
  const { lease: _released, ...unleased } = operation;
  const finished = await move(parts, unleased, status, { result });
  if (finished.reverts !== undefined && status === 'applied') await markReverted(parts, finished);
  return finished;
};

const markReverted = async (parts: PipelineParts, revert: Operation): Promise<void> => {
  if (revert.reverts === undefined) return;
  const original = await parts.store.get(revert.reverts);
  if (original?.status !== 'applied' && original?.status !== 'partially-applied') return;
  await move(parts, original, 'reverted', { revertedBy: revert.operationId });
  await parts.store.markRolledBack(original.operationId, parts.now().toISOString());
};

const takeOver = async (
  parts: PipelineParts,
  operation: Operation,
  lease: NonNullable<Operation['lease']>,
): Promise<Operation> => {
  const next = { ...operation, lease, version: operation.version + 1, updatedAt: parts.now().toISOString() };
  if (await parts.store.replace(next, operation.version)) return next;
  throw new CountersignError('conflict', `Operation ${operation.operationId} was taken over by another task.`);
};
