import { z } from 'zod';
import { ana } from '../../../test/rigs/pipeline.ts';
import type { Audit } from '../../audit/port.ts';
import type { AuditRecord } from '../../audit/record.ts';
import { AuditPage, AuditQuery, readAudit } from './get-audit-log.ts';

const states = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, at) => [`arn:${at}`, { Owner: `team-${at}@example.com` }]));

const record: AuditRecord = {
  userId: 'ana',
  correlationId: 'c',
  tool: 'bulk_tag_resources',
  action: 'write',
  result: 'success',
  parameters: { resource_arns: Object.keys(states(450)), tags: { Owner: 'x' } },
  before: states(450),
  after: states(450),
  timestamp: '2026-11-20T10:00:00.000Z',
  sequence: 1,
  previousHash: '0'.repeat(64),
  hash: '1'.repeat(64),
};

const read = (query: z.input<typeof AuditQuery>, admin = false, records = [record]) => {
  const asked: unknown[] = [];
  const audit: Audit = {
    append: () => Promise.reject(new Error('not here')),
    appendWith: () => Promise.reject(new Error('not here')),
    query: async (filter) => {
      asked.push(filter);
      return { items: records };
    },
  };
  const caller = admin ? { ...ana, scopes: new Set(['admin', 'tag:read'] as const) } : ana;
  return readAudit(audit, AuditQuery.parse(query), caller).then((page) => ({ ...page, asked }));
};

describe('readAudit', () => {
  it('shows a change of hundreds of resources in few kilobytes, and counts what it leaves out', async () => {
    const { records } = await read({ operation_id: 'op' });
    expect(JSON.stringify(records).length).toBeLessThan(5000);
    expect(records[0]).toMatchObject({ left_out: { before: 440, after: 440, parameters: 440 }, hash: record.hash });
    expect(Object.keys(z.record(z.string(), z.json()).parse(records[0]?.before))).toHaveLength(10);
  });

  it('shows all of it when asked', async () => {
    const { records } = await read({ operation_id: 'op', resources: 500 });
    expect(records).toEqual([record]);
  });

  it('reads one’s own records unless it is about an operation', async () => {
    expect((await read({})).asked).toMatchObject([{ userId: 'ana' }]);
    expect((await read({ operation_id: 'op' })).asked).toEqual([{ operationId: 'op', limit: 20 }]);
  });

  it.each([{ person: 'ben' }, { account_id: '111111111111' }])('needs admin for %j', async (query) => {
    await expect(read(query)).rejects.toMatchObject({ code: 'access_denied' });
    expect((await read(query, true)).records).toHaveLength(1);
  });

  it('shows others’ records of a correlation id to admins only', async () => {
    const foreign = { ...record, userId: 'ben' };
    expect((await read({ correlation_id: 'c' }, false, [foreign, record])).records).toHaveLength(1);
    expect((await read({ correlation_id: 'c' }, true, [foreign, record])).records).toHaveLength(2);
  });

  it('shows a record with an action, a result and members of a newer version as it is', async () => {
    const newer = { ...record, action: 'sanction', result: 'escrowed', sealedBy: { kind: 'kms' }, summary: 'new' };
    const shown = (await read({ operation_id: 'op', resources: 500 }, false, [newer as AuditRecord])).records;
    expect(shown).toEqual([newer]);
    expect(AuditPage.safeParse({ records: shown, untrusted_text: [] }).success).toBe(true);
  });

  it('makes visible what a member of a newer version hides', async () => {
    const newer = { ...record, note: 'a\u202eb' };
    const [shown] = (await read({ operation_id: 'op', resources: 500 }, false, [newer])).records;
    expect(shown?.note).not.toContain('\u202e');
  });
});
