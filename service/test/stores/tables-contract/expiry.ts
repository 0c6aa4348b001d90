import { randomUUID } from 'node:crypto';
import { type Bench, everyPage, sequences } from './bench.ts';
import { record, SECONDS, session, time } from './rows.ts';

export const expiry = (on: Bench): void => {
  describe('expiry', () => {
    it('takes a row for absent from its second on', async () => {
      const row = session();
      await on.tables.insert('web-sessions', row);
      const key = { sessionId: row.sessionId };
      on.later(59);
      expect(await on.tables.get('web-sessions', key)).toStrictEqual(row);
      expect(await on.tables.put('web-sessions', row, { userId: 'ada' })).toBe(true);
      expect(await on.tables.insert('web-sessions', row)).toBe(false);
      on.later(60);
      expect(await on.tables.get('web-sessions', key)).toBeUndefined();
      expect(await on.tables.put('web-sessions', row, { userId: 'ada' })).toBe(false);
      expect(await on.tables.remove('web-sessions', key)).toBe(false);
      expect(await on.tables.remove('web-sessions', key, { userId: 'ada' })).toBe(false);
    });

    it('lets an insert take the place of an expired row, whole', async () => {
      const row = session({ expirationTime: SECONDS });
      await on.tables.put('web-sessions', row);
      const next = session({ sessionId: row.sessionId, userId: 'eve' });
      expect(await on.tables.insert('web-sessions', next)).toBe(true);
      expect(await on.tables.get('web-sessions', { sessionId: row.sessionId })).toStrictEqual(next);
    });

    it('leaves expired rows out of queries without shortening the page', async () => {
      const userId = randomUUID();
      for (let i = 0; i < 12; i += 1)
        await on.tables.insert('audit-logs', record(userId, i, { expirationTime: SECONDS + (i % 3 === 0 ? 600 : 0) }));
      expect(sequences(await everyPage(on, { partition: userId, limit: 3 }))).toEqual([[0, 3, 6], [9]]);
      on.later(600);
      expect(await on.tables.query('audit-logs', { partition: userId })).toEqual({ items: [] });
    });

    it('keeps rows without an expiry', async () => {
      const userId = randomUUID();
      await on.tables.insert('audit-logs', record(userId, 1));
      on.later(1e9);
      expect((await on.tables.query('audit-logs', { partition: userId })).items).toHaveLength(1);
      expect(await on.tables.remove('audit-logs', { userId, timestamp: time(1) }, { sequence: 1 })).toBe(true);
    });

    it('sweeps what expired and nothing else', async () => {
      const rows = [session({ expirationTime: SECONDS - 1 }), session({ expirationTime: SECONDS }), session()];
      for (const row of rows) await on.tables.put('web-sessions', row);
      const swept = await on.tables.sweep();
      if (on.engine.sweeps !== false) expect(swept).toBeGreaterThanOrEqual(2);
      // Looked at from a time when none of them had expired.
      on.later(-3600);
      const left = await Promise.all(rows.map(({ sessionId }) => on.tables.get('web-sessions', { sessionId })));
      const expected = on.engine.sweeps === false ? rows : [undefined, undefined, rows[2]];
      expect(left).toEqual(expected);
    });
  });
};
