/** Tables in this process's memory, for unit tests. */
import type { TableEngine } from '../../ports/tables.ts';
import type { Backend, Expected, KeyRange, Scalar, Step, Stored } from '../backend.ts';
import type { TableShape } from '../shape.ts';
import { tablesOn } from '../tables.ts';

/** Texts in the order of their UTF-8 bytes, as both databases have them; JavaScript's own order is by UTF-16. */
const compare = (a: Scalar | undefined, b: Scalar | undefined): number => {
  const [one, other] = [String(a), String(b)];
  if (one === other) return 0;
  if (orderedOtherwise.test(one) || orderedOtherwise.test(other))
    return Buffer.compare(Buffer.from(one), Buffer.from(other));
  return one < other ? -1 : 1;
};

/** Below these, and without halves of pairs, both orders are the same. */
const orderedOtherwise = /[\uD800-\uFFFF]/;

const alive = (shape: TableShape, row: Stored | undefined, at: number): row is Stored => {
  const ttl = shape.contract.ttl === undefined ? undefined : row?.[shape.contract.ttl];
  return row !== undefined && (ttl === undefined || Number(ttl) > at);
};

const meets = (row: Stored, expect: Expected = {}): boolean =>
  Object.entries(expect).every(([name, value]) => row[name] === value);

const within = ({ partition, sort, order, after, descending, index }: KeyRange, row: Stored): boolean => {
  if (partition !== undefined && row[partition.attribute] !== partition.value) return false;
  const value = sort && row[sort.attribute];
  if (index !== undefined && sort !== undefined && value === undefined) return false;
  if (sort?.from !== undefined && compare(value, sort.from) < 0) return false;
  if (sort?.to !== undefined && compare(value, sort.to) > 0) return false;
  if (after === undefined) return true;
  const ahead = compareRows(order, row, after);
  return descending ? ahead < 0 : ahead > 0;
};

const compareRows = (order: readonly string[], a: Stored, b: Stored): number => {
  for (const name of order) {
    const difference = compare(a[name], b[name]);
    if (difference !== 0) return difference;
  }
  return 0;
};

class MemoryBackend implements Backend {
  readonly #rows = new Map<TableShape, Map<string, Stored>>();

  #table(shape: TableShape): Map<string, Stored> {
    const rows = this.#rows.get(shape) ?? new Map<string, Stored>();
    this.#rows.set(shape, rows);
    return rows;
  }

  #id(shape: TableShape, key: Stored): string {
    return JSON.stringify(shape.key.map((name) => key[name]));
  }

  #find(shape: TableShape, key: Stored, at: number): Stored | undefined {
    const row = this.#table(shape).get(this.#id(shape, key));
    return alive(shape, row, at) ? row : undefined;
  }

  #holds(step: Step, at: number): boolean {
    const found = this.#find(step.shape, step.key, at);
    if (step.kind === 'insert') return found === undefined;
    if (step.kind === 'put' && step.expect === undefined) return true;
    return found !== undefined && meets(found, step.expect);
  }

  async get(shape: TableShape, key: Stored, at: number): Promise<Stored | undefined> {
    return this.#find(shape, key, at);
  }

  async write(steps: readonly Step[], at: number): Promise<boolean> {
    if (!steps.every((step) => this.#holds(step, at))) return false;
    for (const step of steps) {
      const id = this.#id(step.shape, step.key);
      if (step.kind === 'remove') this.#table(step.shape).delete(id);
      else this.#table(step.shape).set(id, step.row);
    }
    return true;
  }

  async read(range: KeyRange, at: number): Promise<Stored[]> {
    const rows = [...this.#table(range.shape).values()].filter(
      (row) => within(range, row) && alive(range.shape, row, at),
    );
    rows.sort((a, b) => compareRows(range.order, a, b));
    return (range.descending ? rows.reverse() : rows).slice(0, range.limit);
  }

  async sweep(at: number): Promise<number> {
    let swept = 0;
    for (const [shape, rows] of this.#rows) {
      for (const [id, row] of rows) if (!alive(shape, row, at) && rows.delete(id)) swept += 1;
    }
    return swept;
  }

  async ping(): Promise<void> {}
  async close(): Promise<void> {}
}

/** Empty tables that are gone with the process. */
export const openMemoryTables = ({ now }: { readonly now?: () => Date } = {}): TableEngine =>
  tablesOn(new MemoryBackend(), now);
