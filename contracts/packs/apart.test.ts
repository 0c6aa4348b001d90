/** What keeps the registered packs apart that no type holds. */
import { impliedOnly } from './core.ts';
import { merged, packs } from './index.ts';
import type { PackContract } from './pack.ts';

it('no two packs use one name for an alarm', () => {
  expect(() => merged('alarms')).not.toThrow();
});

describe.each(Object.entries<PackContract>(packs))(
  'the pack %s',
  (_name, { scopes, secrets = {}, grants = [], objects = {} }) => {
    it('has scopes that imply its own and the core’s, and no other pack’s', () => {
      const may = new Set([...Object.keys(scopes), ...Object.keys(impliedOnly)]);
      const foreign = Object.values(scopes).flatMap(({ implies }) => implies.filter((scope) => !may.has(scope)));
      expect(foreign).toEqual([]);
    });

    it('reads no secret of the service itself', () => {
      const own = ['encryption-keys', 'cache-credentials', 'oauth-credentials', 'caller-api-keys'];
      const read = Object.values(secrets).map((secret) => secret?.from.split(':')[0] ?? '');
      expect(read.filter((secret) => own.includes(secret))).toEqual([]);
    });

    it('has rules for objects only where it keeps some, each for a folder', () => {
      const folders = Object.keys(objects);
      expect(folders.filter((folder) => !/^(?:[\w.=-]+\/)*$/.test(folder))).toEqual([]);
      expect(folders.length === 0 || grants.includes('objects')).toBe(true);
    });
  },
);
