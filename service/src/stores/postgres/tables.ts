/** The tables on PostgreSQL, whichever way it is reached. */
import type { Backend, KeyRange, Step, Stored } from '../backend.ts';
import type { TableShape } from '../shape.ts';
import type { RunStatement, SqlClient, Statement } from './client.ts';
import { toStored } from './columns.ts';
import { deleteExpired, SWEEP_ROWS, selectOne, selectRange, writeOne, writeRows } from './statements.ts';

interface Planned {
  readonly statement: Statement;
  /** Rows it must write for its steps to hold. Undefined: any number. */
  readonly count?: number;
}

type Grouped = Extract<Step, { kind: 'insert' | 'put' }>;

const byKey = (a: Step, b: Step): number => {
  const [one, other] = [a, b].map(({ shape, key }) => JSON.stringify([shape.name, ...shape.key.map((k) => key[k])]));
  return String(one) < String(other) ? -1 : 1;
};

/** Inserts and unconditional puts of one table become one statement; the others have one each. */
const plan = (steps: readonly Step[], at: number): Planned[] => {
  const groups = new Map<string, Grouped[]>();
  const planned: Planned[] = [];
  // In the order of their keys, so that transactions on the same rows wait for each other instead of deadlocking.
  for (const step of steps.length > 1 ? steps.toSorted(byKey) : steps) {
    if (step.kind === 'remove' || (step.kind === 'put' && step.expect !== undefined)) {
      planned.push({ statement: writeOne(step, at), count: 1 });
      continue;
    }
    const group = groups.get(step.kind + step.shape.name);
    if (group === undefined) groups.set(step.kind + step.shape.name, [step]);
    else group.push(step);
  }
  for (const group of groups.values()) {
    const [{ kind, shape } = group[0] as Grouped] = group;
    const rows = group.map((step) => step.row);
    planned.push({ statement: writeRows(shape, kind, rows, at), ...(kind === 'insert' ? { count: rows.length } : {}) });
  }
  return planned;
};

const holds = async (run: RunStatement, { statement, count }: Planned): Promise<boolean> => {
  const result = await run(statement);
  return count === undefined || result.count === count;
};

// serialization_failure and deadlock_detected: the transaction was rolled back and may be tried again.
const isCollision = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === '40001' || error.code === '40P01');
const COLLISIONS = 5;

export class PostgresBackend implements Backend {
  readonly #client: SqlClient;
  readonly #shapes: readonly TableShape[];

  /** @param shapes the tables that the database has for this service */
  constructor(client: SqlClient, shapes: readonly TableShape[]) {
    this.#client = client;
    this.#shapes = shapes;
  }

  async get(shape: TableShape, key: Stored, at: number): Promise<Stored | undefined> {
    const { rows } = await this.#client.query(selectOne(shape, key, at));
    return rows[0] && toStored(shape, rows[0]);
  }

  async write(steps: readonly Step[], at: number): Promise<boolean> {
    const planned = plan(steps, at);
    const [only] = planned;
    for (let tries = 1; ; tries += 1) {
      try {
        // One statement for one row is atomic by itself. Several rows may hold in part, so they need a transaction.
        if (steps.length === 1 && only !== undefined) return await holds(this.#client.query, only);
        return await this.#client.transaction(async (run) => {
          for (const one of planned) if (!(await holds(run, one))) return false;
          return true;
        });
      } catch (error) {
        if (!isCollision(error) || tries === COLLISIONS) throw error;
      }
    }
  }

  async read(range: KeyRange, at: number): Promise<Stored[]> {
    const { rows } = await this.#client.query(selectRange(range, at));
    return rows.map((row) => toStored(range.shape, row));
  }

  async sweep(at: number): Promise<number> {
    let swept = 0;
    for (const shape of this.#shapes) {
      const { ttl } = shape.contract;
      if (ttl === undefined) continue;
      let count: number;
      do {
        count = (await this.#client.query(deleteExpired(shape, ttl, at))).count;
        swept += count;
      } while (count === SWEEP_ROWS);
    }
    return swept;
  }

  async ping(): Promise<void> {
    await this.#client.query({ text: 'select 1', values: [] });
  }

  close(): Promise<void> {
    return this.#client.close();
  }
}
