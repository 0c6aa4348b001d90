/** What an applied revert means for the operations behind it. */
import type { Together } from '../audit/port.ts';
import { CountersignError } from '../errors.ts';
import type { Operation, Status } from './operation.ts';
import type { PipelineParts } from './parts.ts';
import { allOf } from './store.ts';

/** Reverts of reverts of reverts. All of them move in one transaction, which bounds how many there may be. */
export const MOST_REVERTS = 20;

/** What an operation that was applied is once nothing undoes it. */
const appliedAs = ({ result }: Operation): Status =>
  result === undefined || result.failed + result.skipped === 0 ? 'applied' : 'partially-applied';

const isApplied = ({ status }: Operation): boolean => status === 'applied' || status === 'partially-applied';

/**
 * The operations that an applied revert moves: the one it undoes is reverted; if that was a revert itself, the one
 * that it had undone is applied again, and so on.
 */
export const consequences = async (
  parts: PipelineParts,
  revert: Operation,
): Promise<{ readonly together: Together; readonly afterwards: () => Promise<void> }> => {
  const ids = revert.plan.changes.map(({ resourceId }) => resourceId);
  const moved: Operation[] = [];
  const writes: Together[] = [];
  let by = revert;
  while (by.reverts !== undefined && moved.length <= MOST_REVERTS) {
    const original = await parts.store.get(by.reverts);
    if (original === undefined) break;
    const next = moved.length % 2 === 0 ? undone(original, by, ids) : redone(original, by, revert, ids);
    if (next === undefined) break;
    const written = { ...next, version: original.version + 1, updatedAt: parts.now().toISOString() };
    writes.push(parts.store.replacing(written, original.version));
    moved.push(written);
    by = original;
  }
  const afterwards = async () => {
    for (const { status } of moved) parts.metrics.count('OperationTransitions', { Status: status });
    await noteOnSnapshots(parts, moved, revert);
  };
  return { together: allOf(...writes), afterwards };
};

/** Resources that it changed. A result that was shortened names only those that it did not. */
const appliedIn = ({ plan, result }: Operation): string[] => {
  const others = new Set(
    result?.outcomes.filter(({ outcome }) => outcome !== 'applied').map((each) => each.resourceId),
  );
  return plan.changes.map(({ resourceId }) => resourceId).filter((id) => !others.has(id));
};

/** Taken back whole, or in the chosen resources: then it stays applied until nothing of it is left. */
const undone = (original: Operation, by: Operation, ids: readonly string[]): Operation | undefined => {
  if (!isApplied(original)) return undefined;
  const { takenBack: before = [], ...rest } = original;
  const takenBack = [...new Set([...before, ...ids])];
  const isWhole = appliedIn(original).every((id) => takenBack.includes(id));
  return isWhole || by.arguments.resource_ids === undefined
    ? { ...rest, status: 'reverted', revertedBy: by.operationId }
    : { ...original, takenBack };
};

/** What its revert took back is as it had left it again, all of it or the chosen resources. */
const redone = (
  original: Operation,
  by: Operation,
  revert: Operation,
  ids: readonly string[],
): Operation | undefined => {
  const isWhole = original.status === 'reverted' && original.revertedBy === by.operationId;
  const before = isWhole ? appliedIn(original) : isApplied(original) ? (original.takenBack ?? []) : [];
  if (!before.some((id) => ids.includes(id))) return undefined;
  const { revertedBy: _undone, takenBack: _before, ...rest } = original;
  const left = before.filter((id) => !ids.includes(id));
  const note = `Applied again: ${revert.operationId} took back its revert ${by.operationId}.`;
  return { ...rest, status: appliedAs(original), note, ...(left.length > 0 && { takenBack: left }) };
};

/** For operators that look at the table; nothing is decided by it. */
const noteOnSnapshots = async (
  parts: PipelineParts,
  moved: readonly Operation[],
  { reverts, plan: { financialReport } }: Operation,
): Promise<void> => {
  for (const { operationId, status } of moved)
    await parts.store
      .markRolledBack(
        operationId,
        status === 'reverted' ? parts.now().toISOString() : undefined,
        operationId === reverts ? financialReport : undefined,
      )
      .catch((error: unknown) => parts.log.warn({ err: error, operationId }, 'snapshot not marked'));
};

/** How many reverts lie behind an operation. @throws not_reversible when there are too many */
export const checkDepth = async (parts: PipelineParts, operation: Operation): Promise<void> => {
  let each: Operation | undefined = operation;
  for (let depth = 0; each?.reverts !== undefined; depth += 1) {
    if (depth === MOST_REVERTS - 1)
      throw new CountersignError(
        'not_reversible',
        `Operation ${operation.operationId} is a revert of ${depth} others. Ask for the change again instead.`,
      );
    each = await parts.store.get(each.reverts);
  }
};
