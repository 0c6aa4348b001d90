/** The port on top of any engine: types, keys, bounds, cursors, time and errors are the same everywhere. */
import type { Key, Row, TableName } from '../../../contracts/tables.ts';
import { CountersignError } from '../errors.ts';
import type { Expectation, Page, TableEngine, TableReader, Write } from '../ports/tables.ts';
import { StartError } from '../start-error.ts';
import type { Backend, KeyRange, Step } from './backend.ts';
import { makeCursor } from './cursor.ts';
import { toRange, toScan } from './range.ts';
import { storeRefusalOf } from './refusal.ts';
import { decodeRow, encodeExpectation, encodeRow, findKey } from './rows.ts';
import { shapes, type TableShape } from './shape.ts';

const MAX_WRITES = 100;

/** The engine's own error stays as the cause, for the log; callers read a fixed text. */
export const unavailable = (cause: unknown): CountersignError =>
  cause instanceof CountersignError
    ? cause
    : (storeRefusalOf(cause) ??
      new CountersignError('store_unavailable', 'The store does not answer. Try again in a moment.', { cause }));

const answered = async <R>(answer: Promise<R>): Promise<R> => {
  try {
    return await answer;
  } catch (cause) {
    // A missing table is an error for whoever starts the service, not a temporary outage.
    throw cause instanceof StartError ? cause : unavailable(cause);
  }
};

const keyOfRow = (shape: TableShape, row: Readonly<Record<string, unknown>>) => {
  const key = findKey(shape, row);
  if (key === undefined) throw new TypeError(`${shape.name} cannot hold a row with this key`);
  return key;
};

/** The step of a write. Undefined for a removal that no row can match. */
const toStep = (write: Write): Step | undefined => {
  const shape = shapes[write.table];
  const expect = write.kind === 'insert' || write.expect === undefined ? {} : expectation(shape, write.expect);
  if (write.kind === 'remove') {
    const key = findKey(shape, write.key);
    return key && { kind: 'remove', shape, key, ...expect };
  }
  const row = encodeRow(shape, write.row);
  const key = keyOfRow(shape, row);
  return write.kind === 'insert' ? { kind: 'insert', shape, key, row } : { kind: 'put', shape, key, row, ...expect };
};

const expectation = (shape: TableShape, expected: object) => ({ expect: encodeExpectation(shape, { ...expected }) });

const checkDistinct = (steps: readonly Step[]): void => {
  const keys = new Set(steps.map(({ shape, key }) => JSON.stringify([shape.name, ...shape.key.map((k) => key[k])])));
  if (keys.size < steps.length) throw new TypeError('a transaction may write each row once');
};

export const tablesOn = (backend: Backend, now: () => Date = () => new Date()): TableEngine => {
  const at = () => Math.floor(now().getTime() / 1000);

  const write = async (writes: readonly Write[]): Promise<boolean> => {
    if (writes.length > MAX_WRITES) throw new TypeError(`a transaction may hold ${MAX_WRITES} writes`);
    const steps: Step[] = [];
    for (const one of writes) {
      const step = toStep(one);
      if (step === undefined) return false;
      steps.push(step);
    }
    if (steps.length > 1) checkDistinct(steps);
    return steps.length === 0 || answered(backend.write(steps, at()));
  };

  /** Reads as of a time. */
  const reader = (asOf: () => number): TableReader => {
    const page = async <T extends TableName>(range: KeyRange): Promise<Page<Row<T>>> => {
      // One more than asked for tells whether there is a next page.
      const found = await answered(backend.read({ ...range, limit: range.limit + 1 }, asOf()));
      const items = found.slice(0, range.limit).map((stored) => decodeRow(range.shape, stored) as Row<T>);
      const last = found[range.limit - 1];
      return found.length > range.limit && last !== undefined ? { items, cursor: makeCursor(range, last) } : { items };
    };
    return {
      get: async <T extends TableName>(table: T, key: Key<T>) => {
        const found = findKey(shapes[table], key);
        const stored = found && (await answered(backend.get(shapes[table], found, asOf())));
        return stored && (decodeRow(shapes[table], stored) as Row<T>);
      },
      query: async (table, query) => {
        const range = toRange(shapes[table], query);
        return range === undefined ? { items: [] } : page(range);
      },
      scan: async (table, options = {}) => page(toScan(shapes[table], options)),
    };
  };

  return {
    ...reader(at),
    withExpired: () => reader(() => Number.MIN_SAFE_INTEGER),
    insert: <T extends TableName>(table: T, row: Row<T>) => write([{ kind: 'insert', table, row } as Write]),
    put: <T extends TableName>(table: T, row: Row<T>, expect?: Expectation<T>) =>
      write([{ kind: 'put', table, row, ...(expect === undefined ? {} : { expect }) } as Write]),
    remove: <T extends TableName>(table: T, key: Key<T>, expect?: Expectation<T>) =>
      write([{ kind: 'remove', table, key, ...(expect === undefined ? {} : { expect }) } as Write]),
    transact: write,
    sweep: () => answered(backend.sweep(at())),
    ping: () => answered(backend.ping()),
    close: () => backend.close(),
  };
};
