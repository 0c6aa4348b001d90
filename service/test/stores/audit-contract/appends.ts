import { setTimeout as sleep } from 'node:timers/promises';
import { openAuditLog } from '../../../src/audit/log.ts';
import { verifyChain } from '../../../src/audit/verify.ts';
import { CountersignError } from '../../../src/errors.ts';
import type { TableEngine, Write } from '../../../src/ports/tables.ts';
import { auditKeys } from '../../rigs/audit-keys.ts';
import { type AuditBench, asWritten, event, someone } from './bench.ts';

export const appends = (on: AuditBench): void => {
  it('chains the records of a person from the first on', async () => {
    const userId = someone();
    const log = on.audit();
    const first = await log.append(event({ userId }));
    on.moveTo(new Date(on.now().getTime() + 5000));
    const second = await log.append(event({ userId, parameters: { b: 1, a: [null, 'x\0'] } }));
    expect(first).toMatchObject({ sequence: 1, previousHash: '0'.repeat(64), timestamp: '2026-03-01T12:00:00.000Z' });
    expect(second).toMatchObject({ sequence: 2, previousHash: first.hash, timestamp: '2026-03-01T12:00:05.000Z' });
    expect((await log.query({ userId })).items).toEqual([second, first]);
    expect(await verifyChain({ ...asWritten, tables: on.tables, partition: userId, now: on.now })).toMatchObject({
      records: 2,
      breaks: [],
    });
  });

  it('keeps 200 parallel appends (or their share) of several people in whole chains, with growing times', async () => {
    const people = [someone(), someone(), someone()];
    const log = on.audit();
    const length = 200 * on.share;
    const records = await Promise.all(
      Array.from({ length }, (_, i) => log.append(event({ userId: people[i % 3], summary: { i } }))),
    );
    expect(new Set(records.map((record) => record.hash)).size).toBe(length);
    for (const partition of people) {
      const { items } = await log.query({ userId: partition, limit: 500 });
      const times = items.map((record) => record.timestamp).toReversed();
      expect(times).toEqual([...new Set(times)].toSorted());
      expect(items.map((record) => record.sequence).toReversed()).toEqual(items.map((_, i) => i + 1));
      expect(await verifyChain({ ...asWritten, tables: on.tables, partition, now: on.now })).toMatchObject({
        records: items.length,
        breaks: [],
      });
    }
    expect(records.map((record) => record.summary)).toEqual(Array.from({ length }, (_, i) => ({ i })));
  });

  it('keeps one chain where two tasks append to one partition', async () => {
    const userId = someone();
    // Their clocks differ, so that only the head tells one from the other's record.
    let seconds = 0;
    const clock = () => {
      seconds += 1;
      return new Date(on.now().getTime() + seconds * 1000);
    };
    const logs = [0, 1].map(() => openAuditLog({ tables: on.tables, now: clock, retentionDays: 30, keys: auditKeys }));
    for (let round = 0; round < 5 * on.share; round += 1)
      await Promise.all(Array.from({ length: 24 }, (_, i) => logs[i % 2]?.append(event({ userId }))));
    expect(await verifyChain({ ...asWritten, tables: on.tables, partition: userId, now: on.now })).toMatchObject({
      records: 120 * on.share,
      breaks: [],
    });
  });

  it('shares transactions among those who wait', async () => {
    let transactions = 0;
    const counting: TableEngine = {
      ...on.tables,
      transact: (writes) => {
        transactions += 1;
        return on.tables.transact(writes);
      },
    };
    const log = on.audit(counting);
    await Promise.all(Array.from({ length: 120 * on.share }, () => log.append(event({ userId: someone() }))));
    expect(transactions).toBe(Math.ceil(3 * on.share));
  });

  it('writes what it was given even if the caller goes on to change it', async () => {
    const given = event({ userId: someone(), summary: { score: 1 } });
    const appended = on.audit().append(given);
    given.summary = { score: 2 };
    expect((await appended).summary).toEqual({ score: 1 });
  });

  it('rejects while the store is down, leaves nothing half-written, and goes on afterwards', async () => {
    const userId = someone();
    let down: 'before' | 'after' | undefined;
    const flaky: TableEngine = {
      ...on.tables,
      transact: async (writes: readonly Write[]) => {
        if (down === 'before') throw new Error('gone');
        const done = await on.tables.transact(writes);
        // The answer gets lost on its way: the log must not believe its own idea of the head.
        if (down === 'after') throw new Error('gone');
        return done;
      },
    };
    const log = on.audit(flaky);
    await log.append(event({ userId }));
    for (const when of ['before', 'after'] as const) {
      down = when;
      const lost = await Promise.allSettled([log.append(event({ userId })), log.append(event({ userId }))]);
      expect(lost.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    }
    down = undefined;
    const last = await log.append(event({ userId }));
    expect(last.sequence).toBe(4);
    expect(await verifyChain({ ...asWritten, tables: on.tables, partition: userId, now: on.now })).toMatchObject({
      records: 4,
      breaks: [],
    });
  });

  it('tells all who wait at once that the store is away', async () => {
    let asked = 0;
    const away: TableEngine = {
      ...on.tables,
      transact: async () => {
        asked += 1;
        await sleep(50);
        throw new CountersignError('store_unavailable', 'away');
      },
    };
    const log = on.audit(away);
    const results = await Promise.allSettled(
      Array.from({ length: 130 }, () => log.append(event({ userId: someone() }))),
    );
    expect(results.every(({ status }) => status === 'rejected')).toBe(true);
    expect(asked).toBe(1);
  });

  it('gives up on a partition that others are always quicker on', async () => {
    const contended: TableEngine = { ...on.tables, transact: async () => false };
    await expect(on.audit(contended).append(event({ userId: someone() }))).rejects.toMatchObject({
      code: 'store_unavailable',
    });
  });

  it('makes a record and the writes it tells of in one transaction, or neither', async () => {
    const userId = someone();
    const operationId = someone();
    const row = (version: number) => ({
      operationId,
      version,
      status: 'approved',
      tool: 'paint',
      createdBy: userId,
      createdAt: on.now().toISOString(),
      updatedAt: on.now().toISOString(),
      record: {},
    });
    await on.tables.insert('operations', row(1));
    const log = on.audit();
    const decide = (i: number) =>
      log.appendWith(event({ userId, action: 'approve', operationId, summary: { i } }), {
        writes: [{ kind: 'put', table: 'operations', row: row(2), expect: { version: 1 } }],
        possible: async () => (await on.tables.get('operations', { operationId }))?.version === 1,
      });
    const others = Array.from({ length: 10 * on.share }, () => log.append(event({ userId })));
    const decided = await Promise.all(Array.from({ length: 20 * on.share }, (_, i) => decide(i)));
    await Promise.all(others);
    expect(decided.filter((record) => record !== undefined)).toHaveLength(1);
    const { items } = await log.query({ operationId });
    expect(items).toEqual(decided.filter((record) => record !== undefined));
    expect(await on.tables.get('operations', { operationId })).toMatchObject({ version: 2 });
    expect(await verifyChain({ ...asWritten, tables: on.tables, partition: userId, now: on.now })).toMatchObject({
      breaks: [],
    });
  });

  it('does not let one record that cannot be stored fail the others', async () => {
    const userId = someone();
    const counted: Record<string, number> = {};
    const log = openAuditLog({
      tables: on.tables,
      now: on.now,
      retentionDays: 30,
      keys: auditKeys,
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
    expect(await verifyChain({ ...asWritten, tables: on.tables, partition: userId, now: on.now })).toMatchObject({
      records: 2,
      breaks: [],
    });
  });
};
