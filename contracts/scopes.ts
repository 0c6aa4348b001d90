/**
 * OAuth scopes and the roles that may be granted them, from the core and from the packs.
 * The platform derives Cognito groups and the resource server's scopes from this file; the service derives token
 * checks, consent texts, step-up and the tools a person may ever use.
 */
import { type CoreRole, coreRoles, impliedOnly } from './packs/core.ts';
import { enabled, enabledNames, merged, type PackName, packNames, packs } from './packs/index.ts';
import type { PackContract } from './packs/pack.ts';
import type { ScopeContract } from './scope.ts';

const ofPacks = merged('scopes');
type PackScope = keyof typeof ofPacks;

const admin = {
  description: 'Everything above, and the audit log of all people',
  implies: Object.keys(ofPacks) as PackScope[],
  elevated: true,
} as const satisfies ScopeContract;

/** Every scope that this version knows, of all packs. */
export const scopes = { ...impliedOnly, ...ofPacks, admin };

export type Scope = keyof typeof scopes;
export const isScope = (value: string): value is Scope => Object.hasOwn(scopes, value);

/** Every scope that a person may ask for in some environment, in the order of the registry. */
export const scopeNames = [...Object.keys(ofPacks), 'admin'] as (PackScope | 'admin')[];

const isElevated = (name: Scope): boolean => scopes[name].elevated;

/** The scopes that a person may ask for where these packs are enabled. */
export const offeredScopes = (names: readonly string[]): readonly Scope[] => {
  const offered = enabledNames(names, 'scopes');
  return scopeNames.filter((name) => name === 'admin' || offered.has(name));
};

/** The scopes named in metadata and in the first challenge: reading only. */
export const baselineOf = (names: readonly string[]): readonly Scope[] =>
  offeredScopes(names).filter((name) => !isElevated(name));
export const baselineScopes: readonly Scope[] = baselineOf(packNames);
export const elevatedScopes: readonly Scope[] = scopeNames.filter(isElevated);

/** In every enabled pack, or in the one it names. */
export type Role = CoreRole | `${PackName}:${CoreRole}`;

interface RoleContract {
  readonly description: string;
  readonly scopes: readonly Scope[];
}

const scopesOf = (role: CoreRole, pack: PackContract): readonly Scope[] =>
  (role === 'admin' ? Object.keys(pack.scopes) : [...pack.roles[role]]).filter(isScope);

const coreRoleNames = Object.keys(coreRoles) as CoreRole[];

/** Who may ever be granted what, in any pack that this version knows. A person's roles come from the company's identity provider. */
export const roles: Readonly<Record<Role, RoleContract>> = Object.fromEntries([
  ...coreRoleNames.map((role) => [
    role,
    {
      ...coreRoles[role],
      scopes: role === 'admin' ? ['admin'] : packNames.flatMap((name) => scopesOf(role, packs[name])),
    },
  ]),
  ...packNames.flatMap((name) =>
    coreRoleNames.map((role) => [
      `${name}:${role}`,
      { description: `${coreRoles[role].description}: ${packs[name].title}`, scopes: scopesOf(role, packs[name]) },
    ]),
  ),
]);
export const roleNames = Object.keys(roles) as Role[];

/** The roles worth a group of their own: those of single packs only where there are several. */
export const offeredRoles = (names: readonly string[]): readonly Role[] => {
  const packsOn = enabled(names).map(([name]) => name);
  const ofOne = packsOn.flatMap((name) => coreRoleNames.map((role): Role => `${name}:${role}`));
  return [...coreRoleNames, ...(packsOn.length > 1 ? ofOne : [])];
};

export const isRole = (value: string): value is Role => Object.hasOwn(roles, value);

/** Every scope that holding `granted` amounts to, through any number of steps. Unknown names are dropped. */
export const impliedScopes = (granted: Iterable<string>): Set<Scope> => {
  const held = new Set<Scope>();
  const add = (name: string): void => {
    if (!isScope(name) || held.has(name)) return;
    held.add(name);
    for (const implied of scopes[name].implies) add(implied);
  };
  for (const name of granted) add(name);
  return held;
};

/** Every scope a person with these roles may ever be granted. */
export const scopesOfRoles = (held: Iterable<Role>): Set<Scope> =>
  impliedScopes([...held].flatMap((role) => roles[role].scopes));

/** The scopes of `needed` that `granted` does not amount to. */
export const missingScopes = <S extends string>(granted: Iterable<string>, needed: readonly S[]): S[] => {
  const held: ReadonlySet<string> = impliedScopes(granted);
  return needed.filter((scope) => !held.has(scope));
};
