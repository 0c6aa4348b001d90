import { randomUUID } from 'node:crypto';
import type { Row } from '../../../../contracts/tables.ts';
import type { Write } from '../../../src/ports/tables.ts';
import type { Bench } from './bench.ts';
import { operation, SECONDS, session } from './rows.ts';

export const transactions = (on: Bench): void => {
  const stored = on.stored;
  const insert = (row: Row<'operations'>): Write => ({ kind: 'insert', table: 'operations', row });
  describe('transact', () => {
    it('writes all, over several tables', async () => {
      const [one, two, three] = [operation(), operation(), operation()];
      const web = session();
      await on.tables.insert('operations', two);
      await on.tables.insert('operations', three);
      const done = await on.tables.transact([
        insert(one),
        { kind: 'put', table: 'operations', row: { ...two, version: 2 }, expect: { version: 1 } },
        { kind: 'remove', table: 'operations', key: { operationId: three.operationId }, expect: { version: 1 } },
        { kind: 'put', table: 'web-sessions', row: web },
      ]);
      expect(done).toBe(true);
      expect(await stored(one.operationId)).toStrictEqual(one);
      expect((await stored(two.operationId))?.version).toBe(2);
      expect(await stored(three.operationId)).toBeUndefined();
      expect(await on.tables.get('web-sessions', { sessionId: web.sessionId })).toStrictEqual(web);
    });

    it.each<[string, (row: Row<'operations'>) => Write]>([
      ['an insert', (row) => insert(row)],
      ['an expectation', (row) => ({ kind: 'put', table: 'operations', row, expect: { version: 9 } })],
      ['a removal', () => ({ kind: 'remove', table: 'operations', key: { operationId: randomUUID() } })],
      ['an impossible removal', () => ({ kind: 'remove', table: 'operations', key: { operationId: '' } })],
      [
        'an expected removal',
        (row) => ({
          kind: 'remove',
          table: 'operations',
          key: { operationId: row.operationId },
          expect: { version: 9 },
        }),
      ],
    ])('writes nothing when %s does not hold', async (_name, failing) => {
      const there = operation();
      await on.tables.insert('operations', there);
      const around = Array.from({ length: 6 }, () => operation());
      const writes = [...around.slice(0, 3).map(insert), failing(there), ...around.slice(3).map(insert)];
      expect(await on.tables.transact(writes)).toBe(false);
      for (const { operationId } of around) expect(await stored(operationId)).toBeUndefined();
      expect(await stored(there.operationId)).toStrictEqual(there);
    });

    it('writes 100 rows, and nothing for no writes', async () => {
      const rows = Array.from({ length: 100 }, (_, i) => operation(i % 2 === 0 ? { idempotencyKey: `k${i}` } : {}));
      expect(await on.tables.transact(rows.map(insert))).toBe(true);
      const found = await Promise.all(rows.map((row) => stored(row.operationId)));
      expect(found).toStrictEqual(rows);
      expect(await on.tables.transact([])).toBe(true);
    });

    it('takes more than 100 writes, or two to one row, for a fault', async () => {
      const row = operation();
      await expect(on.tables.transact(Array.from({ length: 101 }, () => insert(operation())))).rejects.toThrow(
        TypeError,
      );
      await expect(on.tables.transact([insert(row), { kind: 'put', table: 'operations', row }])).rejects.toThrow(
        TypeError,
      );
    });

    it('lets exactly one of many win', async () => {
      const [one, two] = [operation(), operation()];
      await on.tables.insert('operations', one);
      await on.tables.insert('operations', two);
      const won = await Promise.all(
        Array.from({ length: 8 }, (_, i) => {
          const writes: Write[] = [one, two].map((row) => ({
            kind: 'put',
            table: 'operations',
            row: { ...row, version: 2, tool: `t${i}` },
            expect: { version: 1 },
          }));
          return on.tables.transact(i % 2 === 0 ? writes : writes.toReversed());
        }),
      );
      expect(won.filter(Boolean)).toHaveLength(1);
      const tools = [(await stored(one.operationId))?.tool, (await stored(two.operationId))?.tool];
      expect(tools).toEqual([`t${won.indexOf(true)}`, `t${won.indexOf(true)}`]);
    });

    it('counts expired rows as absent', async () => {
      const row = session();
      await on.tables.insert('web-sessions', row);
      on.later(60);
      const key = { sessionId: row.sessionId };
      expect(await on.tables.transact([{ kind: 'remove', table: 'web-sessions', key }, insert(operation())])).toBe(
        false,
      );
      const next = { ...row, expirationTime: SECONDS + 999 };
      const writes: Write[] = [{ kind: 'insert', table: 'web-sessions', row: next }, insert(operation())];
      expect(await on.tables.transact(writes)).toBe(true);
      expect(await on.tables.get('web-sessions', key)).toStrictEqual(next);
    });
  });
};
