/** The tables of who may act on which upstream account. */
import { attribute, type TableContract } from '../table.ts';

const { string, optionalString, json, optionalJson, timestamp, optionalTimestamp } = attribute;

export const accessTables = {
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
} as const satisfies Record<string, TableContract>;
