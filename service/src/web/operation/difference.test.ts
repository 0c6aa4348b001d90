import { change } from '../../../test/browser/fixtures.ts';
import { keyChanges, reach, summarize } from './difference.ts';

const painted = (before: Record<string, string | null>, after: Record<string, string | null>) => ({
  ...change(0),
  before,
  after,
});

describe('keyChanges', () => {
  it('tells what is added, changed, removed and left', () => {
    const kinds = keyChanges(
      painted({ a: null, b: '1', c: '1', d: '1', e: '' }, { a: '1', b: '2', c: null, d: '1', e: null }),
    ).map(({ key, kind }) => `${key} ${kind}`);
    expect(kinds).toEqual(['a added', 'b changed', 'c removed', 'd same', 'e removed']);
  });

  it('sees keys that only one side names', () => {
    expect(keyChanges(painted({ gone: '1' }, { come: '2' })).map(({ kind }) => kind)).toEqual(['removed', 'added']);
  });
});

describe('summarize', () => {
  it('counts the same change over resources, the most frequent first', () => {
    const rows = summarize([
      painted({ Owner: null, Env: null }, { Owner: 'x', Env: 'prod' }),
      painted({ Owner: 'y' }, { Owner: 'x' }),
      painted({ Owner: 'x' }, { Owner: 'x' }),
      painted({ Owner: 'x' }, { Owner: 'z' }),
    ]);
    expect(rows.map(({ key, after, counts }) => [key, after, counts])).toEqual([
      ['Owner', 'x', { added: 1, changed: 1, removed: 0, same: 1 }],
      ['Env', 'prod', { added: 1, changed: 0, removed: 0, same: 0 }],
      ['Owner', 'z', { added: 0, changed: 1, removed: 0, same: 0 }],
    ]);
  });
});

describe('reach', () => {
  it('counts places once', () => {
    expect(reach([change(0), change(3), change(1)])).toEqual({ accounts: 2, regions: 2 });
  });
});
