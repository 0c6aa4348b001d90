/** The end of an apply: outcome, snapshot, audit record and what a revert undoes become true in one transaction. */
import type { Together } from '../audit/port.ts';
import type { CallContext } from '../call.ts';
import { CountersignError } from '../errors.ts';
import { type Held, returning, sweepClaims, unleased } from './claims.ts';
import { checkEpoch } from './lease.ts';
import type { Operation, Status } from './operation.ts';
import { eventOf, move, type PipelineParts } from './parts.ts';
import { type ChangeOutcome, statesOf } from './plan.ts';
import { moneyOf } from './submit.ts';
import { consequences } from './undone.ts';

type Result = NonNullable<Operation['result']>;

const TRIES = 5;
/** Failures that an audit record names. */
const MOST_FAILURES = 50;

/** @throws conflict when the operation was taken over meanwhile: the other task tells the outcome */
export const finish = async (
  parts: PipelineParts,
  held: Held,
  outcomes: readonly ChangeOutcome[],
  context: CallContext,
): Promise<Operation> => {
  const { operation } = held;
  const count = (kind: ChangeOutcome['outcome']) => outcomes.filter((outcome) => outcome.outcome === kind).length;
  const tally = { applied: count('applied'), failed: count('failed'), skipped: count('skipped') };
  const status: Status =
    tally.applied === outcomes.length ? 'applied' : tally.applied > 0 ? 'partially-applied' : 'failed';
  const at = parts.now().toISOString();
  const appliedIds = new Set(outcomes.filter((o) => o.outcome === 'applied').map((o) => o.resourceId));
  const applied = operation.plan.changes.filter((change) => appliedIds.has(change.resourceId));
  const [before, after] = [statesOf(applied, 'before'), statesOf(applied, 'after')];
  const event = eventOf(
    operation,
    operation.requester,
    {
      action: operation.reverts === undefined ? 'write' : 'revert',
      result: status === 'applied' ? 'success' : status === 'failed' ? 'failure' : 'partial',
      before,
      after,
      ...(operation.approvals.length > 0 && { approvalId: operation.approvalHash }),
      ...(applied.length > 0 && { snapshotId: operation.operationId }),
      ...moneyOf(operation),
      summary: { ...tally, failures: outcomes.filter((o) => o.outcome !== 'applied').slice(0, MOST_FAILURES) },
    },
    context,
  );
  const snapshot = { operationId: operation.operationId, takenAt: at, previous: before, current: after };
  const kept: Together = {
    writes: applied.length > 0 ? [parts.store.snapshotOf(snapshot, operation)] : [],
    possible: async () => true,
  };
  const end = async (claims: readonly Together[], short: boolean) => {
    await checkEpoch(parts, operation.lease);
    const undone = status === 'applied' ? await consequences(parts, operation) : undefined;
    const beside = [kept, ...(undone ? [undone.together] : []), ...claims];
    const result = { outcomes: [...outcomes], ...tally, appliedAt: at };
    const changed = short ? shortened(operation, result) : { result };
    const finished = await move(parts, unleased(operation), status, changed, event, ...beside);
    await undone?.afterwards();
    return finished;
  };
  const finished = await retried(parts, held, end);
  await sweepClaims(parts, held);
  for (const [kind, number] of Object.entries(tally))
    if (number > 0) parts.metrics.count('ChangesApplied', { Tool: operation.tool, Outcome: kind }, number);
  return finished;
};

/**
 * A record that has no room for its result is kept without what is beside the changes, and without messages: what was
 * written upstream must not go untold.
 */
const shortened = ({ plan }: Operation, result: Result) => ({
  plan: { ...plan, changes: plan.changes.map(({ context: _beside, ...change }) => change) },
  result: {
    ...result,
    outcomes: result.outcomes
      .filter(({ outcome }) => outcome !== 'applied')
      .map(({ message: _long, ...outcome }) => outcome),
  },
});

/**
 * Ends it while the operation is this task's own. Claims that were lost, an operation behind it that moved, or a result
 * that is too large must not hide what came of it.
 */
const retried = async (
  parts: PipelineParts,
  held: Held,
  end: (claims: readonly Together[], short: boolean) => Promise<Operation>,
): Promise<Operation> => {
  let short = false;
  for (let tries = 1; ; tries += 1)
    try {
      return await end(tries === 1 ? [returning(parts, held)] : [], short);
    } catch (error) {
      const code = error instanceof CountersignError ? error.code : undefined;
      const { operationId, version } = held.operation;
      if ((code !== 'conflict' && code !== 'too_large') || tries === TRIES) throw error;
      if ((await parts.store.versionOf(operationId)) !== version) throw error;
      short ||= code === 'too_large';
    }
};
