/** From an approved operation to an applied one: exactly once, and only what was agreed to. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { CallContext } from '../call.ts';
import { canonicalJson } from '../canonical.ts';
import { CountersignError } from '../errors.ts';
import { claim, fence, type Held, release, resourcesOf, returning, sweepClaims, unleased } from './claims.ts';
import { finish } from './finish.ts';
import { checkEpoch, newLease, timeLimit, whileHeld, within } from './lease.ts';
import { type Operation, otherVersion } from './operation.ts';
import { type DecisionContext, eventOf, move, type PipelineParts, stepsOf } from './parts.ts';
import { isTaken, type State, statesOf } from './plan.ts';
import { isSamePerson } from './same-human.ts';
import { isSpent, refuse, refuseSpent, SPOILT } from './spent.ts';
import { allOf } from './store.ts';
import { replan } from './submit.ts';
import { write } from './write.ts';

const equal = (a: State | undefined, b: State): boolean => a !== undefined && canonicalJson(a) === canonicalJson(b);

/** Whether this service took the approval that the operation needs. */
const agreed = ({ hashes }: PipelineParts, operation: Operation): boolean => {
  const { operationId, countersign, approvalHash, approvals, requester } = operation;
  if (countersign === 'none') return true;
  return approvals.some(
    (approval) =>
      approval.decision === (countersign === 'second-person' ? 'approve' : 'confirm') &&
      isSamePerson(approval.by, requester) === (countersign === 'same-person') &&
      approval.approvalHash === approvalHash &&
      hashes.isSealed(operationId, approval),
  );
};

/**
 * Applies an approved operation, or goes on with one whose task died. Returns it as it then stands: applied,
 * partially-applied, failed, waiting again because the state or the policy moved, or still approved because another
 * operation changes the same resources; upkeep takes it up again.
 * @param waitMs how long to wait for that other operation
 * @throws conflict when another task has it; newer_version, or arguments_changed for an earlier version's operation
 */
export const apply = async (
  parts: PipelineParts,
  operation: Operation,
  given: DecisionContext,
  waitMs: number,
): Promise<Operation> => {
  const steps = stepsOf(parts, operation);
  const resumed = operation.status === 'applying';
  const replanning = { ...given, signal: timeLimit(parts) };
  const integrity = parts.hashes.integrity(operation);
  if (integrity === 'newer' || integrity === 'older') throw otherVersion(operation.operationId, integrity);
  // Not planned anew: that would sign what somebody wrote over it.
  if (integrity === 'changed') return refuse(parts, operation, SPOILT, given);
  if (!agreed(parts, operation)) return replan(parts, operation, 'The approval is not for this plan.', replanning);
  if ((await steps.policyVersion()) !== operation.policyVersion && !resumed)
    return replan(parts, operation, 'The policy changed after this was approved.', replanning);
  if (!resumed && (await isSpent(parts, operation))) return refuseSpent(parts, operation, given);
  const lost = await accessLost(parts, operation);
  if (lost !== undefined) return refuse(parts, operation, lost, given);
  const resources = resourcesOf(steps, operation.plan.changes);
  const claimed = await claimWithin(parts, operation, resources, waitMs);
  if ('unclaimed' in claimed) return claimed.unclaimed;
  return carryOut(parts, claimed.held, { ...given, signal: claimed.signal });
};

/** Why its requester may not act on an account of it any more, if so. */
const accessLost = async (parts: PipelineParts, { requester, tool, plan, status }: Operation) => {
  try {
    await parts.accounts.allowPlan(requester, tool, plan.changes);
    return undefined;
  } catch (error) {
    if (!(error instanceof CountersignError) || error.code !== 'account_not_authorized') throw error;
    const written =
      status === 'applying'
        ? 'It was interrupted while it was applied: look at the resources.'
        : 'Nothing was written.';
    return { errorCode: error.code, note: `Its requester may no longer act on an account of it. ${written}` };
  }
};

/** First pause before claims that somebody else holds are tried again; doubles, up to a second. */
const FIRST_PAUSE_MS = 50;
const MOST_PAUSE_MS = 1000;

