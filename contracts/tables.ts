/**
 * Every table the service keeps: keys, indexes, columns, expiry and backups.
 * The platform derives DynamoDB tables, indexes, TTL and backups; the service derives its DynamoDB calls and its
 * PostgreSQL tables. A table is one row shape in both engines.
 */
import { jobTables } from './job-tables.ts';
import { merged, packOf, providersOf, takesWebhooks } from './packs/index.ts';
import { type AttributeType, attribute, type TableContract } from './table.ts';

const {
  string,
  optionalString,
  number,
  boolean,
  json,
  optionalJson,
  timestamp,
  optionalTimestamp,
  epoch,
  optionalEpoch,
} = attribute;

const coreTables = {
  operations: {
    description: 'One record per change, from plan to revert.',
    postgres: 'operations',
    partition: 'operationId',
    attributes: {
      operationId: string,
      version: number,
      status: string,
      tool: string,
      createdBy: string,
      createdAt: timestamp,
      updatedAt: timestamp,
      // The requester's own retry key; absent when none was given.
      idempotencyKey: optionalString,
      // Its tool while somebody is waited for, and absent else: what waits is found by tool, without what does not wait.
      waitsFor: optionalString,
      record: json,
    },
    indexes: {
      'status-createdAt-index': { partition: 'status', sort: 'createdAt' },
      'tool-createdAt-index': { partition: 'tool', sort: 'createdAt' },
      'waitsFor-createdAt-index': { partition: 'waitsFor', sort: 'createdAt' },
      'createdBy-createdAt-index': { partition: 'createdBy', sort: 'createdAt' },
      'idempotencyKey-index': { partition: 'idempotencyKey' },
    },
    pointInTimeRecovery: true,
  },
  'audit-logs': {
    description: 'What happened, append-only; each record carries the hash of the one before it in its partition.',
    postgres: 'audit_logs',
    partition: 'userId',
    sort: 'timestamp',
    attributes: {
      userId: string,
      timestamp: timestamp,
      logDate: string,
      sequence: number,
      previousHash: string,
      hash: string,
      correlationId: string,
      tool: string,
      action: string,
      result: string,
      operationId: optionalString,
      accountId: optionalString,
      record: json,
      expirationTime: optionalEpoch,
    },
    indexes: {
      'operationId-index': { partition: 'operationId', sort: 'timestamp' },
      'accountId-timestamp-index': { partition: 'accountId', sort: 'timestamp' },
      'timestamp-index': { partition: 'logDate', sort: 'timestamp' },
      'correlationId-index': { partition: 'correlationId', sort: 'timestamp' },
      'tool-timestamp-index': { partition: 'tool', sort: 'timestamp' },
    },
    ttl: 'expirationTime',
    pointInTimeRecovery: true,
    appendOnly: true,
  },
  'imported-audit': {
    description:
      'Records of the audit log of an old system, as they were when they were imported. They are in no chain; a record of the audit log names their root.',
    postgres: 'imported_audit',
    partition: 'importId',
    sort: 'position',
    attributes: {
      importId: string,
      // Number of the row where it came from, 16 digits so that texts sort like numbers.
      position: string,
      timestamp: timestamp,
      logDate: string,
      userId: string,
      tool: string,
      rowHash: string,
      record: json,
    },
    indexes: {
      'timestamp-index': { partition: 'logDate', sort: 'timestamp' },
      'userId-index': { partition: 'userId', sort: 'timestamp' },
    },
    pointInTimeRecovery: true,
    appendOnly: true,
  },
  'audit-heads': {
    description: 'The newest sequence number and hash of each audit partition.',
    postgres: 'audit_heads',
    partition: 'userId',
    attributes: {
      userId: string,
      sequence: number,
      hash: string,
      timestamp: timestamp,
      // When the newest record may be deleted; not this table's own TTL, for heads stay.
      recordExpires: optionalEpoch,
      // HMAC over the others. Absent in heads written before heads were signed.
      signature: optionalString,
    },
    indexes: {},
    pointInTimeRecovery: true,
    scanned: true,
  },
  'audit-exports': {
    description:
      'How far the audit log of each partition was exported for auditors, and the file that is being written.',
    postgres: 'audit_exports',
    partition: 'userId',
    attributes: {
      userId: string,
      // The last record in a file that is there: number, hash and time. 0 before the first.
      sequence: number,
      hash: string,
      timestamp: optionalTimestamp,
      // The records of the file that is being written. Whoever takes it over writes these and no others.
      fileFrom: { type: 'number', optional: true },
      fileTo: { type: 'number', optional: true },
    },
    indexes: {},
    pointInTimeRecovery: true,
  },
  snapshots: {
    description: 'State before and after an applied operation, which a revert is planned from.',
    postgres: 'operation_snapshots',
    partition: 'operationId',
    attributes: {
      operationId: string,
      userId: string,
      timestamp: timestamp,
      tool: string,
      previousState: json,
      newState: json,
      // What all of its changes have in common; absent where they differ.
      accountId: optionalString,
      resourceType: optionalString,
      resourceId: optionalString,
      rollbackAvailable: boolean,
      rolledBackAt: optionalTimestamp,
      // What the change cost, worked out when it was taken back.
      financialReport: optionalJson,
      expirationTime: epoch,
    },
    indexes: {},
    ttl: 'expirationTime',
    pointInTimeRecovery: true,
  },
  claims: {
    description: 'Resources that are being changed, each claimed by one operation: one change of a resource at a time.',
    postgres: 'resource_claims',
    partition: 'resource',
    attributes: {
      // SHA-256 of the resource's key, which has no length limit of its own.
      resource: string,
      operationId: string,
      // The lease of the operation that the claim belongs to; a claim of any other lease is void.
      leaseId: string,
      expirationTime: epoch,
    },
    indexes: {},
    ttl: 'expirationTime',
    pointInTimeRecovery: false,
    removable: true,
  },
  'waiting-operations': {
    description: 'Operations that wait for an answer, by who asked: how many one person may have is counted here.',
    postgres: 'waiting_operations',
    partition: 'userId',
    sort: 'operationId',
    attributes: {
      userId: string,
      operationId: string,
      clientId: string,
      expirationTime: epoch,
    },
    indexes: {},
    ttl: 'expirationTime',
    pointInTimeRecovery: false,
    removable: true,
  },
  'approved-accounts': {
    description: 'Which person may act on which upstream account, and who approved that.',
    postgres: 'approved_accounts',
    partition: 'userId',
    sort: 'accountKey',
    attributes: {
      userId: string,
      accountKey: string,
      api: string,
      accountId: string,
      accountName: optionalString,
      clientName: optionalString,
      approvedBy: string,
      approvedAt: timestamp,
      expiresAt: optionalTimestamp,
      requestId: optionalString,
      // ACTIVE, EXPIRED or REVOKED. An ACTIVE one whose expiresAt has passed is void before the daily work says EXPIRED.
      status: string,
      // Whom the identity provider named, when access was asked for: the approval is for nobody else with the same subject.
      person: optionalJson,
      // Value of TEAM_CLAIM of that person.
      team: optionalString,
      endedBy: optionalString,
      endedAt: optionalTimestamp,
      // What the row was before, newest first.
      history: optionalJson,
    },
    indexes: {
      'api-accountId-index': { partition: 'api', sort: 'accountId' },
      'expiresAt-index': { partition: 'status', sort: 'expiresAt' },
    },
    pointInTimeRecovery: true,
  },
  'access-requests': {
    description: 'Requests of people for access to upstream accounts.',
    postgres: 'access_requests',
    partition: 'requestId',
    attributes: {
      requestId: string,
      userId: string,
      requestedAccounts: json,
      reason: string,
      requestedAt: timestamp,
      // PENDING, then once and for all APPROVED, REJECTED or EXPIRED.
      status: string,
      // The team whose managers decide it: the requester's TEAM_CLAIM. Absent: admins decide.
      localManager: optionalString,
      // The admin who decided, where it was no local manager.
      globalAdmin: optionalString,
      // Who decided, and when: also of a rejection.
      approvedBy: optionalString,
      approvedAt: optionalTimestamp,
      approverNote: optionalString,
      // While it is PENDING: until when it may be decided. Then the end of what was approved; absent: without end.
      expiresAt: optionalTimestamp,
      requester: optionalJson,
      // Days of access that were asked for.
      requestedDays: { type: 'number', optional: true },
      // What of requestedAccounts was approved.
      approvedAccounts: optionalJson,
    },
    indexes: {
      'userId-requestedAt-index': { partition: 'userId', sort: 'requestedAt' },
      'status-requestedAt-index': { partition: 'status', sort: 'requestedAt' },
      'localManager-status-index': { partition: 'localManager', sort: 'status' },
    },
    pointInTimeRecovery: true,
  },
  'oauth-sessions': {
    description: 'One row per grant a person gave a client: hashes of its newest tokens, scopes, revocation.',
    postgres: 'oauth_sessions',
    partition: 'sessionId',
    attributes: {
      sessionId: string,
      userId: string,
      clientId: string,
      accessTokenHash: string,
      refreshTokenHash: optionalString,
      scopes: json,
      // When elevated scopes of the newest token end.
      elevatedUntil: optionalEpoch,
      // Host that the authorization's answer went to.
      answersTo: optionalString,
      // When a token of the grant was last seen, to the minutes.
      lastUsedAt: optionalTimestamp,
      createdAt: timestamp,
      expiresAt: timestamp,
      revokedAt: optionalTimestamp,
      expirationTime: epoch,
    },
    indexes: { 'userId-createdAt-index': { partition: 'userId', sort: 'createdAt' } },
    ttl: 'expirationTime',
    pointInTimeRecovery: true,
  },
  'oauth-artifacts': {
    description:
      "The authorization server's clients, codes, grants, interactions, refresh tokens and browser sessions, and who was just told that a scope is missing.",
    postgres: 'oauth_artifacts',
    partition: 'artifactId',
    attributes: {
      artifactId: string,
      model: string,
      grantId: optionalString,
      payload: json,
      consumedAt: optionalEpoch,
      expirationTime: optionalEpoch,
    },
    indexes: {
      'grantId-index': { partition: 'grantId' },
    },
    ttl: 'expirationTime',
    pointInTimeRecovery: true,
    removable: true,
  },
  'signing-keys': {
    description: 'Keys that sign tokens, private halves encrypted; older ones stay until their tokens are gone.',
    postgres: 'signing_keys',
    partition: 'keyId',
    attributes: {
      keyId: string,
      algorithm: string,
      publicJwk: json,
      encryptedPrivateJwk: string,
      createdAt: timestamp,
      // The set every task reads through one index partition; always 'current'.
      keySet: string,
      expirationTime: epoch,
    },
    indexes: { 'keySet-createdAt-index': { partition: 'keySet', sort: 'createdAt' } },
    ttl: 'expirationTime',
    pointInTimeRecovery: true,
  },
  elevations: {
    description: 'Scopes that a person raised for a client that cannot step up by itself.',
    postgres: 'elevations',
    partition: 'userId',
    sort: 'clientId',
    attributes: {
      userId: string,
      clientId: string,
      scopes: json,
      raisedAt: timestamp,
      expirationTime: epoch,
    },
    indexes: {},
    ttl: 'expirationTime',
    pointInTimeRecovery: false,
    removable: true,
  },
  people: {
    description: 'People as the identity provider named them when they last signed in; tokens are refreshed from it.',
    postgres: 'people',
    partition: 'personId',
    attributes: {
      personId: string,
      name: string,
      email: string,
      roles: json,
      // Value of TEAM_CLAIM.
      team: optionalString,
      // Those of TOKEN_CLAIMS.
      claims: optionalJson,
      signedInAt: timestamp,
      expirationTime: epoch,
    },
    indexes: {},
    ttl: 'expirationTime',
    pointInTimeRecovery: true,
    // For who holds a scope.
    scanned: true,
  },
  'web-sessions': {
    description: "People's sign-ins on the service's own pages.",
    postgres: 'web_sessions',
    partition: 'sessionId',
    attributes: {
      sessionId: string,
      userId: string,
      person: json,
      authenticatedAt: epoch,
      // Hash of the path the person signed in for, which may need a sign-in of its own.
      purposeHash: optionalString,
      csrfToken: string,
      expirationTime: epoch,
    },
    indexes: {},
    ttl: 'expirationTime',
    pointInTimeRecovery: false,
    removable: true,
  },
  'notice-choices': {
    description: 'What a person wants to be told, and where; those who chose nothing have no row.',
    postgres: 'notice_choices',
    partition: 'personId',
    attributes: {
      personId: string,
      choices: json,
      updatedAt: timestamp,
    },
    indexes: {},
    pointInTimeRecovery: true,
  },
  'paused-channels': {
    description: 'Addresses that answered that they take nothing any more. An admin lets one be told again.',
    postgres: 'paused_channels',
    partition: 'channel',
    attributes: {
      // `shared:<name>`, or `<channel>:<personId>`.
      channel: string,
      because: string,
      pausedAt: timestamp,
    },
    indexes: {},
    pointInTimeRecovery: false,
    removable: true,
  },
  'sandbox-messages': {
    description: 'Messages as the sandbox would have sent them.',
    postgres: 'sandbox_messages',
    partition: 'box',
    sort: 'place',
    attributes: {
      // Always `sent`.
      box: string,
      // When, and the id of the message, so that what is sent again is there once.
      place: string,
      messageId: string,
      sentAt: timestamp,
      channel: string,
      recipient: string,
      title: string,
      // Tool of the operation it is about, by which it is seen who may read it.
      tool: optionalString,
      // For one person only.
      personId: optionalString,
      body: json,
      expirationTime: epoch,
    },
    indexes: {},
    ttl: 'expirationTime',
    pointInTimeRecovery: false,
    sandboxOnly: true,
  },
  intents: {
    description: 'Calls that were questioned and wait to be repeated with their id; single use.',
    postgres: 'intents',
    partition: 'intentId',
    attributes: {
      intentId: string,
      userId: string,
      tool: string,
      argumentsHash: string,
      record: json,
      expirationTime: epoch,
    },
    indexes: {},
    ttl: 'expirationTime',
    pointInTimeRecovery: false,
    removable: true,
    // For those that nobody answered in time.
    scanned: true,
  },
  'regret-corrections': {
    description: 'How often people of an organization said that a warning was right, by kind: those come first.',
    postgres: 'regret_corrections',
    partition: 'organization',
    sort: 'kind',
    attributes: { organization: string, kind: string, corrections: number, updatedAt: timestamp },
    indexes: {},
    pointInTimeRecovery: true,
  },
  'webhook-messages': {
    description: 'Messages of webhooks that were taken, by path and id: each is taken once.',
    postgres: 'webhook_messages',
    partition: 'messageKey',
    attributes: {
      messageKey: string,
      bodyHash: string,
      taker: string,
      done: boolean,
      receivedAt: timestamp,
      expirationTime: epoch,
    },
    indexes: {},
    ttl: 'expirationTime',
    pointInTimeRecovery: false,
    removable: true,
    forWebhooks: true,
  },
  'upstream-credentials': {
    description:
      'Accounts at upstreams that people connected, with their refresh tokens sealed; and attempts to connect one. A restored copy would hold tokens that were replaced since, so it is not backed up.',
    postgres: 'upstream_credentials',
    partition: 'userId',
    sort: 'entry',
    attributes: {
      userId: string,
      // connected|<provider>, or attempt|<hash of its state>.
      entry: string,
      version: number,
      record: json,
      // Absent where the provider ended the connection.
      sealed: optionalString,
      expirationTime: epoch,
    },
    indexes: {},
    ttl: 'expirationTime',
    pointInTimeRecovery: false,
    removable: true,
    forProviders: true,
  },
  ...jobTables,
} as const satisfies Record<string, TableContract>;

