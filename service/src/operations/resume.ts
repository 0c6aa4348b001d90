/** What a task does for operations nobody is calling about: those a dead task left behind, and those nobody answered. */
import { setImmediate as turn } from 'node:timers/promises';
import { CountersignError } from '../errors.ts';
import { actingFor } from './acting.ts';
import { apply } from './apply.ts';
import { waitsForRequester } from './come.ts';
import { expire } from './expire.ts';
import { isHeld } from './lease.ts';
import { type Operation, type Status, waiting } from './operation.ts';
import { contextOf, type PipelineParts } from './parts.ts';
import { LEFT_BEHIND, NOT_RETURNED, refuse } from './spent.ts';
import { replan, secondsToWait } from './submit.ts';

/** An approved operation is applied by whoever approved it; only after this long is it taken for abandoned. */
const ABANDONED_MS = 30_000;
/** How long tasks of an earlier version, or the requester where only they can, may go on with what a task left behind. */
const LEFT_BEHIND_MS = 3_600_000;
/** Operations of one read: a record may have 500 resources, and the process serves calls meanwhile. */
const PAGE = 10;
/** Operations in one status that one turn looks at. The next turn goes on behind them. */
const MOST_A_TURN = 200;

/**
 * Goes on with every operation that was interrupted, and expires what waited too long. Safe to run in every task at once.
 * `starting`: this process serves no call yet, so it is in the middle of none.
 */
export type Resume = (starting: boolean) => Promise<void>;

/** @param underWay whether this process is applying an operation already */
export const openResume = (parts: PipelineParts, underWay: (operationId: string) => boolean): Resume => {
  const places = new Map<Status, string>();
  return async (starting) => {
    if (parts.home !== undefined && !(await isHome(parts.home))) return;
    const most = starting ? Number.POSITIVE_INFINITY : MOST_A_TURN;
    const each = (status: Status, work: (operation: Operation) => Promise<unknown>, to?: string) =>
      walk(parts, places, { status, most, work, to });
    for (const status of waiting)
      await each(status, (operation) => expireIfOver(parts, operation), oldestUnexpired(parts, status));
    await each('approved', async (operation) => {
      if (!underWay(operation.operationId)) await resumeApproved(parts, operation, starting);
    });
    await each('applying', async (operation) => {
      if (!underWay(operation.operationId)) await resumeApplying(parts, operation);
    });
    await each('planned', (operation) => resumePlanned(parts, operation, starting));
  };
};

/** Reads the home record first, because this work continues what the previous home left. */
const isHome = (home: NonNullable<PipelineParts['home']>): Promise<boolean> =>
  home.permit().then(
    () => true,
    (error: unknown) => {
      if (error instanceof CountersignError && error.code === 'not_home') return false;
      throw error;
    },
  );

/** Nothing that was asked for after this is over yet, so it need not be read. */
const oldestUnexpired = (parts: PipelineParts, status: (typeof waiting)[number]): string => {
  const countersign = status === 'awaiting-confirmation' ? 'same-person' : 'second-person';
  return new Date(parts.now().getTime() - secondsToWait(parts, countersign) * 1000).toISOString();
};

const isOver = (parts: PipelineParts, { expiresAt }: Operation): boolean =>
  Date.parse(expiresAt) <= parts.now().getTime();

const expireIfOver = async (parts: PipelineParts, operation: Operation): Promise<void> => {
  if (isOver(parts, operation) && parts.hashes.integrity(operation) !== 'newer') await expire(parts, operation);
};

const abandoned = (parts: PipelineParts, operation: Operation, starting: boolean): boolean =>
  (starting && parts.settings.onlyInstance) || parts.now().getTime() - Date.parse(operation.updatedAt) > ABANDONED_MS;

/** Planned by another version, or by a pack that is off here: tasks of that version, or with that pack, go on with it. */
const isForeign = (parts: PipelineParts, operation: Operation): boolean =>
  ['newer', 'older'].includes(parts.hashes.integrity(operation)) || parts.changes(operation.tool) === undefined;

const resumeApproved = async (parts: PipelineParts, operation: Operation, starting: boolean): Promise<void> => {
  if (isHeld(parts, operation.lease) || !abandoned(parts, operation, starting)) return;
  if (isOver(parts, operation)) await expireIfOver(parts, operation);
  else if (!isForeign(parts, operation) && !waitsForRequester(parts, operation)) await applied(parts, operation);
};

/** Upkeep's own origin, in which no request has left a credential. */
const applied = (parts: PipelineParts, operation: Operation): Promise<Operation> =>
  actingFor(parts, operation, contextOf(parts, operation).origin, (context) => apply(parts, operation, context, 0));

const resumeApplying = async (parts: PipelineParts, operation: Operation): Promise<void> => {
  const { lease, updatedAt } = operation;
  if (isHeld(parts, lease)) return;
  if (waitsForRequester(parts, operation)) {
    const alone = parts.now().getTime() - Date.parse(lease?.until ?? updatedAt);
    if (isOver(parts, operation) && alone > LEFT_BEHIND_MS)
      await refuse(parts, operation, NOT_RETURNED, contextOf(parts, operation));
  } else if (!isForeign(parts, operation)) await applied(parts, operation);
  else if (parts.hashes.integrity(operation) === 'older') {
    const alone = parts.now().getTime() - Date.parse(lease?.until ?? updatedAt);
    if (alone > LEFT_BEHIND_MS) await refuse(parts, operation, LEFT_BEHIND, contextOf(parts, operation));
  }
};

const resumePlanned = async (parts: PipelineParts, operation: Operation, starting: boolean): Promise<void> => {
  if (isOver(parts, operation)) await expireIfOver(parts, operation);
  else if (
    abandoned(parts, operation, starting) &&
    !isForeign(parts, operation) &&
    !waitsForRequester(parts, operation)
  )
    await actingFor(parts, operation, contextOf(parts, operation).origin, (context) =>
      replan(parts, operation, operation.note ?? 'Planning was interrupted.', context),
    );
};

interface Walk {
  readonly status: Status;
  readonly most: number;
  readonly to: string | undefined;
  readonly work: (operation: Operation) => Promise<unknown>;
}

/** Goes on where the turn before stopped, oldest first, a small page at a time. */
const walk = async (
  parts: PipelineParts,
  places: Map<Status, string>,
  { status, most, to, work }: Walk,
): Promise<void> => {
  for (let seen = 0; seen < most; ) {
    const cursor = places.get(status);
    const page = await parts.store.page(status, { limit: PAGE, cursor, to });
    const begun: Promise<void>[] = [];
    for (const operation of page.items) {
      const one = attempt(parts, operation, work);
      // One whose upstream hangs must not hold up the others.
      if (waiting.some((each) => each === status)) await one;
      else begun.push(one);
      // Whoever is calling comes first.
      await turn();
    }
    await Promise.all(begun);
    seen += PAGE;
    if (page.cursor === undefined) {
      places.delete(status);
      return;
    }
    places.set(status, page.cursor);
  }
};

const attempt = async (parts: PipelineParts, operation: Operation, work: Walk['work']): Promise<void> => {
  try {
    await work(operation);
  } catch (error) {
    // Another task moving it first is the normal case; anything else must not stop the rest.
    const code = error instanceof CountersignError ? error.code : undefined;
    // Nor is one whose requester has no credential for now: it stays as it is, until they do or it expires.
    const expected = code === 'conflict' || code === 'credentials_required';
    if (!expected) parts.log.error({ err: error, operationId: operation.operationId }, 'operation not resumed');
  }
};
