import { AuditEvent } from '../../src/audit/record.ts';
import { openAudited } from '../rigs/audited.ts';
import { type Forgery, forge, forgeries } from './forger.ts';

/** Three records of Ana, the middle one with this result, which are held against a report of before. */
const audited = async (result: AuditEvent['result']) => {
  const on = openAudited();
  await on.tell('ana', {}, { result }, { action: 'read' });
  const { heads: since } = await on.verify();
  const verified = async () => (await on.verify({ since })).breaks.length === 0;
  return { verified, world: { withTables: <T>(work: (tables: typeof on.tables) => Promise<T>) => work(on.tables) } };
};

describe('The forger of the audit log', () => {
  it.each(AuditEvent.shape.result.options)(
    'is noticed in every way, whatever the record said before: %s',
    async (result) => {
      const { world, verified } = await audited(result);
      expect(await verified()).toBe(true);
      expect(await forge(world, verified)).toEqual([]);
    },
  );

  it('names each way that nobody noticed', async () => {
    const { world } = await audited('success');
    expect(await forge(world, async () => true)).toEqual(forgeries.map(({ name }) => name));
  });

  it('fails where a way leaves the log as it was', async () => {
    const { world, verified } = await audited('blocked');
    const nothing: Forgery = { name: 'nothing', forge: (log) => ({ ...log }) };
    await expect(forge(world, verified, [nothing])).rejects.toThrow('nothing: the log is as it was');
  });
});