/** Every table that this version knows, of all packs. */
export const tables = { ...coreTables, ...merged('tables', coreTables) };

export type TableName = keyof typeof tables;
export const tableNames = Object.keys(tables) as TableName[];
/** The tables of a service with these packs: the core's own, and theirs. */
export const tablesOf = (packs: readonly string[]): readonly TableName[] =>
  tableNames.filter((name) => {
    const pack = packOf('tables', name);
    return pack === undefined || packs.includes(pack);
  });

/** Those of them that the platform makes. */
export const deployedTables = (packs: readonly string[]): readonly TableName[] =>
  tablesOf(packs).filter((name) => {
    const { sandboxOnly, forWebhooks, forProviders }: TableContract = tables[name];
    return (
      sandboxOnly !== true &&
      (forWebhooks !== true || takesWebhooks(packs)) &&
      (forProviders !== true || providersOf(packs).length > 0)
    );
  });

/** The tables that the service reads whole. */
export const scannedTableNames: readonly TableName[] = tableNames.filter(
  (name) => (tables[name] as TableContract).scanned === true,
);

/** The tables whose rows the service removes. */
export const removableTableNames: readonly TableName[] = tableNames.filter(
  (name) => (tables[name] as TableContract).removable === true,
);

/** The tables whose rows are never written again. */
export const appendOnlyTableNames: readonly TableName[] = tableNames.filter(
  (name) => (tables[name] as TableContract).appendOnly === true,
);

