import { packNames as packs } from '../../../contracts/packs/index.ts';
import { choiceOf, chosenOf } from './consent.ts';

const ana = { roles: ['analyst'] as const };

describe('a choice', () => {
  it('is what was asked for, split by what the roles allow', () => {
    expect(choiceOf(ana, 'admin tag:write tag:read openid', packs)).toEqual({
      offered: ['tag:read', 'tag:write'],
      refused: ['admin'],
    });
    expect(choiceOf({ roles: [] }, 'tag:read', packs)).toEqual({ offered: [], refused: ['tag:read'] });
  });

  it.each([
    ['tag:read', ['tag:read']],
    [
      ['tag:write', 'tag:read', 'tag:read'],
      ['tag:read', 'tag:write'],
    ],
    [['admin', 'tag:approve'], []],
    [undefined, []],
    [{ 0: 'tag:read' }, []],
  ])('of which %j was ticked grants %j', (ticked, granted) => {
    expect(chosenOf(choiceOf(ana, 'tag:read tag:write admin', packs), ticked)).toEqual(granted);
  });
});
