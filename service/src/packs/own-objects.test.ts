import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { PackContract } from '../../../contracts/packs/pack.ts';
import type { Scope } from '../../../contracts/scopes.ts';
import { folderObjects } from '../objects/folder.ts';
import { linked } from '../objects/index.ts';
import { createLinks } from '../objects/links.ts';
import { ownObjects } from './own-objects.ts';

const contract: PackContract = {
  title: 'A pack of the test',
  description: 'It keeps objects.',
  scopes: { 'tag:read': { description: 'Read', implies: [], elevated: false } },
  roles: { viewer: [], analyst: [], approver: [] },
  tools: {},
  accounts: { none: 'Its files are of no account.' },
  grants: ['objects'],
};

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'countersign-own-objects-'));
});
afterAll(() => rm(folder, { recursive: true }));

const links = createLinks({ key: new Uint8Array(32), publicUrl: 'http://localhost:3000', now: () => new Date() });
const all = () => linked(folderObjects(folder), links);
const of = (pack: string, changes: Partial<PackContract> = {}) => ownObjects(pack, { ...contract, ...changes }, all());

describe('the objects of a pack', () => {
  it('are below its own folder, whose name it never sees', async () => {
    const [notes, shelf] = [of('notes'), of('shelf')];
    const written = await notes.put('a/b.txt', 'mine', { ifNoneMatch: '*' });
    expect(written?.key).toBe('a/b.txt');
    expect(await shelf.put('a/b.txt', 'theirs', { ifNoneMatch: '*' })).toBeDefined();
    expect(await notes.put('a/b.txt', 'again', { ifNoneMatch: '*' })).toBeUndefined();
    const found = await notes.get('a/b.txt');
    expect(found && [found.key, await text(found.body)]).toEqual(['a/b.txt', 'mine']);
    await notes.put('a/c.txt', 'x');
    const first = await notes.list('', { limit: 1 });
    expect(first).toEqual({ items: [written], cursor: 'a/b.txt' });
    expect((await notes.list('a/', { cursor: first.cursor ?? '' })).items.map(({ key }) => key)).toEqual(['a/c.txt']);
    await notes.remove('a/b.txt');
    expect(await notes.head('a/b.txt')).toBeUndefined();
    expect(await shelf.head('a/b.txt')).toMatchObject({ key: 'a/b.txt' });
    expect((await all().list('')).items.map(({ key }) => key)).toEqual(['packs/notes/a/c.txt', 'packs/shelf/a/b.txt']);
  });

  it.each(['../shelf/a/b.txt', '/packs/shelf/a/b.txt', 'a/../../shelf/a/b.txt', ''])(
    'are not reached by another pack’s key %j',
    async (key) => {
      const notes = of('notes');
      const refusal = { code: 'invalid_input' };
      await expect(notes.get(key)).rejects.toMatchObject(refusal);
      await expect(notes.put(key, 'x')).rejects.toMatchObject(refusal);
      await expect(notes.remove(key)).rejects.toMatchObject(refusal);
      await expect(notes.head(key)).rejects.toMatchObject(refusal);
      await expect(notes.link(key, { readers: { person: 'ana' } })).rejects.toMatchObject(refusal);
      if (key !== '') await expect(notes.list(`${key}/`)).rejects.toMatchObject(refusal);
      await expect(notes.list('', { cursor: key })).rejects.toMatchObject(refusal);
    },
  );

  it('are for packs that ask for them in their contract', async () => {
    const none = of('notes', { grants: [] });
    await expect(none.put('a', 'x')).rejects.toThrow('contracts/packs/notes.ts does not ask for the grant objects');
    await expect(none.list('')).rejects.toThrow('grant objects');
    await expect(none.link('a', { readers: { person: 'ana' } })).rejects.toThrow('grant objects');
  });

  it('are linked for scopes of the pack itself only', async () => {
    const { url, expiresAt } = await of('notes').link('a/c.txt', { readers: { scope: 'tag:read' }, seconds: 600 });
    expect(Math.abs(Date.parse(expiresAt) - Date.now() - 600_000)).toBeLessThan(5000);
    expect(await links.read(new URL(url).searchParams.get('link'))).toEqual({
      key: 'packs/notes/a/c.txt',
      readers: { scope: 'tag:read' },
      fileName: 'c.txt',
    });
    const foreign = 'letters:read' as Scope;
    await expect(of('notes').link('a/c.txt', { readers: { scope: foreign } })).rejects.toThrow(
      'letters:read is no scope of contracts/packs/notes.ts',
    );
  });
});
