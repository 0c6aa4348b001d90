/** What the audit log must do on every engine. Called inside a describe with a way to open one. */
import { randomUUID } from 'node:crypto';
import type { Row } from '../../../contracts/tables.ts';
import { fromRow, hashOf, toRow } from '../../src/audit/chain.ts';
import { openAuditLog } from '../../src/audit/log.ts';
import type { AuditFilter } from '../../src/audit/port.ts';
import type { AuditEvent, AuditRecord } from '../../src/audit/record.ts';
import { type Break, verifyChain } from '../../src/audit/verify.ts';
import type { TableEngine, Write } from '../../src/tables.ts';

const event = (fields: Partial<AuditEvent> = {}): AuditEvent => ({
  userId: 'ada',
  correlationId: 'c-1',
  tool: 'check_tag_compliance',
  action: 'read',
  result: 'success',
  ...fields,
});

export const auditContract = (open: (now: () => Date) => Promise<TableEngine>): void => {
  let time = new Date('2026-03-01T12:00:00.000Z');
  const now = () => time;
  let tables: TableEngine;
  beforeAll(async () => {
    tables = await open(now);
  });
  afterAll(() => tables.close());
  beforeEach(() => {
    time = new Date('2026-03-01T12:00:00.000Z');
  });
  const audit = (over: TableEngine = tables) => openAuditLog({ tables: over, now, retentionDays: 30 });
  const someone = () => `person-${randomUUID()}`;

  it('chains the records of a person from the first on', async () => {
    const userId = someone();
    const log = audit();
    const first = await log.append(event({ userId }));
    time = new Date(time.getTime() + 5000);
    const second = await log.append(event({ userId, parameters: { b: 1, a: [null, 'x\0'] } }));
    expect(first).toMatchObject({ sequence: 1, previousHash: '0'.repeat(64), timestamp: '2026-03-01T12:00:00.000Z' });
    expect(second).toMatchObject({ sequence: 2, previousHash: first.hash, timestamp: '2026-03-01T12:00:05.000Z' });
    expect((await log.query({ userId })).items).toEqual([second, first]);
    expect(await verifyChain({ tables, partition: userId, now })).toMatchObject({ records: 2, breaks: [] });
  });

  it('keeps 200 parallel appends of several people in whole chains, with growing times', async () => {
    const people = [someone(), someone(), someone()];
    const log = audit();
    const records = await Promise.all(
      Array.from({ length: 200 }, (_, i) => log.append(event({ userId: people[i % 3], summary: { i } }))),
    );
    expect(new Set(records.map((record) => record.hash)).size).toBe(200);
    for (const partition of people) {
      const { items } = await log.query({ userId: partition, limit: 500 });
      const times = items.map((record) => record.timestamp).toReversed();
      expect(times).toEqual([...new Set(times)].toSorted());
      expect(items.map((record) => record.sequence).toReversed()).toEqual(items.map((_, i) => i + 1));
      expect(await verifyChain({ tables, partition, now })).toMatchObject({ records: items.length, breaks: [] });
    }
    expect(records.map((record) => record.summary)).toEqual(Array.from({ length: 200 }, (_, i) => ({ i })));
  });

  it('keeps one chain where two tasks append to one partition', async () => {
    const userId = someone();
    const logs = [audit(), audit()];
    for (let round = 0; round < 5; round += 1)
      await Promise.all(Array.from({ length: 24 }, (_, i) => logs[i % 2]?.append(event({ userId }))));
    expect(await verifyChain({ tables, partition: userId, now })).toMatchObject({ records: 120, breaks: [] });
  });

  it('shares transactions among those who wait', async () => {
    let transactions = 0;
    const counting: TableEngine = {
      ...tables,
      transact: (writes) => {
        transactions += 1;
        return tables.transact(writes);
      },
    };
    const log = audit(counting);
    await Promise.all(Array.from({ length: 120 }, () => log.append(event({ userId: someone() }))));
    expect(transactions).toBe(3);
  });

  it('writes what it was given even if the caller goes on to change it', async () => {
    const given = event({ userId: someone(), summary: { score: 1 } });
    const appended = audit().append(given);
    given.summary = { score: 2 };
    expect((await appended).summary).toEqual({ score: 1 });
  });

  it('rejects while the store is down, leaves nothing half-written, and goes on afterwards', async () => {
    const userId = someone();
    let down: 'before' | 'after' | undefined;
    const flaky: TableEngine = {
      ...tables,
      transact: async (writes: readonly Write[]) => {
        if (down === 'before') throw new Error('gone');
        const done = await tables.transact(writes);
        // The answer gets lost on its way: the log must not believe its own idea of the head.
        if (down === 'after') throw new Error('gone');
        return done;
      },
    };
    const log = audit(flaky);
    await log.append(event({ userId }));
    for (const when of ['before', 'after'] as const) {
      down = when;
      const lost = await Promise.allSettled([log.append(event({ userId })), log.append(event({ userId }))]);
      expect(lost.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    }
    down = undefined;
    const last = await log.append(event({ userId }));
    expect(last.sequence).toBe(4);
    expect(await verifyChain({ tables, partition: userId, now })).toMatchObject({ records: 4, breaks: [] });
  });

  it('does not let one record that cannot be stored fail the others', async () => {
    const userId = someone();
    const counted: Record<string, number> = {};
    const log = openAuditLog({
      tables,
      now,
      retentionDays: 30,
      metrics: {
        count: (_metric, dimensions, value = 1) => {
          const outcome = Object.values<string>(dimensions).join();
          counted[outcome] = (counted[outcome] ?? 0) + value;
        },
      },
    });
    const results = await Promise.allSettled(
      ['one', 'two\0', 'three'].map((tool) => log.append(event({ userId, tool }))),
    );
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(counted).toEqual({ written: 2, failed: 1 });
    expect(await verifyChain({ tables, partition: userId, now })).toMatchObject({ records: 2, breaks: [] });
  });

  describe('verified', () => {
    /** Five records of one person, a minute apart. */
    const chainOf = async (userId: string) => {
      const log = audit();
      const records: AuditRecord[] = [];
      for (let i = 1; i <= 5; i += 1) {
        records.push(await log.append(event({ userId, parameters: { i }, accountId: '111111111111' })));
        time = new Date(time.getTime() + 60_000);
      }
      return records;
    };
    const rowsOf = async (userId: string) => (await tables.query('audit-logs', { partition: userId })).items;
    const rowAt = async (userId: string, sequence: number) => {
      const row = (await rowsOf(userId)).find((one) => one.sequence === sequence);
      if (row === undefined) throw new Error(`no record ${sequence}`);
      return row;
    };
    const keyOf = ({ userId, timestamp }: Row<'audit-logs'>) => ({ userId, timestamp });
    const headOf = async (userId: string) => {
      const head = await tables.get('audit-heads', { userId });
      if (head === undefined) throw new Error('no head');
      return head;
    };
    const change = async (userId: string, sequence: number, fields: Partial<Row<'audit-logs'>>) => {
      const row = await rowAt(userId, sequence);
      await tables.put('audit-logs', { ...row, ...fields });
    };
    /** What somebody does who knows the hashing: the record is changed and its hash made to fit. */
    const forge = async (userId: string, sequence: number, fields: Partial<AuditRecord>) => {
      const row = await rowAt(userId, sequence);
      const record = { ...fromRow(row), ...fields };
      await tables.put('audit-logs', toRow({ ...record, hash: hashOf(record) }, row.expirationTime));
    };
    const swap = async (userId: string, one: number, other: number) => {
      const [a, b] = [await rowAt(userId, one), await rowAt(userId, other)];
      await tables.put('audit-logs', { ...a, timestamp: b.timestamp });
      await tables.put('audit-logs', { ...b, timestamp: a.timestamp });
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
        async (id) => tables.remove('audit-logs', keyOf(await rowAt(id, 3))),
        { sequence: 3, kind: 'missing' },
      ],
      [
        'a removed first record',
        async (id) => tables.remove('audit-logs', keyOf(await rowAt(id, 1))),
        { sequence: 1, kind: 'missing' },
      ],
      [
        'a removed last record',
        async (id) => tables.remove('audit-logs', keyOf(await rowAt(id, 5))),
        { sequence: 5, kind: 'missing' },
      ],
      [
        'all records removed',
        async (id) => {
          for (const row of await rowsOf(id)) await tables.remove('audit-logs', keyOf(row));
        },
        { sequence: 5, kind: 'missing' },
      ],
      ['two records swapped', (id) => swap(id, 2, 3), { sequence: 2, kind: 'reordered' }],
      ['the last two swapped', (id) => swap(id, 4, 5), { sequence: 4, kind: 'reordered' }],
      [
        'a record put in',
        async (id) => {
          const row = await rowAt(id, 3);
          await tables.insert('audit-logs', {
            ...row,
            timestamp: new Date(Date.parse(row.timestamp) + 1).toISOString(),
          });
        },
        { sequence: 4, kind: 'reordered' },
      ],
      ['a removed head', (id) => tables.remove('audit-heads', { userId: id }), { sequence: 5, kind: 'forged-head' }],
      [
        'a head moved back',
        async (id) => {
          const { sequence, hash, timestamp } = await rowAt(id, 4);
          await tables.put('audit-heads', { ...(await headOf(id)), sequence, hash, timestamp });
        },
        { sequence: 5, kind: 'forged-head' },
      ],
      [
        'a head with another hash',
        async (id) => tables.put('audit-heads', { ...(await headOf(id)), hash: 'f'.repeat(64) }),
        { sequence: 5, kind: 'forged-head' },
      ],
    ];

    it.each(tamperings)('finds %s', async (_what, tamper, expected) => {
      const userId = someone();
      await chainOf(userId);
      expect(await verifyChain({ tables, partition: userId, now })).toMatchObject({ records: 5, breaks: [] });
      await tamper(userId);
      const report = await verifyChain({ tables, partition: userId, now });
      expect(report.breaks).toEqual([{ partition: userId, ...expected, detail: expect.any(String) }]);
      expect(report.heads).toEqual({});
    });

    it('finds every broken chain when it looks at all, also one with only a head or only records', async () => {
      const [whole, headless, emptied] = [someone(), someone(), someone()];
      for (const userId of [whole, headless, emptied]) await chainOf(userId);
      await tables.remove('audit-heads', { userId: headless });
      for (const row of await rowsOf(emptied)) await tables.remove('audit-logs', keyOf(row));
      const { breaks, heads } = await verifyChain({ tables, now });
      const broken = breaks.map(({ partition }) => partition);
      expect(broken).toEqual(expect.arrayContaining([headless, emptied]));
      expect(broken).not.toContain(whole);
      expect(heads[whole]).toMatchObject({ sequence: 5 });
    });

    it('finds a chain that was forged anew, by the heads of an earlier report', async () => {
      const userId = someone();
      await chainOf(userId);
      const { heads: since } = await verifyChain({ tables, partition: userId, now });
      await audit().append(event({ userId }));
      expect(await verifyChain({ tables, partition: userId, since, now })).toMatchObject({ breaks: [], records: 6 });
      for (const row of await rowsOf(userId)) await tables.remove('audit-logs', keyOf(row));
      await tables.remove('audit-heads', { userId });
      expect((await verifyChain({ tables, since, now })).breaks).toContainEqual(
        expect.objectContaining({ partition: userId, kind: 'forged-head' }),
      );
      await audit().append(event({ userId }));
      expect((await verifyChain({ tables, partition: userId, since, now })).breaks).toMatchObject([
        { kind: 'missing' },
      ]);
      await chainOf(userId);
      expect((await verifyChain({ tables, partition: userId, now })).breaks).toEqual([]);
      expect((await verifyChain({ tables, partition: userId, since, now })).breaks).toMatchObject([
        { sequence: 5, kind: 'changed' },
      ]);
    });

    it('finds a chain whole whose oldest records have expired, and broken if one went too early', async () => {
      const userId = someone();
      const began = time;
      await chainOf(userId);
      const day = 86_400_000;
      // Three of the five are past their thirty days.
      time = new Date(began.getTime() + 30 * day + 150_000);
      expect(await verifyChain({ tables, partition: userId, now })).toMatchObject({ records: 2, breaks: [] });
      await tables.remove('audit-logs', keyOf(await rowAt(userId, 4)));
      expect((await verifyChain({ tables, partition: userId, now })).breaks).toMatchObject([
        { sequence: 1, kind: 'missing' },
      ]);
      time = new Date(began.getTime() + 31 * day);
      expect(await verifyChain({ tables, partition: userId, now })).toMatchObject({ records: 0, breaks: [] });
      expect((await audit().append(event({ userId }))).sequence).toBe(6);
      expect(await verifyChain({ tables, partition: userId, now })).toMatchObject({ records: 1, breaks: [] });
    });

    it('lets no record expire before the one it follows when the retention was shortened', async () => {
      const userId = someone();
      await chainOf(userId);
      const short = openAuditLog({ tables, now, retentionDays: 1 });
      await short.append(event({ userId }));
      const rows = await rowsOf(userId);
      expect(rows[5]?.expirationTime).toBe(rows[4]?.expirationTime);
    });

    it('finds a chain whole while it grows', async () => {
      const userId = someone();
      const log = audit();
      await log.append(event({ userId }));
      const growing = Promise.all(Array.from({ length: 60 }, () => log.append(event({ userId }))));
      const reports = [];
      for (let i = 0; i < 5; i += 1) reports.push(await verifyChain({ tables, partition: userId, now }));
      await growing;
      expect(reports.flatMap(({ breaks }) => breaks)).toEqual([]);
    });
  });

  describe('queried', () => {
    const ids = { userId: someone(), operationId: someone(), accountId: someone(), correlationId: someone() };
    const all: AuditRecord[] = [];
    const sequences = ({ items }: { items: AuditRecord[] }) => items.map((record) => record.parameters);
    const other = someone();
    // Each of the four ids is on some of the records.
    const nth = (i: number): AuditEvent =>
      event({
        userId: i % 2 === 0 ? ids.userId : other,
        correlationId: i < 3 ? ids.correlationId : someone(),
        parameters: i,
        ...(i % 3 === 0 ? { operationId: ids.operationId } : {}),
        ...(i % 4 === 0 ? { accountId: ids.accountId } : {}),
      });
    beforeAll(async () => {
      const log = audit();
      for (let i = 0; i < 12; i += 1) {
        time = new Date(Date.parse('2026-02-10T20:00:00.000Z') + i * 4 * 3_600_000);
        all.push(await log.append(nth(i)));
      }
    });

    it.each<[string, AuditFilter, number[]]>([
      ['person', { userId: ids.userId }, [10, 8, 6, 4, 2, 0]],
      ['operation', { operationId: ids.operationId }, [9, 6, 3, 0]],
      ['account', { accountId: ids.accountId }, [8, 4, 0]],
      ['correlation id', { correlationId: ids.correlationId }, [2, 1, 0]],
      ['person and operation', { userId: ids.userId, operationId: ids.operationId }, [6, 0]],
      ['all four', ids, [0]],
      [
        'person and time',
        { userId: ids.userId, from: '2026-02-11T04:00:00Z', to: '2026-02-12T04:00:00Z' },
        [8, 6, 4, 2],
      ],
      ['account and nobody', { accountId: ids.accountId, userId: 'nobody' }, []],
      ['days', { from: '2026-02-11', to: '2026-02-12T03:59:59.999Z' }, [7, 6, 5, 4, 3, 2, 1]],
      ['days and no record', { from: '2026-01-01', to: '2026-01-02' }, []],
    ])('by %s, newest first, on pages of any size', async (_name, filter, expected) => {
      const log = audit();
      expect(sequences(await log.query(filter))).toEqual(expected);
      for (const limit of [1, 2, 5]) {
        const found: unknown[] = [];
        let page = await log.query({ ...filter, limit });
        for (;;) {
          expect(page.items.length).toBeLessThanOrEqual(limit);
          found.push(...sequences(page));
          if (page.cursor === undefined) break;
          page = await log.query({ ...filter, limit, cursor: page.cursor });
        }
        expect(found).toEqual(expected);
      }
    });

    it('answers records as they were appended', async () => {
      expect((await audit().query({ correlationId: ids.correlationId })).items).toEqual(all.slice(0, 3).toReversed());
    });

    it.each<[AuditFilter, string]>([
      [{}, 'from'],
      [{ from: '2026-01-01', to: '2026-03-01' }, '31 days'],
      [{ from: 'yesterday' }, 'from'],
      [{ userId: 'ada', to: 'tomorrow' }, 'to'],
      [{ userId: 'ada', limit: 0 }, 'limit'],
      [{ userId: 'ada', cursor: 'x' }, 'cursor'],
      [{ from: '2026-02-11', to: '2026-02-12', cursor: '2026-01-01.' }, 'cursor'],
    ])('refuses %j', async (filter, named) => {
      await expect(audit().query(filter)).rejects.toMatchObject({
        code: 'invalid_input',
        message: expect.stringContaining(named),
      });
    });
  });
};
