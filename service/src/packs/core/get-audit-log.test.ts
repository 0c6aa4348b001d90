import { z } from 'zod';
import { ana } from '../../../test/rigs/pipeline.ts';
import { openImportedAudit, toImported } from '../../audit/imported.ts';
import type { Audit } from '../../audit/port.ts';
import type { AuditRecord } from '../../audit/record.ts';
import type { Operation } from '../../operations/operation.ts';
import { openMemoryTables } from '../../stores/memory/tables.ts';
import { type AuditLogs, AuditPage, AuditQuery, readAudit } from './get-audit-log.ts';

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

/** Every operation is there for everybody. */
const pipeline: AuditLogs['pipeline'] = {
  sight: { shows: () => true, toolsShown: () => undefined, scopeOf: () => undefined },
  seenBy: () => ({
    get: async (operationId) => ({ operationId }) as Operation,
    recent: async () => ({ items: [] }),
    waiting: async () => [],
  }),
};

const none = { query: () => Promise.reject(new Error('not asked for')) };

const read = (query: z.input<typeof AuditQuery>, admin = false, records = [record]) => {
  const asked: unknown[] = [];
  const audit: Audit = {
    append: () => Promise.reject(new Error('not here')),
    appendWith: () => Promise.reject(new Error('not here')),
    query: async (filter) => {
      asked.push(filter);
      return { items: records.filter((each) => filter.shows?.(each) ?? true) };
    },
  };
  const caller = admin ? { ...ana, scopes: new Set(['admin', 'tag:read'] as const) } : ana;
  return readAudit({ pipeline, audit, imported: none }, AuditQuery.parse(query), caller).then((page) => ({
    ...page,
    asked,
  }));
};

describe('readAudit', () => {
  it('shows a change of hundreds of resources in few kilobytes, and counts what it leaves out', async () => {
    const { records } = await read({ operation_id: 'op' });
    expect(JSON.stringify(records).length).toBeLessThan(5000);
    expect(records[0]).toMatchObject({ left_out: { before: 440, after: 440, parameters: 440 }, hash: record.hash });
    expect(Object.keys(z.record(z.string(), z.json()).parse(Object(records[0]).before))).toHaveLength(10);
  });

  it('shows all of it when asked', async () => {
    const { records } = await read({ operation_id: 'op', resources: 500 });
    expect(records).toEqual([record]);
  });

  it('reads one’s own records unless it is about an operation', async () => {
    expect((await read({})).asked).toMatchObject([{ userId: 'ana' }]);
    expect((await read({ operation_id: 'op' })).asked).toMatchObject([{ operationId: 'op', limit: 20 }]);
  });

  it.each([{ person: 'ben' }, { account_id: '111111111111' }])('needs admin for %j', async (query) => {
    await expect(read(query)).rejects.toMatchObject({ code: 'access_denied' });
    expect((await read(query, true)).records).toHaveLength(1);
  });

  it('leaves out of an operation’s records each message that went out, and keeps one that did not', async () => {
    const told: AuditRecord = { ...record, tool: 'notices', notificationsSent: ['mail ben'] };
    const records = [told, { ...told, result: 'failure' as const }, record];
    const steps = async (query: z.input<typeof AuditQuery>) =>
      (await read(query, true, records)).records.map((each) => `${Object(each).tool} ${Object(each).result}`);
    expect(await steps({ operation_id: 'op' })).toEqual(['notices failure', 'bulk_tag_resources success']);
    expect(await steps({ person: 'ana' })).toHaveLength(3);
  });

  it('asks for others’ records of a correlation id for admins only', async () => {
    expect((await read({ correlation_id: 'c' })).asked).toMatchObject([{ correlationId: 'c', userId: 'ana' }]);
    expect((await read({ correlation_id: 'c' }, true)).asked).toEqual([{ correlationId: 'c', limit: 20 }]);
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
    expect(Object(shown).note).not.toContain('\u202e');
  });
});

describe('records of the system before this one', () => {
  const row = (n: number, more: object = {}) =>
    toImported(
      'phase-1',
      { n, at: `2024-12-15T14:00:${String(n).padStart(2, '0')}.000Z`, row: { id: n, status: 'success', ...more } },
      { userId: 'vera', tool: 'check_tag_compliance' },
    );
  const readFrom = async (query: z.input<typeof AuditQuery>, admin: boolean, rows = [row(1), row(2)]) => {
    const tables = openMemoryTables({ now: () => new Date() });
    for (const each of rows) await tables.insert('imported-audit', each);
    const imported = openImportedAudit(tables, () => new Date('2025-01-01T00:00:00.000Z'));
    const caller = admin ? { ...ana, scopes: new Set(['admin', 'tag:read'] as const) } : ana;
    return readAudit(
      { pipeline, audit: unasked, imported },
      AuditQuery.parse({ source: 'imported', ...query }),
      caller,
    );
  };
  const unasked: Audit = {
    append: () => Promise.reject(new Error('not here')),
    appendWith: () => Promise.reject(new Error('not here')),
    query: () => Promise.reject(new Error('not asked for')),
  };

  it('are shown to admins, the newest first, each as unchained', async () => {
    const page = await readFrom({ person: 'vera' }, true);
    expect(page.records).toEqual([
      expect.objectContaining({ chained: false, import_id: 'phase-1', position: 2, row_hash: row(2).rowHash }),
      expect.objectContaining({ chained: false, position: 1, record: { id: 1, status: 'success' } }),
    ]);
    expect(page.untrusted_text).toContain('records[].record');
    expect(AuditPage.safeParse(page).success).toBe(true);
  });

  it('are paged, also by length', async () => {
    const rows = Array.from({ length: 20 }, (_, n) => row(n, { parameters: 'x'.repeat(1500) }));
    const first = await readFrom({ from: '2024-12-01T00:00:00Z', to: '2024-12-31T00:00:00Z' }, true, rows);
    expect(first.records.length).toBeGreaterThan(0);
    expect(first.records.length).toBeLessThan(20);
    expect(first.next_cursor).toBeDefined();
  });

  it('make visible what they hide', async () => {
    const { records } = await readFrom({ person: 'vera' }, true, [row(1, { note: 'a\u202eb' })]);
    expect(JSON.stringify(records)).not.toContain('\u202e');
  });

  it.each<[z.input<typeof AuditQuery>, boolean, string]>([
    [{ person: 'vera' }, false, 'access_denied'],
    [{ operation_id: 'op' }, true, 'invalid_input'],
    [{ correlation_id: 'c' }, true, 'invalid_input'],
    [{}, true, 'invalid_input'],
    [{ from: '2024-12-31T00:00:00Z', to: '2024-12-01T00:00:00Z' }, true, 'invalid_input'],
  ])('are refused for %j with admin %p', async (query, admin, code) => {
    await expect(readFrom(query, admin)).rejects.toMatchObject({ code });
  });
});
