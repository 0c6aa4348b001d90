import type { Bench } from './bench.ts';
import { operation } from './rows.ts';

export const outage = (on: Bench): void => {
  describe('while it is away', () => {
    const calls = (): Promise<unknown>[] => [
      on.tables.get('operations', { operationId: 'x' }),
      on.tables.insert('operations', operation()),
      on.tables.put('operations', operation()),
      on.tables.remove('operations', { operationId: 'x' }),
      on.tables.query('operations', { partition: 'x' }),
      on.tables.scan('operations'),
      on.tables.ping(),
    ];

    it('answers a ping while it is there', async () => {
      await expect(on.tables.ping()).resolves.toBeUndefined();
    });

    const { outage } = on.engine;
    if (outage !== undefined)
      it('rejects every verb with store_unavailable, and works again afterwards', async () => {
        await outage.begin();
        try {
          const answers = await Promise.allSettled(calls());
          for (const answer of answers)
            expect(answer).toMatchObject({
              status: 'rejected',
              reason: { code: 'store_unavailable', message: expect.not.stringMatching(/127\.0\.0\.1|:\/\//) },
            });
        } finally {
          await outage.end();
        }
        await expect(on.tables.ping()).resolves.toBeUndefined();
        expect(await on.tables.insert('operations', operation())).toBe(true);
      });
  });
};
