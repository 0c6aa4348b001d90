/**
 * The port to durable state. Its shape is derived from contracts/tables.ts, so consumers read and write typed rows and
 * an engine (stores/dynamodb, stores/postgres, stores/memory) implements these few verbs once for every table.
 */
import type { IndexName, Key, Row, TableName } from '../../../contracts/tables.ts';

/**
 * Attributes that must equal these values, or be absent where the value is undefined, for a write to happen. A row that
 * does not exist meets no expectation. JSON attributes cannot be expected: they have more than one spelling.
 */
export type Expectation<T extends TableName> = Partial<{
  [K in keyof Row<T> as unknown extends Row<T>[K] ? never : K]: Row<T>[K] | undefined;
}>;

export interface TableQuery<T extends TableName> {
  /** Without an index the primary key is queried. */
  readonly index?: IndexName<T>;
  /** Value of the (index's) partition attribute. */
  readonly partition: string;
  /** Inclusive bounds of the (index's) sort attribute. */
  readonly from?: string;
  readonly to?: string;
  /** Newest or highest first. Default false. */
  readonly descending?: boolean;
  /** Rows of one page, 1 to 1000. Default 100. */
  readonly limit?: number;
  /** The cursor of the page before. Opaque; a foreign one is refused with invalid_input. */
  readonly cursor?: string;
}

export interface Page<R> {
  readonly items: R[];
  /** Present when there may be more. */
  readonly cursor?: string;
}

/** One write of a transaction. */
export type Write = {
  [T in TableName]:
    | { readonly kind: 'insert'; readonly table: T; readonly row: Row<T> }
    | { readonly kind: 'put'; readonly table: T; readonly row: Row<T>; readonly expect?: Expectation<T> }
    | { readonly kind: 'remove'; readonly table: T; readonly key: Key<T>; readonly expect?: Expectation<T> };
}[TableName];

/**
 * Every verb rejects with CountersignError `store_unavailable` when the engine does not answer, and rows whose TTL has
 * passed count as absent everywhere. Reads by key are strongly consistent; reads of an index may lag on DynamoDB.
 */
export interface Tables {
  get<T extends TableName>(table: T, key: Key<T>): Promise<Row<T> | undefined>;
  /** Writes a new row. False, and nothing written, if the key exists. */
  insert<T extends TableName>(table: T, row: Row<T>): Promise<boolean>;
  /** Writes a row whole. With `expect`: false, and nothing written, unless the stored row meets it. */
  put<T extends TableName>(table: T, row: Row<T>, expect?: Expectation<T>): Promise<boolean>;
  /** Removes a row. False if there was none, or it does not meet `expect`. */
  remove<T extends TableName>(table: T, key: Key<T>, expect?: Expectation<T>): Promise<boolean>;
  /**
   * Rows ordered by the sort attribute, and by primary key where sorts are equal (DynamoDB leaves those in any order).
   * Rows without the index's attributes are not in the index.
   * @throws invalid_input for a bound, limit or cursor that cannot be
   */
  query<T extends TableName>(table: T, query: TableQuery<T>): Promise<Page<Row<T>>>;
  /** All of up to 100 writes to different rows, or none: false if any insert, expectation or removal does not hold. */
  transact(writes: readonly Write[]): Promise<boolean>;
}

/** What operators and timers do with an engine, beside what requests do. */
export interface TableEngine extends Tables {
  /** Resolves while the engine answers. */
  ping(): Promise<void>;
  close(): Promise<void>;
  /** A page of all rows of a table, in the engine's own order. Reads everything: for commands and timers, never for requests. */
  scan<T extends TableName>(table: T, page?: Pick<TableQuery<T>, 'limit' | 'cursor'>): Promise<Page<Row<T>>>;
  /** Deletes rows whose TTL has passed, and says how many. 0 where the engine does it by itself. */
  sweep(): Promise<number>;
  /** Reads that also show rows whose TTL has passed, until they are deleted: for a verifier, because a TTL can be forged. */
  withExpired(): TableReader;
}

export type TableReader = Pick<TableEngine, 'get' | 'query' | 'scan'>;
