import { randomUUID } from 'node:crypto';
import { type Bench, everyPage, follow, rowsOf, sequences } from './bench.ts';
import { operation, record, time } from './rows.ts';

export const queries = (on: Bench): void => {
  describe('query', () => {
    const userId = randomUUID();
    const accountId = randomUUID();
    beforeAll(async () => {
      // The odd ones are on the account; the order of writing is not the order of time.
      for (const i of [5, 1, 9, 3, 7, 2, 8, 4, 6, 10])
        await on.tables.insert('audit-logs', record(userId, i, i % 2 === 1 ? { accountId } : {}));
      await on.tables.insert('audit-logs', record(randomUUID(), 11));
    });

    it('reads a partition in order, page by page, in both directions', async () => {
      expect(sequences(await everyPage(on, { partition: userId, limit: 4 }))).toEqual([
        [1, 2, 3, 4],
        [5, 6, 7, 8],
        [9, 10],
      ]);
      expect(sequences(await everyPage(on, { partition: userId, limit: 5, descending: true }))).toEqual([
        [10, 9, 8, 7, 6],
        [5, 4, 3, 2, 1],
      ]);
    });

    it('reads an index, which holds only rows with its attributes', async () => {
      const query = { index: 'accountId-timestamp-index', partition: accountId, limit: 2 } as const;
      expect(sequences(await everyPage(on, query))).toEqual([[1, 3], [5, 7], [9]]);
      expect(sequences(await everyPage(on, { ...query, descending: true }))).toEqual([[9, 7], [5, 3], [1]]);
    });

    it('keeps to its bounds, both inclusive, on every page', async () => {
      const bounds = { partition: userId, from: time(3), to: time(8) };
      expect(sequences(await everyPage(on, { ...bounds, limit: 3 }))).toEqual([
        [3, 4, 5],
        [6, 7, 8],
      ]);
      expect(sequences(await everyPage(on, { ...bounds, limit: 4, descending: true }))).toEqual([
        [8, 7, 6, 5],
        [4, 3],
      ]);
      expect(sequences(await everyPage(on, { partition: userId, from: time(9) }))).toEqual([[9, 10]]);
      expect(sequences(await everyPage(on, { partition: userId, to: time(2) }))).toEqual([[1, 2]]);
      expect(sequences(await everyPage(on, { partition: userId, from: '2027-01-01' }))).toEqual([[]]);
      expect(sequences(await everyPage(on, { partition: userId, from: time(8), to: time(3) }))).toEqual([[]]);
    });

    it('answers whole rows from an index', async () => {
      const row = operation({ createdBy: randomUUID(), record: { deep: [1] } });
      await on.tables.insert('operations', row);
      const page = await on.tables.query('operations', {
        index: 'createdBy-createdAt-index',
        partition: row.createdBy,
      });
      expect(page).toEqual({ items: [row] });
    });

    it('leaves a row out of an index once it has lost the attribute', async () => {
      const row = operation({ idempotencyKey: randomUUID() });
      await on.tables.insert('operations', row);
      const query = { index: 'idempotencyKey-index', partition: String(row.idempotencyKey) } as const;
      expect((await on.tables.query('operations', query)).items).toHaveLength(1);
      await on.tables.put('operations', { ...row, idempotencyKey: undefined });
      expect((await on.tables.query('operations', query)).items).toHaveLength(0);
    });

    it('loses and repeats no row where sorts are equal', async () => {
      const createdBy = randomUUID();
      const ids = Array.from({ length: 9 }, (_, i) => `${createdBy}-${i}`);
      for (const operationId of ids.toReversed())
        await on.tables.insert(
          'operations',
          operation({ operationId, createdBy, createdAt: time(Number(operationId.at(-1)) % 2) }),
        );
      for (const descending of [false, true]) {
        const query = { index: 'createdBy-createdAt-index', partition: createdBy, limit: 2, descending } as const;
        const pages = await follow((at) => on.tables.query('operations', { ...query, ...at }));
        const found = rowsOf(pages).map((row) => row.operationId);
        const ordered = [...ids.filter((_, i) => i % 2 === 0), ...ids.filter((_, i) => i % 2 === 1)];
        if (on.engine.totalOrder === false) expect(found.toSorted()).toEqual(ids);
        else expect(found).toEqual(descending ? ordered.toReversed() : ordered);
      }
    });

    it('sorts text by its bytes, whatever the language', async () => {
      const partition = randomUUID();
      const sorted = ['A', 'Z', 'a', 'z', 'ä', 'я', '\uFFFD', '😀'];
      for (const arn of sorted.toReversed())
        await on.tables.insert('sandbox-resources', { accountId: partition, arn, record: {} });
      const { items } = await on.tables.query('sandbox-resources', { partition });
      expect(items.map((row) => row.arn)).toEqual(sorted);
    });

    it('reads a table without a sort by its key', async () => {
      const row = operation();
      await on.tables.insert('operations', row);
      expect(await on.tables.query('operations', { partition: row.operationId })).toEqual({ items: [row] });
      expect(await on.tables.query('operations', { partition: '' })).toEqual({ items: [] });
    });

    it('pages through many big rows', async () => {
      const partition = randomUUID();
      const record = 'x'.repeat(30_000);
      const arns = Array.from({ length: 60 }, (_, i) => `arn:${String(i).padStart(3, '0')}`);
      await Promise.all(
        arns.map((arn) => on.tables.insert('sandbox-resources', { accountId: partition, arn, record })),
      );
      const first = await on.tables.query('sandbox-resources', { partition, limit: 50 });
      const second = await on.tables.query('sandbox-resources', { partition, limit: 50, cursor: String(first.cursor) });
      expect([...first.items, ...second.items].map((row) => row.arn)).toEqual(arns);
      expect(second.cursor).toBeUndefined();
    });

    it.each([
      ['no cursor at all', 'cursor'],
      ['an empty one', ''],
      ['a made-up one', Buffer.from('["x","2026-03-01T12:00:00.000Z"]').toString('base64url')],
    ])('refuses %s', async (_name, cursor) => {
      await expect(on.tables.query('audit-logs', { partition: userId, cursor })).rejects.toMatchObject({
        code: 'invalid_input',
        message: expect.stringContaining('cursor'),
      });
    });

    it('refuses the cursor of another query', async () => {
      const { cursor } = await on.tables.query('audit-logs', { partition: userId, limit: 1 });
      expect(cursor).toBeDefined();
      for (const other of [
        { partition: randomUUID() },
        { partition: userId, descending: true },
        { partition: userId, index: 'accountId-timestamp-index' },
      ] as const)
        await expect(on.tables.query('audit-logs', { ...other, cursor: String(cursor) })).rejects.toMatchObject({
          code: 'invalid_input',
        });
    });

    it.each([{ limit: 0 }, { limit: 1001 }, { limit: 1.5 }, { from: 'yesterday' }, { to: '99999-01-01' }])(
      'refuses %j',
      async (wrong) => {
        await expect(on.tables.query('audit-logs', { partition: userId, ...wrong })).rejects.toMatchObject({
          code: 'invalid_input',
          message: expect.stringContaining(Object.keys(wrong)[0] ?? ''),
        });
      },
    );
  });

  describe('scan', () => {
    it('reads every row of a table once', async () => {
      const ids = Array.from({ length: 7 }, () => `head-${randomUUID()}`);
      for (const userId of ids)
        await on.tables.insert('audit-heads', { userId, sequence: 1, hash: 'h', timestamp: time(0) });
      const pages = await follow((at) => on.tables.scan('audit-heads', { limit: 3, ...at }));
      const found = rowsOf(pages).map((row) => row.userId);
      expect(found.filter((id) => ids.includes(id)).toSorted()).toEqual(ids.toSorted());
    });
  });
};
