import pino from 'pino';
import { z } from 'zod';
import { openMemoryObjects } from '../../../../test/rigs/memory-objects.ts';
import { createDocuments, type DocumentOptions } from './documents.ts';

const openFolder = async (options?: DocumentOptions) => {
  const objects = openMemoryObjects();
  const lines: string[] = [];
  const log = pino({ base: null, timestamp: false }, { write: (line: string) => void lines.push(line) });
  const documents = createDocuments({ objects, log }, 'configs/things/', z.object({ size: z.int() }), options);
  for (const id of ['a', 'd']) await documents.put(id, { size: 1 }, undefined);
  await objects.put('configs/things/b.json', '{"size":');
  await objects.put('configs/things/c.json', '{"size":"large"}');
  return { objects, documents, lines };
};

describe('documents of which nobody can read some', () => {
  it('are all others, and the log names those that are left out', async () => {
    const { documents, lines, objects } = await openFolder();
    expect((await documents.all()).map(([id]) => id)).toEqual(['a', 'd']);
    expect(lines.map((line) => JSON.parse(line))).toMatchObject(
      ['b', 'c'].map((id) => ({
        level: 50,
        key: `configs/things/${id}.json`,
        msg: expect.stringContaining('left out'),
      })),
    );
    expect((await objects.list('configs/things/')).items).toHaveLength(4);
    await expect(documents.get('c')).rejects.toThrow('configs/things/c.json is not what this version writes there');
  });

  it('are put aside, and kept, where they are begun anew without them', async () => {
    const { documents, objects } = await openFolder({ unreadable: 'aside' });
    expect(await documents.all()).toHaveLength(2);
    expect((await objects.list('data/unreadable/')).items.map(({ key }) => key)).toEqual([
      'data/unreadable/b.json',
      'data/unreadable/c.json',
    ]);
    expect(await documents.put('c', { size: 2 }, undefined)).toBe(true);
  });

  it('are not all where the store fails for a while: those that cannot be had now are missing to nobody', async () => {
    const { documents, objects } = await openFolder();
    objects.before = async (verb, key) => {
      if (verb === 'get' && key.endsWith('a.json')) throw new Error('away');
    };
    await expect(documents.all()).rejects.toThrow('away');
    objects.before = async () => {};
    expect(await documents.all()).toHaveLength(2);
  });
});
