/** A scheduled audit that is there already, for tests that only name one. */
import type { Tables } from '../../src/ports/tables.ts';

export const auditThere = 'audit-sched-000000000000';

export const putAudit = (tables: Pick<Tables, 'insert'>): Promise<boolean> =>
  tables.insert('scheduled-audits', {
    scheduleId: auditThere,
    scheduleType: 'daily',
    time: '09:00',
    timezone: 'Europe/Berlin',
    recipients: ['ada@example.com'],
    format: 'email',
    nextRun: '2026-12-16T08:00:00.000Z',
    status: 'active',
    createdBy: 'ada@example.com',
    createdAt: '2026-11-01T00:00:00.000Z',
    revision: 1,
  });
