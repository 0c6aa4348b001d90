import type { AuditFilter } from '../../../src/audit/port.ts';
import type { AuditEvent, AuditRecord } from '../../../src/audit/record.ts';
import { type AuditBench, event, someone } from './bench.ts';

export const queried = (on: AuditBench): void => {
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
        ...([0, 4, 6, 8].includes(i) ? { accountId: ids.accountId } : {}),
      });
    beforeAll(async () => {
      const log = on.audit();
      for (let i = 0; i < 12; i += 1) {
        on.moveTo(new Date(Date.parse('2026-02-10T20:00:00.000Z') + i * 4 * 3_600_000));
        all.push(await log.append(nth(i)));
      }
    });

    it.each<[string, AuditFilter, number[]]>([
      ['person', { userId: ids.userId }, [10, 8, 6, 4, 2, 0]],
      ['operation', { operationId: ids.operationId }, [9, 6, 3, 0]],
      ['account', { accountId: ids.accountId }, [8, 6, 4, 0]],
      ['person and account', { userId: ids.userId, accountId: ids.accountId }, [8, 6, 4, 0]],
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
      const log = on.audit();
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
      expect((await on.audit().query({ correlationId: ids.correlationId })).items).toEqual(
        all.slice(0, 3).toReversed(),
      );
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
      await expect(on.audit().query(filter)).rejects.toMatchObject({
        code: 'invalid_input',
        message: expect.stringContaining(named),
      });
    });
  });
};
