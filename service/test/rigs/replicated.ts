/**
 * Two stores joined as DynamoDB joins the replicas of a global table: a condition holds in the region that checks it, the
 * items of a transaction arrive one by one, late and in any order, and of two writes of one item the last one stays.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/V2globaltables_HowItWorks.html
 */
import { tables as contracts, type TableName } from '../../../contracts/tables.ts';
import type { TableEngine, Write } from '../../src/ports/tables.ts';
import { openMemoryTables } from '../../src/stores/memory/tables.ts';

type Place = 0 | 1;

interface Arrival {
  readonly to: Place;
  readonly id: string;
  /** When it was written: what comes later wins. */
  readonly stamp: number;
  readonly write: Write;
}

/** The same numbers for the same seed, so that a failure can be seen again. */
export const numbersFrom = (seed: number) => {
  let state = seed >>> 0;
  return (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
};

const idOf = (write: Write): string => {
  const { partition, sort }: { partition: string; sort?: string } = contracts[write.table];
  const values: Readonly<Record<string, unknown>> = { ...(write.kind === 'remove' ? write.key : write.row) };
  return JSON.stringify([write.table, values[partition], sort === undefined ? null : values[sort]]);
};

export class Replicated {
  /** What the service of each region uses. */
  readonly regions: readonly [TableEngine, TableEngine];
  /** Called before and after each write, with the number of writes begun in this region, so that a test can kill the process here. */
  onWrite: (place: Place, when: 'before' | 'after', count: number) => void = () => {};
  readonly #engines: readonly [TableEngine, TableEngine];
  readonly #newest: readonly [Map<string, number>, Map<string, number>] = [new Map(), new Map()];
  readonly #begun: [number, number] = [0, 0];
  readonly #random: (below: number) => number;
  #stamp = 0;
  #underWay: Arrival[] = [];

  constructor(options: { readonly now: () => Date; readonly seed: number }) {
    this.#random = numbersFrom(options.seed);
    this.#engines = [openMemoryTables(options), openMemoryTables(options)];
    this.regions = [this.#joined(0), this.#joined(1)];
  }

  /** Lets some of what is under way arrive, in any order. Default: all of it. */
  async arrive(most = Number.POSITIVE_INFINITY): Promise<void> {
    for (let done = 0; done < most && this.#underWay.length > 0; done += 1) {
      const [one] = this.#underWay.splice(this.#random(this.#underWay.length), 1);
      if (one !== undefined) await this.#take(one);
    }
  }

  async #take({ to, id, stamp, write }: Arrival): Promise<void> {
    if ((this.#newest[to].get(id) ?? 0) > stamp) return;
    this.#newest[to].set(id, stamp);
    const engine = this.#engines[to];
    if (write.kind === 'remove') await engine.remove(write.table, write.key as never);
    else await engine.put(write.table, write.row as never);
  }

  #joined(place: Place): TableEngine {
    const engine = this.#engines[place];
    const write = async (writes: readonly Write[], make: () => Promise<boolean>): Promise<boolean> => {
      this.#begun[place] += 1;
      const count = this.#begun[place];
      this.onWrite(place, 'before', count);
      const made = await make();
      if (made)
        for (const one of writes) {
          this.#stamp += 1;
          const id = idOf(one);
          this.#newest[place].set(id, this.#stamp);
          this.#underWay.push({ to: place === 0 ? 1 : 0, id, stamp: this.#stamp, write: one });
        }
      this.onWrite(place, 'after', count);
      return made;
    };
    return {
      ...engine,
      insert: (table, row) => write([{ kind: 'insert', table, row } as Write], () => engine.insert(table, row)),
      put: (table, row, expect) => write([{ kind: 'put', table, row } as Write], () => engine.put(table, row, expect)),
      remove: (table, key, expect) =>
        write([{ kind: 'remove', table, key } as Write], () => engine.remove(table, key, expect)),
      transact: (writes) => write(writes, () => engine.transact(writes)),
    };
  }
}

/** Every row of a table, as one region has it. */
export const rowsOf = async (engine: TableEngine, table: TableName): Promise<unknown[]> =>
  (await engine.scan(table, { limit: 1000 })).items;
