import type { Bench } from './bench.ts';
import { operation, session } from './rows.ts';

export const writes = (on: Bench): void => {
  const stored = on.stored;
  describe('insert', () => {
    it('writes once', async () => {
      const row = operation();
      expect(await on.tables.insert('operations', row)).toBe(true);
      expect(await on.tables.insert('operations', { ...row, status: 'denied' })).toBe(false);
      expect(await stored(row.operationId)).toStrictEqual(row);
    });

    it('lets exactly one of many win', async () => {
      const row = operation();
      const won = await Promise.all(
        Array.from({ length: 12 }, (_, version) => on.tables.insert('operations', { ...row, version })),
      );
      expect(won.filter(Boolean)).toHaveLength(1);
      expect((await stored(row.operationId))?.version).toBe(won.indexOf(true));
    });
  });

  describe('put', () => {
    it('writes whether or not the row is there', async () => {
      const row = operation({ idempotencyKey: 'k' });
      expect(await on.tables.put('operations', row)).toBe(true);
      const { idempotencyKey, ...rest } = { ...row, status: 'approved' };
      expect(await on.tables.put('operations', rest)).toBe(true);
      expect(await stored(row.operationId)).toStrictEqual(rest);
    });

    it('writes over a row that meets the expectation, and over no other', async () => {
      const row = operation();
      await on.tables.insert('operations', row);
      const next = { ...row, version: 2 };
      expect(await on.tables.put('operations', next, { version: 7 })).toBe(false);
      expect(await on.tables.put('operations', next, { version: 1, status: 'approved' })).toBe(false);
      expect(await stored(row.operationId)).toStrictEqual(row);
      expect(await on.tables.put('operations', next, { version: 1, status: 'planned', createdAt: row.createdAt })).toBe(
        true,
      );
      expect(await stored(row.operationId)).toStrictEqual(next);
    });

    it('can expect an attribute to be absent', async () => {
      const row = operation();
      await on.tables.insert('operations', row);
      expect(await on.tables.put('operations', { ...row, idempotencyKey: 'a' }, { idempotencyKey: undefined })).toBe(
        true,
      );
      expect(await on.tables.put('operations', { ...row, idempotencyKey: 'b' }, { idempotencyKey: undefined })).toBe(
        false,
      );
      expect((await stored(row.operationId))?.idempotencyKey).toBe('a');
    });

    it('never meets an expectation where there is no row', async () => {
      const row = operation();
      for (const expect_ of [{}, { version: 1 }, { idempotencyKey: undefined }])
        expect(await on.tables.put('operations', row, expect_)).toBe(false);
      expect(await stored(row.operationId)).toBeUndefined();
    });

    it('lets exactly one of many win', async () => {
      const row = operation();
      await on.tables.insert('operations', row);
      const won = await Promise.all(
        Array.from({ length: 12 }, (_, i) =>
          on.tables.put('operations', { ...row, version: 2, tool: `t${i}` }, { version: 1 }),
        ),
      );
      expect(won.filter(Boolean)).toHaveLength(1);
      expect((await stored(row.operationId))?.tool).toBe(`t${won.indexOf(true)}`);
    });
  });

  describe('remove', () => {
    it('removes a row once, and only that one', async () => {
      const [row, other] = [operation(), operation()];
      await Promise.all([row, other].map((one) => on.tables.insert('operations', one)));
      expect(await on.tables.remove('operations', { operationId: row.operationId })).toBe(true);
      expect(await on.tables.remove('operations', { operationId: row.operationId })).toBe(false);
      expect(await stored(row.operationId)).toBeUndefined();
      expect(await stored(other.operationId)).toBeDefined();
    });

    it('removes only what meets the expectation', async () => {
      const row = operation();
      await on.tables.insert('operations', row);
      const key = { operationId: row.operationId };
      expect(await on.tables.remove('operations', key, { status: 'denied' })).toBe(false);
      expect(await stored(row.operationId)).toBeDefined();
      expect(await on.tables.remove('operations', key, { status: 'planned', idempotencyKey: undefined })).toBe(true);
      expect(await stored(row.operationId)).toBeUndefined();
    });

    it('lets exactly one of many win', async () => {
      const row = session();
      await on.tables.insert('web-sessions', row);
      const won = await Promise.all(
        Array.from({ length: 12 }, () => on.tables.remove('web-sessions', { sessionId: row.sessionId })),
      );
      expect(won.filter(Boolean)).toHaveLength(1);
    });

    it('answers false for a key that no row can have', async () => {
      expect(await on.tables.remove('operations', { operationId: '\0' })).toBe(false);
    });
  });
};
