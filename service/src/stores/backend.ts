/**
 * What one engine implements. Everything that does not depend on the engine (types, bounds, cursors, time, errors) is
 * done once in front of it by `openTables`.
 */
import type { TableShape } from './shape.ts';

export type Scalar = string | number | boolean;
/** A row as engines keep it: JSON attributes as JSON text, absent attributes missing. */
export type Stored = Readonly<Record<string, Scalar>>;
/** Scalars the stored row must have; undefined: must be absent. */
export type Expected = Readonly<Record<string, Scalar | undefined>>;

export type Step =
  | { readonly kind: 'insert'; readonly shape: TableShape; readonly key: Stored; readonly row: Stored }
  | {
      readonly kind: 'put';
      readonly shape: TableShape;
      readonly key: Stored;
      readonly row: Stored;
      readonly expect?: Expected;
    }
  | { readonly kind: 'remove'; readonly shape: TableShape; readonly key: Stored; readonly expect?: Expected };

export interface KeyRange {
  readonly shape: TableShape;
  readonly index?: string;
  /** Partition attribute and value. Without it the whole table is read. */
  readonly partition?: { readonly attribute: string; readonly value: string };
  readonly sort?: { readonly attribute: string; readonly from?: string; readonly to?: string };
  /** Attributes that order the rows, the sort first, then the key: what a position consists of. */
  readonly order: readonly string[];
  readonly descending: boolean;
  readonly limit: number;
  /** Values of `order` in the row after which to begin. */
  readonly after?: Stored;
}

/** `at` is the time in epoch seconds: rows whose TTL is not after it are absent. */
export interface Backend {
  get(shape: TableShape, key: Stored, at: number): Promise<Stored | undefined>;
  /** All steps or none; false if one does not hold. */
  write(steps: readonly Step[], at: number): Promise<boolean>;
  /** Up to `limit` rows; fewer only when there are no more. */
  read(range: KeyRange, at: number): Promise<Stored[]>;
  sweep(at: number): Promise<number>;
  ping(): Promise<void>;
  close(): Promise<void>;
}
