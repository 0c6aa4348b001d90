/** Operations and their snapshots, on the tables of the contract. Every write is conditional on the version it read. */
import type { Row } from '../../../contracts/tables.ts';
import type { Together } from '../audit/port.ts';
import type { FinancialReport } from '../measures/financial.ts';
import type { Page, Tables, Write } from '../ports/tables.ts';
import { isOperation, isWaiting, Operation, otherVersion, type Status } from './operation.ts';
import { State } from './plan.ts';
import { type RecentFilter, readable, recent } from './recent.ts';

const DAY_SECONDS = 86_400;
/** Days a snapshot can be reverted to. */
export const SNAPSHOT_DAYS = 90;

export interface Snapshot {
  readonly operationId: string;
  readonly takenAt: string;
  /** By resource id, only the resources that were really changed. */
  readonly previous: Readonly<Record<string, State>>;
  readonly current: Readonly<Record<string, State>>;
}

const toRow = (operation: Operation): Row<'operations'> => ({
  operationId: operation.operationId,
  version: operation.version,
  status: operation.status,
  tool: operation.tool,
  createdBy: operation.requester.personId,
  createdAt: operation.createdAt,
  updatedAt: operation.updatedAt,
  ...(operation.idempotencyKey === undefined ? {} : { idempotencyKey: operation.idempotencyKey }),
  ...(isWaiting(operation.status) ? { waitsFor: operation.tool } : {}),
  record: operation,
});
const Leased = Operation.pick({ lease: true });
const fromRow = ({ record, operationId }: Row<'operations'>): Operation => {
  if (isOperation(record)) return record;
  throw otherVersion(operationId, 'newer');
};
/** One transaction of several. */
export const allOf = (...parts: readonly Together[]): Together => ({
  writes: parts.flatMap(({ writes }) => writes),
  possible: async () => (await Promise.all(parts.map((part) => part.possible()))).every(Boolean),
});

export class OperationStore {
  readonly #tables: Tables;

  constructor(tables: Tables) {
    this.#tables = tables;
  }

  /** @param shows by its tool, whether it is one to be found; what is not is not looked into either */
  async get(operationId: string, shows: (tool: string) => boolean = () => true): Promise<Operation | undefined> {
    const row = await this.#tables.get('operations', { operationId });
    if (row === undefined || !shows(row.tool)) return undefined;
    const operation = fromRow(row);
    // The column is not under the hash, the record is.
    return shows(operation.tool) ? operation : undefined;
  }

  /** False if the id exists. */
  insert(operation: Operation): Promise<boolean> {
    return this.#tables.insert('operations', toRow(operation));
  }

  /** False if somebody wrote since `expectedVersion` was read. */
  replace(operation: Operation, expectedVersion: number): Promise<boolean> {
    return this.transact([this.put(operation, expectedVersion)]);
  }

  /** The write of `replace`, for a transaction. */
  put(operation: Operation, expectedVersion: number): Write {
    return { kind: 'put', table: 'operations', row: toRow(operation), expect: { version: expectedVersion } };
  }

  /** The write of `replace`, to be made in one transaction with the audit record that tells of it. */
  replacing(operation: Operation, expectedVersion: number): Together {
    return {
      writes: [this.put(operation, expectedVersion)],
      possible: async () => (await this.versionOf(operation.operationId)) === expectedVersion,
    };
  }

  /** The write of `insert`, likewise. */
  inserting(operation: Operation): Together {
    return {
      writes: [{ kind: 'insert', table: 'operations', row: toRow(operation) }],
      possible: async () => (await this.versionOf(operation.operationId)) === undefined,
    };
  }

  /** All writes or none; false if an expectation does not hold. */
  transact(writes: readonly Write[]): Promise<boolean> {
    return this.#tables.transact(writes);
  }

