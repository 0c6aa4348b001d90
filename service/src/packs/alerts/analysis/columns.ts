/** Alarms in typed columns, 17 bytes each, so that a million of them fit where as many objects would take hundreds of megabytes. */
import type { AlertEvent } from '../model/event.ts';
import { type AlarmItem, AlarmItems } from './items.ts';
import { sortedRows } from './sorted-rows.ts';
import type { WorkTurns } from './work-turns.ts';

type Column = Float64Array | Uint32Array | Uint8Array;

/** A cell of a column. */
export const cell = (column: Column, row: number): number => column[row] ?? 0;

/** Site after site, in each by (at, event_id). */
export interface AlarmColumns {
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly at: Float64Array;
  /** 1 to 5. */
  readonly severity: Uint8Array;
  /** Which of `items`. */
  readonly item: Uint32Array;
  readonly items: readonly AlarmItem[];
  readonly sites: readonly string[];
  /** The first row of each site, and behind them the number of rows. */
  readonly siteStart: Uint32Array;
}

/** The rows of a site, the last one exclusive. */
export const rowsOfSite = ({ siteStart }: AlarmColumns, site: number): readonly [from: number, to: number] => [
  cell(siteStart, site),
  cell(siteStart, site + 1),
];

/** What of an event the columns keep, and what orders it. */
export type AlarmRow = Pick<AlertEvent, 'event_id' | 'at' | 'severity' | 'site_code' | 'element_type' | 'name'>;

const FIRST_ROWS = 4096;

const longer = <C extends Column>(column: C, made: C): C => {
  made.set(column);
  return made;
};

/** Takes alarms hour by hour; those of one hour in any order. */
export class ColumnBuilder {
  #at = new Float64Array(FIRST_ROWS);
  #severity = new Uint8Array(FIRST_ROWS);
  #site = new Uint32Array(FIRST_ROWS);
  #item = new Uint32Array(FIRST_ROWS);
  #size = 0;
  /** Of the rows that are not in order yet. */
  #ids: string[] = [];
  readonly #items = new AlarmItems();
  readonly #sites = new Map<string, number>();

  get size(): number {
    return this.#size;
  }

  add({ event_id, at, severity, site_code, element_type, name }: AlarmRow): void {
    if (this.#size === this.#at.length) this.#grow();
    const row = this.#size;
    this.#at[row] = Date.parse(at);
    this.#severity[row] = severity;
    this.#site[row] = this.#siteOf(site_code);
    this.#item[row] = this.#items.numberOf(element_type, name);
    this.#ids.push(event_id);
    this.#size += 1;
  }

  /** The rows since the last call come into their order. */
  async endHour(turns: WorkTurns): Promise<void> {
    const ids = this.#ids;
    this.#ids = [];
    const first = this.#size - ids.length;
    const at = this.#at.subarray(first, this.#size);
    const order = await sortedRows(
      ids.length,
      (a, b) => cell(at, a) - cell(at, b) || ((ids[a] ?? '') < (ids[b] ?? '') ? -1 : 1),
      turns,
    );
    for (const column of [this.#at, this.#severity, this.#site, this.#item]) {
      const unordered = column.slice(first, this.#size);
      order.forEach((row, place) => {
        column[first + place] = cell(unordered, row);
      });
    }
  }

  /** Call it once, after the last hour. */
  async build(turns: WorkTurns): Promise<AlarmColumns> {
    const siteStart = new Uint32Array(this.#sites.size + 1);
    for (let row = 0; row < this.#size; row += 1) {
      const next = cell(this.#site, row) + 1;
      siteStart[next] = cell(siteStart, next) + 1;
    }
    for (let site = 1; site < siteStart.length; site += 1)
      siteStart[site] = cell(siteStart, site) + cell(siteStart, site - 1);
    const [free, size] = [siteStart.slice(), this.#size];
    const [at, severity, item] = [new Float64Array(size), new Uint8Array(size), new Uint32Array(size)];
    for (let row = 0; row < size; row += 1) {
      if (turns.due()) await turns.pass();
      const site = cell(this.#site, row);
      const place = cell(free, site);
      free[site] = place + 1;
      at[place] = cell(this.#at, row);
      severity[place] = cell(this.#severity, row);
      item[place] = cell(this.#item, row);
    }
    return { size, at, severity, item, items: this.#items.list, sites: [...this.#sites.keys()], siteStart };
  }

  #grow(): void {
    const rows = 2 * this.#at.length;
    this.#at = longer(this.#at, new Float64Array(rows));
    this.#severity = longer(this.#severity, new Uint8Array(rows));
    this.#site = longer(this.#site, new Uint32Array(rows));
    this.#item = longer(this.#item, new Uint32Array(rows));
  }

  #siteOf(code: string): number {
    const known = this.#sites.get(code);
    if (known !== undefined) return known;
    this.#sites.set(code, this.#sites.size);
    return this.#sites.size - 1;
  }
}

/** The same columns without alarms of a lower severity. */
export const atLeast = async (columns: AlarmColumns, least: number, turns: WorkTurns): Promise<AlarmColumns> => {
  const siteStart = new Uint32Array(columns.siteStart.length);
  const kept = new Uint32Array(columns.size);
  let size = 0;
  for (let site = 0; site < columns.sites.length; site += 1) {
    const [from, to] = rowsOfSite(columns, site);
    for (let row = from; row < to; row += 1) {
      if (turns.due()) await turns.pass();
      if (cell(columns.severity, row) < least) continue;
      kept[size] = row;
      size += 1;
    }
    siteStart[site + 1] = size;
  }
  const rows = kept.subarray(0, size);
  return {
    ...columns,
    size,
    siteStart,
    at: Float64Array.from(rows, (row) => cell(columns.at, row)),
    severity: Uint8Array.from(rows, (row) => cell(columns.severity, row)),
    item: Uint32Array.from(rows, (row) => cell(columns.item, row)),
  };
};

/** Of rows that are in memory, in any order. */
export const columnsOf = async (rows: Iterable<AlarmRow>, turns: WorkTurns): Promise<AlarmColumns> => {
  const builder = new ColumnBuilder();
  for (const row of rows) builder.add(row);
  await builder.endHour(turns);
  return builder.build(turns);
};
