import '../../test/rigs/letters/contract.ts';

import { isScope, type Scope, scopes } from '../../../contracts/scopes.ts';
import { contract, letters } from '../../test/rigs/letters/contract.ts';
import { createSight } from './sight.ts';

const held = (...names: string[]): ReadonlySet<Scope> => new Set(names.filter(isScope));

/** Another tool of the pack, with a scope that implies nothing of the pack's reading. */
const withTool = (implies: readonly Scope[]) => {
  Object.assign(scopes, { 'letters:burn': { description: 'Burn letters', implies, elevated: true } });
  Object.assign(contract.scopes, { 'letters:burn': { description: 'Burn letters', implies, elevated: true } });
  Object.assign(contract.tools, { burn_letters: { kind: 'decision', scope: 'letters:burn', actions: [] } });
  return createSight(['tagging', letters]);
};

describe('what a tool did', () => {
  it.each<[string, readonly Scope[]]>([
    ['the core’s reading alone', ['operations:read']],
    ['nothing', []],
  ])('is shown to holders of its own scope where that implies %s', (_name, implies) => {
    const { shows } = withTool(implies);
    expect(shows('burn_letters', held('tag:read', 'operations:read'))).toBe(false);
    expect(shows('burn_letters', held())).toBe(false);
    expect(shows('burn_letters', held('letters:burn'))).toBe(true);
    expect(shows('burn_letters', held('admin'))).toBe(true);
  });

  it('is shown to holders of the reading that its scope implies', () => {
    const { shows } = createSight(['tagging', letters]);
    expect(shows('send_letter', held('letters:read'))).toBe(true);
    expect(shows('approve_bulk_tagging_request', held('tag:read'))).toBe(true);
    expect(shows('approve_bulk_tagging_request', held('letters:read', 'operations:read'))).toBe(false);
  });
});