/** The tables that even a region that only reads may write. */
export const anyRegionTableNames: readonly TableName[] = tableNames.filter(
  (name) => (tables[name] as TableContract).anyRegion === true,
);

interface ValueOf {
  string: string;
  number: number;
  boolean: boolean;
  json: unknown;
  timestamp: string;
  epoch: number;
}

type Attributes<T extends TableName> = (typeof tables)[T]['attributes'];
type Optional<A> = { [K in keyof A]: A[K] extends { optional: true } ? K : never }[keyof A];
type Value<A> = A extends { type: infer Type extends AttributeType } ? ValueOf[Type] : never;

/** One row of a table. Optional attributes are absent, never null. */
export type Row<T extends TableName> = {
  -readonly [K in Exclude<keyof Attributes<T>, Optional<Attributes<T>>>]: Value<Attributes<T>[K]>;
} & { -readonly [K in Optional<Attributes<T>>]?: Value<Attributes<T>[K]> | undefined };

type SortOf<T extends TableName> = (typeof tables)[T] extends { sort: infer S extends string } ? S : never;

/** The primary key of a row. */
export type Key<T extends TableName> = Record<(typeof tables)[T]['partition'] | SortOf<T>, string>;

export type IndexName<T extends TableName> = keyof (typeof tables)[T]['indexes'] & string;
