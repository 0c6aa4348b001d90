/** What a task does for operations nobody is calling about: those a dead task left behind, and those nobody answered. */
import { CountersignError } from '../errors.ts';
import { apply } from './apply.ts';
import { expire } from './expire.ts';
import { isHeld, timeLimit } from './lease.ts';
import { type Operation, waiting } from './operation.ts';
import { contextOf, type PipelineParts } from './parts.ts';
import { replan } from './submit.ts';

/** An approved operation is applied by whoever approved it; only after this long is it taken for abandoned. */
const ABANDONED_MS = 30_000;

/**
 * Goes on with every operation that was interrupted, and expires what waited too long. Safe to run in every task at once.
 * `starting`: this process serves no call yet, so it is in the middle of none.
 * `underWay`: whether this process is applying an operation already.
 */
export const resume = async (
  parts: PipelineParts,
  starting: boolean,
  underWay: (operationId: string) => boolean,
): Promise<void> => {
  for (const status of waiting)
    await each(parts, status, async (operation) => {
      if (Date.parse(operation.expiresAt) <= parts.now().getTime()) await expire(parts, operation);
    });
  await each(parts, 'approved', async (operation) => {
    if (!underWay(operation.operationId)) await resumeApproved(parts, operation, starting);
  });
  await each(parts, 'applying', (operation) => resumeApplying(parts, operation));
  await each(parts, 'planned', async (operation) => {
    if (Date.parse(operation.expiresAt) <= parts.now().getTime()) await expire(parts, operation);
    else if (abandoned(parts, operation, starting))
      await replan(parts, operation, operation.note ?? 'Planning was interrupted.', {
        ...contextOf(parts, operation),
        signal: timeLimit(parts),
      });
  });
};

const abandoned = (parts: PipelineParts, operation: Operation, starting: boolean): boolean =>
  (starting && parts.settings.onlyInstance) || parts.now().getTime() - Date.parse(operation.updatedAt) > ABANDONED_MS;

const resumeApproved = async (parts: PipelineParts, operation: Operation, starting: boolean): Promise<void> => {
  if (isHeld(parts, operation.lease) || !abandoned(parts, operation, starting)) return;
  if (Date.parse(operation.expiresAt) <= parts.now().getTime()) await expire(parts, operation);
  else await apply(parts, operation, contextOf(parts, operation), 0);
};

const resumeApplying = async (parts: PipelineParts, operation: Operation): Promise<void> => {
  if (!isHeld(parts, operation.lease)) await apply(parts, operation, contextOf(parts, operation), 0);
};

const each = async (
  parts: PipelineParts,
  status: Operation['status'],
  work: (operation: Operation) => Promise<void>,
): Promise<void> => {
  for await (const operation of parts.store.all(status)) {
    try {
      await work(operation);
    } catch (error) {
      // Another task moving it first is the normal case; anything else must not stop the rest.
      const expected = error instanceof CountersignError && error.code === 'conflict';
      if (!expected) parts.log.error({ err: error, operationId: operation.operationId }, 'operation not resumed');
    }
  }
};
