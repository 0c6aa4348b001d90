/** The little that the PostgreSQL engine needs of a connection: a server's pool or the embedded database. */
export interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
}

export interface Result {
  /** Values in the order of the selected columns. timestamptz as Date, bigint as number, jsonb as its text. */
  readonly rows: readonly (readonly unknown[])[];
  /** Rows that were written, or selected. */
  readonly count: number;
}

export type RunStatement = (statement: Statement) => Promise<Result>;

export interface SqlClient {
  readonly query: RunStatement;
  /** Commits if `work` resolves to true; otherwise, or when it throws, nothing stays. */
  transaction(work: (run: RunStatement) => Promise<boolean>): Promise<boolean>;
  readonly close: () => Promise<void>;
}
