import { packNames, packs } from './packs/index.ts';
import type { PackContract, ToolContract } from './packs/pack.ts';
import {
  askedFor,
  impliedScopes,
  isRole,
  isScope,
  offeredScopes,
  type Scope,
  scopes,
  scopesOfRoles,
} from './scopes.ts';

const contracts = packNames.map((name): [string, PackContract] => [name, packs[name]]);
const known = (name: string | undefined): Scope => {
  if (name === undefined || !isScope(name)) throw new Error(`${name} is no scope`);
  return name;
};
const amountsTo = (name: string | undefined): ReadonlySet<string> => impliedScopes([known(name)]);

describe.each(contracts)('the pack %s', (name, pack) => {
  const tools = Object.entries<ToolContract>(pack.tools);
  // A pack may have queries alone.
  const changes = tools.map(([, tool]) => tool).filter(({ kind }) => kind === 'change');

  it('each change is seen by a reading scope, asked for by an elevated one and countersigned by another', () => {
    for (const tool of changes) {
      expect(scopes[known(tool.read)].elevated).toBe(false);
      expect(scopes[known(tool.scope)].elevated).toBe(true);
      expect(scopes[known(tool.approve)].elevated).toBe(true);
      expect(tool.approve).not.toBe(tool.scope);
      expect(amountsTo(tool.approve)).not.toContain(tool.scope);
      // Admins have every scope. Nobody approves what they asked for, whatever scopes they have.
      if (tool.scope !== 'admin') expect(amountsTo(tool.scope)).not.toContain(tool.approve);
    }
  });

  it('who may ask for a change or countersign it may look', () => {
    for (const tool of changes) {
      for (const scope of [tool.scope, tool.approve]) expect(amountsTo(scope)).toContain(tool.read);
      expect(amountsTo(tool.read)).toContain('operations:read');
      expect(amountsTo(tool.scope)).toContain('operations:write');
    }
  });

  it('each tool needs a scope of its own pack or is for admins, and names begin with a word of the pack', () => {
    for (const [, tool] of tools) if (tool.scope !== 'admin') expect(pack.scopes).toHaveProperty([tool.scope]);
    const words = new Set(Object.keys(pack.scopes).map((scope) => scope.split(':', 1)[0]));
    expect(words.size).toBe(1);
    expect(words).not.toContain('operations');
  });

  it('its roles give what they say: an approver countersigns and asks for nothing, an admin does all', () => {
    const of = (role: 'viewer' | 'analyst' | 'approver' | 'admin') =>
      scopesOfRoles([`${name}:${role}`].filter(isRole), [name]);
    for (const tool of changes) {
      expect([...of('approver')]).toEqual(expect.arrayContaining([tool.approve, tool.read]));
      expect(of('approver')).not.toContain(tool.scope);
      // What configures a pack is its admins'.
      expect(of('analyst').has(known(tool.scope))).toBe(!/^(admin|[a-z]+:admin)$/.test(tool.scope));
      expect(of('analyst')).not.toContain(tool.approve);
    }
    for (const scope of of('viewer')) expect(scopes[scope].elevated).toBe(false);
    expect([...of('admin')]).toEqual(expect.arrayContaining(Object.keys(pack.scopes)));
    expect(of('admin')).not.toContain('admin');
  });

  it('has only scopes that lead to the core, and gives nothing where it is off', () => {
    for (const scope of Object.keys(pack.scopes)) expect(amountsTo(scope)).toContain('operations:read');
    const others = packNames.filter((other) => other !== name);
    expect([...scopesOfRoles([`${name}:admin`].filter(isRole), others)]).toEqual([]);
    for (const scope of Object.keys(pack.scopes)) expect(offeredScopes(others)).not.toContain(scope);
  });
});

it('a scope that is implied only counts where something implies it', () => {
  expect([...impliedScopes(['operations:read', 'operations:write', 'nonsense', 'toString'])]).toEqual([]);
  expect(offeredScopes(packNames).filter((name) => name.startsWith('operations:'))).toEqual([]);
  expect([...impliedScopes(['admin'], [])]).toEqual(['admin']);
});

it('is asked for by what implies it, of as much weight', () => {
  for (const name of askedFor('operations:read', packNames)) expect(scopes[name].elevated).toBe(false);
  for (const name of askedFor('operations:write', packNames)) expect(amountsTo(name)).toContain('operations:write');
  expect(askedFor('operations:read', packNames).length).toBeGreaterThanOrEqual(packNames.length);
  expect(askedFor('admin', packNames)).toEqual(['admin']);
});
