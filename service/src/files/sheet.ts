/** A table for people to open in a spreadsheet: what CSV and xlsx files are made from. */

/** What one cell holds. Text never becomes a formula, numbers stay numbers, nothing is an empty cell. */
export type Cell = string | number | bigint | boolean | Date | undefined | null;

export interface Column<Row> {
  readonly title: string;
  /** Text, a finite number, yes or no, a time, or nothing. */
  value(row: Row): Cell;
}

/** Rows that are in memory, or that are read while the file is written. */
export type Rows<Row> = Iterable<Row> | AsyncIterable<Row>;

/** @throws RangeError for NaN and infinities, which no spreadsheet can hold */
export const finite = (value: number, title: string): number => {
  if (Number.isFinite(value)) return value;
  throw new RangeError(`The column ${title} has ${value}, which is not a number that a cell can hold`);
};
