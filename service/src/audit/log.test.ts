import { auditKeys } from '../../test/rigs/audit-keys.ts';
import { parseConfig } from '../config.ts';
import { openMemoryTables } from '../stores/memory/tables.ts';
import { openAuditLog } from './log.ts';

it('keeps a record for two years unless told otherwise', async () => {
  let time = new Date('2026-11-20T10:00:00.000Z');
  const now = () => time;
  const tables = openMemoryTables({ now });
  const log = openAuditLog({ tables, now, retentionDays: parseConfig({}).AUDIT_RETENTION_DAYS, keys: auditKeys });
  await log.append({ userId: 'ana', correlationId: 'c-1', tool: 'sign-in', action: 'authorize', result: 'success' });
  const kept = async () => (await tables.query('audit-logs', { partition: 'ana' })).items.length;
  time = new Date('2028-11-19T09:59:59.000Z');
  expect(await kept()).toBe(1);
  time = new Date('2028-11-19T10:00:00.000Z');
  expect(await kept()).toBe(0);
});
