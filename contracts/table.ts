/** How one table is described: keys, indexes, columns, expiry and backups. */

/**
 * string: text. number: finite double. boolean. json: any JSON value. timestamp: an ISO 8601 UTC string with
 * milliseconds, which PostgreSQL keeps as timestamptz. epoch: whole seconds since 1970 (the unit of DynamoDB's TTL).
 */
export type AttributeType = 'string' | 'number' | 'boolean' | 'json' | 'timestamp' | 'epoch';

export interface AttributeContract {
  readonly type: AttributeType;
  readonly optional?: true;
}

export interface IndexContract {
  readonly partition: string;
  readonly sort?: string;
}

export interface TableContract {
  /** What is in it, for the documentation. */
  readonly description: string;
  /** Its name in PostgreSQL; DynamoDB's is `<TABLE_PREFIX><key of this object>`. */
  readonly postgres: string;
  readonly partition: string;
  readonly sort?: string;
  readonly attributes: Readonly<Record<string, AttributeContract>>;
  readonly indexes: Readonly<Record<string, IndexContract>>;
  /** The epoch attribute after which a row counts as absent. */
  readonly ttl?: string;
  /** Point-in-time recovery; false only for what may be lost. */
  readonly pointInTimeRecovery: boolean;
  /** The service removes rows before they expire. Of any other table it may not, and its role cannot. */
  readonly removable?: true;
  /** Rows are written once and never again, and the role cannot update them. */
  readonly appendOnly?: true;
  /** The service reads it whole, on a timer. Of any other table its role cannot. */
  readonly scanned?: true;
  /** Holds the sandbox only; the platform does not make it. */
  readonly sandboxOnly?: true;
  /** Made only where an enabled pack has a webhook. */
  readonly forWebhooks?: true;
  /** Made only where an enabled pack acts with people's own credentials. */
  readonly forProviders?: true;
  /** Rows have keys of their own and are written whole, so regions that only read may write them too: see home.ts. */
  readonly anyRegion?: true;
}

/** Types of attributes, to write a table with. */
export const attribute = {
  string: { type: 'string' },
  optionalString: { type: 'string', optional: true },
  number: { type: 'number' },
  boolean: { type: 'boolean' },
  json: { type: 'json' },
  optionalJson: { type: 'json', optional: true },
  timestamp: { type: 'timestamp' },
  optionalTimestamp: { type: 'timestamp', optional: true },
  epoch: { type: 'epoch' },
  optionalEpoch: { type: 'epoch', optional: true },
} as const;
