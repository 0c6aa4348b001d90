/**
 * One resource, one change at a time. An operation claims its resources before it reads them for the last time, and
 * gives them back in the write that ends it. A claim is written together with the operation's own row and carries its
 * lease, so it is void as soon as the operation has no lease, or another one.
 */
import type { Row } from '../../../contracts/tables.ts';
import type { Together } from '../audit/port.ts';
import { sha256 } from '../canonical.ts';
import { CountersignError } from '../errors.ts';
import type { Write } from '../ports/tables.ts';
import type { ChangeSteps } from './change.ts';
import { claimsEnd, isHeld, type Lease } from './lease.ts';
import type { Operation } from './operation.ts';
import type { PipelineParts } from './parts.ts';
import type { ResourceChange } from './plan.ts';

/** Claims of one transaction. With the operation, its audit record and what a revert moves it stays under 100 writes. */
const PER_WRITE = 60;
const TRIES = 5;
/** Removals that are under way at once. */
const REMOVALS = 25;

type Claim = Row<'claims'>;

/** An operation that holds a lease, and claims on all its resources. */
export interface Held {
  readonly operation: Operation & { readonly lease: Lease };
  readonly resources: readonly string[];
}
/** Another operation has one of the resources. */
export interface Blocked {
  readonly blockedBy: string;
  /** The operation as it stands now, without a lease. */
  readonly operation: Operation;
}

/** The resources of a plan by the names they are claimed under, in the order in which everybody claims them. */
export const resourcesOf = (steps: ChangeSteps, changes: readonly ResourceChange[]): string[] => {
  const names = changes.map((change) => steps.resourceKey?.(change) ?? change.resourceId);
  return [...new Set(names.map((name) => sha256(name.normalize('NFKC').trim().toLowerCase())))].toSorted();
};

const moved = (operation: Operation) =>
  new CountersignError(
    'conflict',
    `Operation ${operation.operationId} was just moved by somebody else. Look at it again.`,
  );

const claimOf = ({ operationId }: Operation, lease: Lease, resource: string): Claim => ({
  resource,
  operationId,
  leaseId: lease.id,
  expirationTime: claimsEnd(lease),
});

const claimWrite = (row: Claim, void_: Claim | undefined): Write =>
  void_ === undefined
    ? { kind: 'insert', table: 'claims', row }
    : { kind: 'put', table: 'claims', row, expect: { operationId: void_.operationId, leaseId: void_.leaseId } };

/**
 * Takes the lease of an operation and claims its resources, or nothing of it.
 * @throws conflict when another task holds the operation or moved it
 */
export const claim = async (
  parts: PipelineParts,
  operation: Operation,
  resources: readonly string[],
  lease: Lease,
): Promise<Held | Blocked> => {
  if (isHeld(parts, operation.lease))
    throw new CountersignError('conflict', `Operation ${operation.operationId} is being applied by another task.`);
  let held = { ...operation, lease };
  for (let at = 0; at === 0 || at < resources.length; at += PER_WRITE) {
    const next = await claimSome(parts, held, resources.slice(at, at + PER_WRITE));
    if (typeof next === 'string') {
      const taken = { operation: held, resources: resources.slice(0, at) };
      return { blockedBy: next, operation: at === 0 ? operation : await release(parts, taken) };
    }
    held = next;
  }
  return { operation: held, resources };
};

/** The operation with these claims besides, or the id of another one that has one of them. */
const claimSome = async (
  parts: PipelineParts,
  held: Held['operation'],
  resources: readonly string[],
): Promise<Held['operation'] | string> => {
  const next = { ...held, version: held.version + 1 };
  let found = new Map<string, Claim>();
  let blockedBy = held.operationId;
  for (let tries = 1; tries <= TRIES; tries += 1) {
    const writes = resources.map((resource) => claimWrite(claimOf(next, next.lease, resource), found.get(resource)));
    if (await parts.store.transact([parts.store.put(next, held.version), ...writes])) return next;
    if ((await parts.store.versionOf(held.operationId)) !== held.version) throw moved(held);
    found = await parts.store.claims(resources);
    const living = await firstLiving(parts, held, [...found.values()]);
    if (living !== undefined) return living;
    blockedBy = [...found.values()].find((each) => each.operationId !== held.operationId)?.operationId ?? blockedBy;
  }
  return blockedBy;
};

/** The first operation whose claim still counts. */
const firstLiving = async (
  parts: PipelineParts,
  own: Operation,
  claims: readonly Claim[],
): Promise<string | undefined> => {
  const foreign = new Map(claims.map((each) => [each.leaseId, each.operationId]));
  for (const [leaseId, operationId] of foreign) {
    if (operationId === own.operationId) continue;
    const lease = await parts.store.leaseOf(operationId);
    const dead = parts.settings.onlyInstance && lease?.owner !== parts.settings.instanceId;
    // Not by the time of the lease: claims outlive it on purpose, and then count as absent in every engine.
    if (lease?.id === leaseId && !dead) return operationId;
  }
  return undefined;
};

const ours =
  (parts: PipelineParts, { operation, resources }: Held) =>
  async (): Promise<boolean> => {
    const found = await parts.store.claims(resources);
    return resources.every((resource) => found.get(resource)?.leaseId === operation.lease.id);
  };

/** Holds only while the first claims are this lease's own. All of a lease end at once, so some stand for all. */
export const fence = (parts: PipelineParts, held: Held): Together => {
  const { operation, resources } = firstOf(held);
  const expect = { operationId: operation.operationId, leaseId: operation.lease.id };
  const writes = resources.map(
    (resource): Write => ({ kind: 'put', table: 'claims', row: claimOf(operation, operation.lease, resource), expect }),
  );
  return { writes, possible: ours(parts, { operation, resources }) };
};

/** Gives the first claims back in the transaction that ends the lease. The rest are void from then on. */
export const returning = (parts: PipelineParts, held: Held): Together => {
  const { operation, resources } = firstOf(held);
  const expect = { operationId: operation.operationId, leaseId: operation.lease.id };
  const writes = resources.map((resource): Write => ({ kind: 'remove', table: 'claims', key: { resource }, expect }));
  return { writes, possible: ours(parts, { operation, resources }) };
};

const firstOf = ({ operation, resources }: Held): Held => ({ operation, resources: resources.slice(0, PER_WRITE) });

/** Removes claims that are void. A failure is logged only: whoever comes next sees that they are void. */
export const sweepClaims = async (parts: PipelineParts, { operation, resources }: Held): Promise<void> => {
  try {
    for (let at = 0; at < resources.length; at += REMOVALS)
      await Promise.all(
        resources
          .slice(at, at + REMOVALS)
          .map((resource) => parts.store.dropClaim(resource, operation.operationId, operation.lease.id)),
      );
  } catch (error) {
    parts.log.warn({ err: error, operationId: operation.operationId }, 'claims not removed');
  }
};

/** The operation without its lease. */
export const unleased = <T extends Operation>({ lease: _ended, ...rest }: T): Omit<T, 'lease'> => rest;

/** Gives lease and claims back and leaves the operation where it is. @throws conflict when another task moved it */
export const release = async (parts: PipelineParts, held: Held): Promise<Operation> => {
  const { operation } = held;
  const next = { ...unleased(operation), version: operation.version + 1 };
  if (!(await parts.store.replace(next, operation.version))) throw moved(operation);
  await sweepClaims(parts, held);
  return next;
};
