/** Rows and times that the tests of the tables write. */
import { randomUUID } from 'node:crypto';
import type { Row } from '../../../../contracts/tables.ts';

/** When the tests take place. */
export const NOW = new Date('2026-03-01T12:00:00.500Z');
export const SECONDS = Math.floor(NOW.getTime() / 1000);
export const time = (offset: number): string => new Date(NOW.getTime() + offset).toISOString();

export const operation = (fields: Partial<Row<'operations'>> = {}): Row<'operations'> => ({
  operationId: `op_${randomUUID()}`,
  version: 1,
  status: 'planned',
  tool: 'bulk_tag_resources',
  createdBy: 'ada',
  createdAt: time(0),
  updatedAt: time(0),
  record: { plan: [] },
  ...fields,
});

export const session = (fields: Partial<Row<'web-sessions'>> = {}): Row<'web-sessions'> => ({
  sessionId: randomUUID(),
  userId: 'ada',
  person: { name: 'Ada' },
  authenticatedAt: SECONDS,
  csrfToken: 'c',
  expirationTime: SECONDS + 60,
  ...fields,
});

export const record = (userId: string, offset: number, fields: Partial<Row<'audit-logs'>> = {}): Row<'audit-logs'> => ({
  userId,
  timestamp: time(offset),
  logDate: time(offset).slice(0, 10),
  sequence: offset,
  previousHash: '0',
  hash: '1',
  correlationId: randomUUID(),
  tool: 't',
  action: 'read',
  result: 'success',
  record: {},
  ...fields,
});