const claimWithin = async (
  parts: PipelineParts,
  operation: Operation,
  resources: readonly string[],
  waitMs: number,
): Promise<{ readonly held: Held; readonly signal: AbortSignal } | { readonly unclaimed: Operation }> => {
  const end = performance.now() + waitMs;
  let open = operation;
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(2 * pause, MOST_PAUSE_MS)) {
    // Made before the lease, so that it ends before it.
    const signal = timeLimit(parts);
    const held = await claim(parts, open, resources, await newLease(parts));
    if (!('blockedBy' in held)) return { held, signal };
    open = held.operation;
    if (performance.now() + pause >= end) {
      const { operationId, status } = open;
      parts.log.info({ operationId, status, blockedBy: held.blockedBy }, 'waits for another operation');
      return { unclaimed: open };
    }
    await sleep(pause * (0.5 + Math.random()));
  }
};

/** With its resources claimed: reads them again, and writes them if they still are as planned. */
const carryOut = async (parts: PipelineParts, held: Held, context: CallContext): Promise<Operation> => {
  const { operation } = held;
  const { changes } = operation.plan;
  const current = await orRelease(parts, held, () =>
    within(context.signal, stepsOf(parts, operation).read(changes, context)),
  );
  const resumed = operation.status === 'applying';
  const taken = changes.filter((change) => isTaken(change, current.get(change.resourceId)));
  const left = new Set(taken.map(({ resourceId }) => resourceId));
  const moved = changes.filter(
    ({ resourceId, before }) => !left.has(resourceId) && !equal(current.get(resourceId), before),
  );
  if (!resumed && moved.length > 0)
    return planAnew(parts, held, `${moved.length} of ${changes.length} resources`, context);
  // It was asked before the claims, which may have been waited for.
  const policyVersion = await orRelease(parts, held, () => stepsOf(parts, operation).policyVersion());
  if (!resumed && policyVersion !== operation.policyVersion) return planAnew(parts, held, 'The policy', context);
  const begun = await orRelease(parts, held, () => begin(parts, held, context));
  const outcomes = await whileHeld(parts, operation.lease, context.signal, (signal) =>
    // What carries the planned tags after a crash may carry them by this operation; before, only by somebody else.
    write(parts, begun.operation, current, resumed ? new Set() : left, { ...context, signal }),
  );
  return finish(parts, begun, outcomes, context);
};

/** Work before anything is written: where it fails the operation stays as it was, to be taken up again or to expire. */
const orRelease = async <T>(parts: PipelineParts, held: Held, work: () => Promise<T>): Promise<T> => {
  try {
    return await work();
  } catch (error) {
    await release(parts, held).catch((unreleased: unknown) =>
      parts.log.warn({ err: unreleased, operationId: held.operation.operationId }, 'lease not given back'),
    );
    throw error;
  }
};

const planAnew = async (parts: PipelineParts, held: Held, which: string, context: CallContext): Promise<Operation> => {
  const { operation } = held;
  const blocked = { action: 'write', result: 'blocked', errorCode: 'state_changed' } as const;
  const because = `${which} changed after this was planned.`;
  const planned = await move(
    parts,
    unleased(operation),
    'planned',
    { note: because, approvals: [] },
    eventOf(operation, operation.requester, blocked, context),
    returning(parts, held),
  );
  await sweepClaims(parts, held);
  return replan(parts, planned, because, context);
};

/**
 * The last write before the upstream is touched, while the claims are still held, with the record that says so: no
 * audit record, no change.
 */
const begin = async (parts: PipelineParts, held: Held, context: CallContext): Promise<Held> => {
  const { operation } = held;
  const { changes } = operation.plan;
  await checkEpoch(parts, operation.lease);
  if (context.signal.aborted || Date.parse(operation.lease.until) <= parts.now().getTime())
    throw new CountersignError(
      'timeout',
      'The resources took too long to read. Nothing was changed; it is tried again.',
    );
  const intent = {
    action: 'write',
    result: 'started',
    before: statesOf(changes, 'before'),
    after: statesOf(changes, 'after'),
    // By which an apply of the same plan is known again: see spent.ts.
    summary: { approvalHash: operation.approvalHash },
  } as const;
  const event = eventOf(operation, operation.requester, intent, context);
  const { lease } = operation;
  if (operation.status !== 'applying') {
    const next = await move(parts, operation, 'applying', { lease }, event, fence(parts, held));
    return { ...held, operation: { ...next, lease } };
  }
  const next = { ...operation, version: operation.version + 1, updatedAt: parts.now().toISOString() };
  const together = allOf(parts.store.replacing(next, operation.version), fence(parts, held));
  if ((await parts.audit.appendWith(event, together)) === undefined)
    throw new CountersignError('conflict', `Operation ${operation.operationId} was taken over by another task.`);
  return { ...held, operation: next };
};
