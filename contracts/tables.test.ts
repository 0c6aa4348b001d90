import '../service/test/rigs/notes-pack.ts';
import { deployedTables, tableNames } from './tables.ts';

describe('the table that remembers messages of webhooks', () => {
  it.each([
    [['tagging'], false],
    [['notes'], true],
    [['tagging', 'notes'], true],
    [[], false],
  ])('is made for the packs %j: %s', (packs, made) => {
    expect(deployedTables(packs).includes('webhook-messages')).toBe(made);
  });

  it('is known to every version, so that one without webhooks serves beside one that has some', () => {
    expect(tableNames).toContain('webhook-messages');
  });
});
