import type { Row } from '../../../../contracts/tables.ts';
import { hashOf, recordFromRow, recordToRow } from '../../../src/audit/chain.ts';
import type { Break } from '../../../src/audit/finding.ts';
import { openAuditLog } from '../../../src/audit/log.ts';
import type { AuditRecord } from '../../../src/audit/record.ts';
import { verifyChain } from '../../../src/audit/verify.ts';
import type { TableEngine } from '../../../src/ports/tables.ts';
import { auditKeys } from '../../rigs/audit-keys.ts';
import { type AuditBench, asWritten, event, someone } from './bench.ts';

export const verified = (on: AuditBench): void => {
  describe('verified', () => {
    /** Five records of one person, a minute apart. */
    const chainOf = async (userId: string) => {
      const log = on.audit();
      const records: AuditRecord[] = [];
      for (let i = 1; i <= 5; i += 1) {
        records.push(await log.append(event({ userId, parameters: { i }, accountId: '111111111111' })));
        on.moveTo(new Date(on.now().getTime() + 60_000));
      }
      return records;
    };
    const rowsOf = async (userId: string) => (await on.tables.query('audit-logs', { partition: userId })).items;
    const rowAt = async (userId: string, sequence: number) => {
      const row = (await rowsOf(userId)).find((one) => one.sequence === sequence);
      if (row === undefined) throw new Error(`no record ${sequence}`);
      return row;
    };
    const keyOf = ({ userId, timestamp }: Row<'audit-logs'>) => ({ userId, timestamp });
    const headOf = async (userId: string) => {
      const head = await on.tables.get('audit-heads', { userId });
      if (head === undefined) throw new Error('no head');
      return head;
    };
    const change = async (userId: string, sequence: number, fields: Partial<Row<'audit-logs'>>) => {
      const row = await rowAt(userId, sequence);
      await on.tables.put('audit-logs', { ...row, ...fields });
    };
    /** What somebody does who knows the hashing: the record is changed and its hash made to fit. */
    const forge = async (userId: string, sequence: number, fields: Partial<AuditRecord>) => {
      const row = await rowAt(userId, sequence);
      const record = { ...recordFromRow(row), ...fields };
      await on.tables.put('audit-logs', recordToRow({ ...record, hash: hashOf(record) }, row.expirationTime));
    };
    const swap = async (userId: string, one: number, other: number) => {
      const [a, b] = [await rowAt(userId, one), await rowAt(userId, other)];
      await on.tables.put('audit-logs', { ...a, timestamp: b.timestamp });
      await on.tables.put('audit-logs', { ...b, timestamp: a.timestamp });
    };

    const tamperings: [string, (userId: string) => Promise<unknown>, Omit<Break, 'partition' | 'detail'>][] = [
      ['a changed column', (id) => change(id, 3, { result: 'failure' }), { sequence: 3, kind: 'changed' }],
      ['a changed account', (id) => change(id, 3, { accountId: undefined }), { sequence: 3, kind: 'changed' }],
      [
        'changed details',
        (id) => change(id, 3, { record: { parameters: { i: 4 } } }),
        { sequence: 3, kind: 'changed' },
      ],
      ['a changed day', (id) => change(id, 3, { logDate: '2020-01-01' }), { sequence: 3, kind: 'changed' }],
      ['a longer life', (id) => change(id, 3, { expirationTime: 9_999_999_999 }), { sequence: 3, kind: 'changed' }],
      [
        'a changed first record',
        (id) => forge(id, 1, { previousHash: 'f'.repeat(64) }),
        { sequence: 1, kind: 'changed' },
      ],
      ['a forged record', (id) => forge(id, 3, { result: 'failure' }), { sequence: 3, kind: 'changed' }],
      ['a forged last record', (id) => forge(id, 5, { result: 'failure' }), { sequence: 5, kind: 'forged-head' }],
      [
        'a removed record',
        async (id) => on.tables.remove('audit-logs', keyOf(await rowAt(id, 3))),
        { sequence: 3, kind: 'missing' },
      ],
      [
        'a removed first record',
        async (id) => on.tables.remove('audit-logs', keyOf(await rowAt(id, 1))),
        { sequence: 1, kind: 'missing' },
      ],
      [
        'a removed last record',
        async (id) => on.tables.remove('audit-logs', keyOf(await rowAt(id, 5))),
        { sequence: 5, kind: 'missing' },
      ],
      [
        'all records removed',
        async (id) => {
          for (const row of await rowsOf(id)) await on.tables.remove('audit-logs', keyOf(row));
        },
        { sequence: 5, kind: 'missing' },
      ],
      ['two records swapped', (id) => swap(id, 2, 3), { sequence: 2, kind: 'reordered' }],
      ['the last two swapped', (id) => swap(id, 4, 5), { sequence: 4, kind: 'reordered' }],
      [
        'a record put in',
        async (id) => {
          const row = await rowAt(id, 3);
          await on.tables.insert('audit-logs', {
            ...row,
            timestamp: new Date(Date.parse(row.timestamp) + 1).toISOString(),
          });
        },
        { sequence: 4, kind: 'reordered' },
      ],
      ['a removed head', (id) => on.tables.remove('audit-heads', { userId: id }), { sequence: 5, kind: 'forged-head' }],
      [
        'a head moved back',
        async (id) => {
          const { sequence, hash, timestamp } = await rowAt(id, 4);
          await on.tables.put('audit-heads', { ...(await headOf(id)), sequence, hash, timestamp });
        },
        { sequence: 5, kind: 'forged-head' },
      ],
      [
        'a head with another hash',
        async (id) => on.tables.put('audit-heads', { ...(await headOf(id)), hash: 'f'.repeat(64) }),
        { sequence: 5, kind: 'forged-head' },
      ],
    ];

    it.each(tamperings)('finds %s', async (_what, tamper, expected) => {
      const userId = someone();
      await chainOf(userId);
      expect(await verifyChain({ ...asWritten, tables: on.tables, partition: userId, now: on.now })).toMatchObject({
        records: 5,
        breaks: [],
      });
      await tamper(userId);
      const report = await verifyChain({ ...asWritten, tables: on.tables, partition: userId, now: on.now });
      expect(report.breaks).toEqual([{ partition: userId, ...expected, detail: expect.any(String) }]);
      expect(report.heads).toEqual({});
    });

    it('finds every broken chain when it looks at all, also one with only a head or only records', async () => {
      const [whole, headless, emptied] = [someone(), someone(), someone()];
      for (const userId of [whole, headless, emptied]) await chainOf(userId);
      await on.tables.remove('audit-heads', { userId: headless });
      for (const row of await rowsOf(emptied)) await on.tables.remove('audit-logs', keyOf(row));
      const { breaks, heads } = await verifyChain({ ...asWritten, tables: on.tables, now: on.now });
      const broken = breaks.map(({ partition }) => partition);
      expect(broken).toEqual(expect.arrayContaining([headless, emptied]));
      expect(broken).not.toContain(whole);
      expect(heads[whole]).toMatchObject({ sequence: 5 });
    });

    it('finds a chain that was forged anew, by the heads of an earlier report', async () => {
      const userId = someone();
      await chainOf(userId);
      const { heads: since } = await verifyChain({ ...asWritten, tables: on.tables, partition: userId, now: on.now });
      await on.audit().append(event({ userId }));
      expect(
        await verifyChain({ ...asWritten, tables: on.tables, partition: userId, since, now: on.now }),
      ).toMatchObject({
        breaks: [],
        records: 6,
      });
      for (const row of await rowsOf(userId)) await on.tables.remove('audit-logs', keyOf(row));
      await on.tables.remove('audit-heads', { userId });
      expect((await verifyChain({ ...asWritten, tables: on.tables, since, now: on.now })).breaks).toContainEqual(
        expect.objectContaining({ partition: userId, kind: 'forged-head' }),
      );
      await on.audit().append(event({ userId }));
      expect(
        (await verifyChain({ ...asWritten, tables: on.tables, partition: userId, since, now: on.now })).breaks,
      ).toMatchObject([{ kind: 'missing' }]);
      await chainOf(userId);
      expect((await verifyChain({ ...asWritten, tables: on.tables, partition: userId, now: on.now })).breaks).toEqual(
        [],
      );
      expect(
        (await verifyChain({ ...asWritten, tables: on.tables, partition: userId, since, now: on.now })).breaks,
      ).toMatchObject([{ sequence: 5, kind: 'changed' }]);
    });

    it('finds a chain whole whose oldest records have expired, and broken if one went too early', async () => {
      const userId = someone();
      const began = on.now();
      await chainOf(userId);
      const all = await rowsOf(userId);
      const day = 86_400_000;
      // Three of the five are past their thirty days.
      const late = new Date(began.getTime() + 30 * day + 150_000);
      const seenLate = () => {
        on.moveTo(late);
        return verifyChain({ ...asWritten, tables: on.tables, partition: userId, now: on.now });
      };
      const remove = async (...sequences: number[]) => {
        on.moveTo(began);
        for (const { sequence, ...row } of all)
          if (sequences.includes(sequence)) await on.tables.remove('audit-logs', keyOf({ sequence, ...row }));
      };
      expect(await seenLate()).toMatchObject({ records: 5, breaks: [] });
      // DynamoDB deletes what has expired when it likes, and in any order.
      for (const [place, sequence] of [2, 1, 3].entries()) {
        await remove(sequence);
        expect(await seenLate()).toMatchObject({ records: 4 - place, breaks: [] });
      }
      await remove(4);
      expect((await seenLate()).breaks).toMatchObject([{ sequence: 1, kind: 'missing' }]);
      await remove(5);
      on.moveTo(new Date(began.getTime() + 31 * day));
      expect(await verifyChain({ ...asWritten, tables: on.tables, partition: userId, now: on.now })).toMatchObject({
        records: 0,
        breaks: [],
      });
      expect((await on.audit().append(event({ userId }))).sequence).toBe(6);
      expect(await verifyChain({ ...asWritten, tables: on.tables, partition: userId, now: on.now })).toMatchObject({
        records: 1,
        breaks: [],
      });
    });

    it('lets no record expire before the one it follows when the retention was shortened', async () => {
      const userId = someone();
      await chainOf(userId);
      const short = openAuditLog({ tables: on.tables, now: on.now, retentionDays: 1, keys: auditKeys });
      await short.append(event({ userId }));
      const rows = await rowsOf(userId);
      expect(rows[5]?.expirationTime).toBe(rows[4]?.expirationTime);
    });

    it('reads on when records were appended between the last one and the head', async () => {
      const userId = someone();
      await chainOf(userId);
      const log = on.audit();
      let appended = 0;
      const growing: TableEngine = {
        ...on.tables,
        withExpired: () => ({
          ...on.tables.withExpired(),
          get: async (table, key) => {
            // Of the mark and of the head.
            if (appended < 4) await log.append(event({ userId }));
            appended += 1;
            return on.tables.get(table, key);
          },
        }),
      };
      const report = await verifyChain({ ...asWritten, tables: growing, partition: userId, now: on.now });
      expect(report).toMatchObject({ records: 9, breaks: [] });
    });

    it('finds a chain whole while it grows', async () => {
      const userId = someone();
      const log = on.audit();
      await log.append(event({ userId }));
      const growing = Promise.all(Array.from({ length: 60 * on.share }, () => log.append(event({ userId }))));
      const reports = [];
      for (let i = 0; i < 5; i += 1)
        reports.push(await verifyChain({ ...asWritten, tables: on.tables, partition: userId, now: on.now }));
      await growing;
      expect(reports.flatMap(({ breaks }) => breaks)).toEqual([]);
    });
  });
};
