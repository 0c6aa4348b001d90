/** What the registry derives from packs that do not fit: a pack with another's name, or without a role that it assumes. */
import '../../service/test/rigs/letters/contract.ts';

import { letters } from '../../service/test/rigs/letters/contract.ts';
import { problems, small } from '../settings/testing/small.ts';
import { tables } from '../tables.ts';
import { assumedBy, merged, packs } from './index.ts';
import type { PackContract } from './pack.ts';

it('a name of the service’s own is no pack’s', () => {
  expect(() => merged('tables', { scans: tables.scans })).toThrow('tables scans is the service’s own');
  expect(() => merged('tables', { operations: tables.operations })).not.toThrow();
});

it.each(Object.entries<PackContract>(packs))('the pack %s grants actions by settings that it has', (_, pack) => {
  const named = Object.values(pack.actions ?? {}).flatMap(({ where = [] }) => where);
  expect([...new Set(named)].filter((name) => !Object.hasOwn(pack.settings ?? {}, name))).toEqual([]);
});

describe('a pack that may be told of no role', () => {
  const accounts = { letters_accounts: ['444455556666'] };
  it('assumes none then', () => {
    expect(assumedBy([letters], { ...small, ...accounts })).toEqual([]);
    expect(assumedBy([letters], { ...small, ...accounts, letters_role: 'Post' })).toMatchObject([
      { pack: letters, role: 'Post', accounts: ['444455556666'] },
    ]);
  });

  it('is given no accounts then, where it is enabled', () => {
    const on = { tool_packs: ['tagging', letters] };
    expect(problems({ ...on, ...accounts })).toEqual([expect.stringContaining('must be empty without letters_role')]);
    for (const right of [{ ...on, ...accounts, letters_role: 'Post' }, on, accounts])
      expect(problems(right)).toEqual([]);
  });
});
