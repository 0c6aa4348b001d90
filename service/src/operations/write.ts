/** Brings the resources of an operation to their planned state, and reads back whether they are. */
import type { CallContext } from '../call.ts';
import { canonicalJson } from '../canonical.ts';
import { within } from './lease.ts';
import type { Operation } from './operation.ts';
import { type PipelineParts, stepsOf } from './parts.ts';
import { type ChangeOutcome, isTaken, type ResourceChange, type State } from './plan.ts';

const equal = (a: State | undefined, b: State): boolean => a !== undefined && canonicalJson(a) === canonicalJson(b);

/**
 * Writes what still is as it was before. After a crash the first task may have written some resources: those count as
 * applied, untouched ones are written, others skipped.
 * @param taken resources that are left alone, because what was missing there no longer is
 * @throws timeout when the signal aborts first; what was written until then is not known
 */
export const write = async (
  parts: PipelineParts,
  operation: Operation,
  current: ReadonlyMap<string, State>,
  taken: ReadonlySet<string>,
  context: CallContext,
): Promise<ChangeOutcome[]> => {
  const done: ChangeOutcome[] = [];
  const open: ResourceChange[] = [];
  for (const change of operation.plan.changes) {
    const { resourceId } = change;
    const state = current.get(resourceId);
    if (taken.has(resourceId)) done.push({ resourceId, outcome: 'skipped', code: 'already_present' });
    else if (equal(state, change.before)) open.push(change);
    else if (equal(state, change.after)) done.push({ resourceId, outcome: 'applied' });
    else done.push({ resourceId, outcome: 'skipped', code: whyLeft(change, state) });
  }
  if (open.length === 0) return done;
  const written = await within(context.signal, stepsOf(parts, operation).apply(open, context));
  return [...done, ...(await verify(parts, operation, open, written, context))];
};

const whyLeft = (change: ResourceChange, state: State | undefined): string =>
  state === undefined ? 'not_found' : isTaken(change, state) ? 'already_present' : 'state_changed';

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
  const read = (of: readonly ResourceChange[]) => within(context.signal, stepsOf(parts, operation).read(of, context));
  let unverified = changes.filter((change) => outcomes.get(change.resourceId)?.outcome === 'applied');
  for (const wait of VERIFY_WAITS) {
    if (unverified.length === 0) break;
    await new Promise((resolve) => setTimeout(resolve, wait * 1000));
    const now = await read(unverified);
    unverified = unverified.filter((change) => !equal(now.get(change.resourceId), change.after));
  }
  for (const { resourceId } of unverified)
    outcomes.set(resourceId, {
      resourceId,
      outcome: 'failed',
      code: 'verification_failed',
      message: 'Written, but it does not read back as planned.',
    });
  // An answer that was lost is an error here and a change there. What the plan expected to fail was not tried.
  const doubtful = changes.filter(
    (change) => change.wouldFail === undefined && outcomes.get(change.resourceId)?.outcome !== 'applied',
  );
  const found = doubtful.length === 0 ? undefined : await read(doubtful).catch(unlessAborted(context.signal));
  for (const { resourceId, after } of doubtful)
    if (equal(found?.get(resourceId), after)) outcomes.set(resourceId, { resourceId, outcome: 'applied' });
  return changes.map(
    ({ resourceId }) => outcomes.get(resourceId) ?? { resourceId, outcome: 'failed', code: 'no_outcome' },
  );
};

/** Where they cannot be read the tool's word stands. */
const unlessAborted =
  (signal: AbortSignal) =>
  (error: unknown): undefined => {
    if (signal.aborted) throw error;
  };