  /** Of any record, also one that this version cannot read. */
  async versionOf(operationId: string): Promise<number | undefined> {
    return (await this.#tables.get('operations', { operationId }))?.version;
  }

  /** Notes that it waits, until its time is over. */
  async placeWaiting({ operationId, requester, expiresAt }: Operation): Promise<void> {
    await this.#tables.put('waiting-operations', {
      userId: requester.personId,
      operationId,
      clientId: requester.clientId,
      expirationTime: Math.ceil(Date.parse(expiresAt) / 1000),
    });
  }

  async dropWaiting({ operationId, requester }: Operation): Promise<void> {
    await this.#tables.remove('waiting-operations', { userId: requester.personId, operationId });
  }

  /** The clients of what a person has waiting, one entry for each operation, at most `most`. */
  async waitingOf(personId: string, most: number): Promise<string[]> {
    const clients: string[] = [];
    let cursor: string | undefined;
    do {
      const limit = Math.min(1000, most - clients.length);
      const page = await this.#tables.query('waiting-operations', {
        partition: personId,
        limit,
        ...(cursor === undefined ? {} : { cursor }),
      });
      clients.push(...page.items.map(({ clientId }) => clientId));
      cursor = page.cursor;
    } while (cursor !== undefined && clients.length < most);
    return clients;
  }

  /** The lease an operation holds, whatever else is in its record. */
  async leaseOf(operationId: string): Promise<Operation['lease']> {
    const row = await this.#tables.get('operations', { operationId });
    return row && Leased.safeParse(row.record).data?.lease;
  }

  /** Claims on these resources, by resource. */
  async claims(resources: readonly string[]): Promise<Map<string, Row<'claims'>>> {
    const rows = await Promise.all(resources.map((resource) => this.#tables.get('claims', { resource })));
    return new Map(rows.flatMap((row) => (row === undefined ? [] : [[row.resource, row]])));
  }

  async dropClaim(resource: string, operationId: string, leaseId: string): Promise<void> {
    await this.#tables.remove('claims', { resource }, { operationId, leaseId });
  }

  /** Newest first: see recent.ts. @throws invalid_input for a cursor that is not its own */
  recent(filter: RecentFilter): Promise<Page<Operation>> {
    return recent(this.#tables, filter);
  }

  /** Operations in a status, oldest first. */
  async page(
    status: Status,
    {
      limit,
      cursor,
      to,
    }: { readonly limit: number; readonly cursor: string | undefined; readonly to: string | undefined },
  ): Promise<Page<Operation>> {
    const found = await this.#tables.query('operations', {
      index: 'status-createdAt-index',
      partition: status,
      limit,
      ...(to === undefined ? {} : { to }),
      ...(cursor === undefined ? {} : { cursor }),
    });
    const items = readable(found.items);
    return found.cursor === undefined ? { items } : { items, cursor: found.cursor };
  }

  async snapshot(operationId: string): Promise<(Snapshot & { readonly rolledBackAt?: string }) | undefined> {
    const row = await this.#tables.get('snapshots', { operationId });
    if (row === undefined || !row.rollbackAvailable) return undefined;
    return {
      operationId,
      takenAt: row.timestamp,
      previous: States.parse(row.previousState),
      current: States.parse(row.newState),
      ...(row.rolledBackAt === undefined ? {} : { rolledBackAt: row.rolledBackAt }),
    };
  }

  async hasSnapshot(operationId: string): Promise<boolean> {
    return (await this.#tables.get('snapshots', { operationId })) !== undefined;
  }

  /** The write that keeps a snapshot. */
  snapshotOf(snapshot: Snapshot, operation: Operation): Write {
    return {
      kind: 'put',
      table: 'snapshots',
      row: {
        operationId: snapshot.operationId,
        userId: operation.requester.personId,
        timestamp: snapshot.takenAt,
        tool: operation.tool,
        previousState: snapshot.previous,
        newState: snapshot.current,
        ...commonOf(operation, snapshot),
        rollbackAvailable: operation.plan.reversible.possible,
        expirationTime: Math.floor(Date.parse(snapshot.takenAt) / 1000) + SNAPSHOT_DAYS * DAY_SECONDS,
      },
    };
  }

  /** Notes on a snapshot that its operation was rolled back, or with undefined that it is applied again. */
  async markRolledBack(operationId: string, at: string | undefined, financialReport?: FinancialReport): Promise<void> {
    const row = await this.#tables.get('snapshots', { operationId });
    if (row) await this.#tables.put('snapshots', { ...row, rolledBackAt: at, financialReport });
  }
}

/** The only value of all, if there is only one. */
const onlyOf = (values: readonly string[]): string | undefined => (new Set(values).size === 1 ? values[0] : undefined);

/** Account, kind and id that all changes of a snapshot share. */
const commonOf = ({ plan }: Operation, { current }: Snapshot) => {
  const changed = plan.changes.filter(({ resourceId }) => Object.hasOwn(current, resourceId));
  return {
    accountId: onlyOf(changed.map(({ accountId }) => accountId)),
    resourceType: onlyOf(changed.map(({ kind }) => kind)),
    resourceId: onlyOf(changed.map(({ resourceId }) => resourceId)),
  };
};

const States = {
  parse: (value: unknown): Record<string, State> =>
    Object.fromEntries(Object.entries(Object(value)).map(([id, state]) => [id, State.parse(state)])),
};
