import { randomUUID } from 'node:crypto';
import type { Bench } from './bench.ts';
import { operation } from './rows.ts';

export const reads = (on: Bench): void => {
  const stored = on.stored;
  describe('get', () => {
    it('answers every attribute as it was written', async () => {
      const row = operation({ idempotencyKey: 'again', version: 2.5 });
      await on.tables.insert('operations', row);
      expect(await stored(row.operationId)).toStrictEqual(row);
    });

    it('leaves absent attributes out', async () => {
      const row = operation({ idempotencyKey: undefined });
      await on.tables.insert('operations', row);
      expect(Object.keys((await stored(row.operationId)) ?? {})).not.toContain('idempotencyKey');
    });

    it('answers undefined for a key that is not there, and for one that no row can have', async () => {
      for (const operationId of ['nobody', '', 'a\0b', '\uD800', 'x'.repeat(3000)])
        expect(await stored(operationId)).toBeUndefined();
    });

    it('tells rows of one partition apart by their sort', async () => {
      const row = { accountId: randomUUID(), arn: 'arn:1', record: 1 };
      await on.tables.insert('sandbox-resources', row);
      await on.tables.insert('sandbox-resources', { ...row, arn: 'arn:2', record: 2 });
      expect(await on.tables.get('sandbox-resources', { accountId: row.accountId, arn: 'arn:2' })).toMatchObject({
        record: 2,
      });
    });
  });
};
