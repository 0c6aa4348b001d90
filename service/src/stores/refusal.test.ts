import { openNewDatabase } from '../../test/servers/new-database.ts';
import { storeRefusalOf } from './refusal.ts';
import { unavailable } from './tables.ts';

const failing = (fields: object) => Object.assign(new Error('engine'), fields);

describe('what an engine refuses for the value in it', () => {
  it.each([
    [{ code: '22008' }, 'invalid_input'],
    [{ code: '22021' }, 'invalid_input'],
    [{ code: '54000' }, 'too_large'],
    [{ name: 'ValidationException' }, 'invalid_input'],
    [{ code: '57P01' }, 'store_unavailable'],
    [{ code: 'ECONNREFUSED' }, 'store_unavailable'],
    [{ code: '40001' }, 'store_unavailable'],
    [{ name: 'ThrottlingException' }, 'store_unavailable'],
  ])('%j is %s', (fields, code) => {
    expect(unavailable(failing(fields))).toMatchObject({ code, cause: expect.any(Error) });
  });

  it('is nothing that was thrown without a code', () => {
    for (const thrown of [undefined, null, 'x', 22]) expect(storeRefusalOf(thrown)).toBeUndefined();
  });

  it('is no outage on PostgreSQL: a year it does not know, a key too long for its index', async () => {
    const tables = await openNewDatabase();
    try {
      const query = { partition: 'ana', from: '0000-01-01T00:00:00Z' };
      await expect(tables.query('audit-logs', query)).rejects.toMatchObject({ code: 'invalid_input' });
      // Too random to be compressed, as PostgreSQL does with long keys.
      const random = () =>
        Buffer.from(crypto.getRandomValues(new Uint8Array(1500)))
          .toString('hex')
          .slice(0, 2048);
      const row = {
        userId: random(),
        accountKey: random().slice(0, 1024),
        api: random(),
        accountId: random().slice(0, 1024),
        approvedBy: 'x',
        approvedAt: '2026-01-01T00:00:00.000Z',
        status: 'active',
      };
      const written = await tables.insert('approved-accounts', row).catch((error: unknown) => error);
      expect(written === true || (written as { code: unknown }).code === 'too_large').toBe(true);
    } finally {
      await tables.close();
    }
  });
});
