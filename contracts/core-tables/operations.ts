/** The tables of changes, from plan to revert. */
import { attribute, type TableContract } from '../table.ts';

const { string, optionalString, number, boolean, json, optionalJson, timestamp, optionalTimestamp, epoch } = attribute;

export const operationTables = {
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
} as const satisfies Record<string, TableContract>;
