/**
 * OAuth scopes and the roles that may be granted them, from the core and from the packs.
 * The platform derives Cognito groups and the resource server's scopes from this file; the service derives token
 * checks, consent texts, step-up and the tools a person may ever use.
 */
import { type CoreRole, coreRoles, impliedOnly } from './packs/core.ts';
import { enabled, enabledNames, merged, type PackName, packNames, packs } from './packs/index.ts';
import type { PackContract } from './packs/pack.ts';
import type { ScopeContract } from './scope.ts';

const ofPacks = merged('scopes', { ...impliedOnly, admin: true });
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

/**
 * The scopes that satisfy one that is implied only, as challenges and lists of tools name it: any of them is enough.
 * @example askedFor('operations:read', ['tagging']) // ['tag:read']
 */
export const askedFor = (name: Scope, names: readonly string[]): readonly Scope[] => {
  if (!Object.hasOwn(impliedOnly, name)) return [name];
  const elevated = isElevated(name);
  return offeredScopes(names).filter(
    (offered) => offered !== 'admin' && isElevated(offered) === elevated && impliedScopes([offered], names).has(name),
  );
};

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

/**
 * Every scope that holding `granted` amounts to, through any number of steps. Dropped are unknown names, scopes of packs
 * that are off, and scopes that are implied only: those count where something implies them.
 * @param packs names of the packs that are enabled; by default all, to judge by a scope alone
 */
export const impliedScopes = (granted: Iterable<string>, packs: readonly string[] = packNames): Set<Scope> => {
  const offered = new Set<string>(offeredScopes(packs));
  const held = new Set<Scope>();
  const add = (name: Scope): void => {
    if (held.has(name)) return;
    held.add(name);
    for (const implied of scopes[name].implies)
      if (offered.has(implied) || Object.hasOwn(impliedOnly, implied)) add(implied);
  };
  for (const name of granted) if (isScope(name) && offered.has(name)) add(name);
  return held;
};

/** Every scope a person with these roles may ever be granted where these packs are enabled. */
export const scopesOfRoles = (held: Iterable<Role>, packs: readonly string[]): Set<Scope> =>
  impliedScopes(
    [...held].flatMap((role) => roles[role].scopes),
    packs,
  );

/** The scopes of `needed` that `granted` does not amount to. */
export const missingScopes = <S extends string>(granted: Iterable<string>, needed: readonly S[]): S[] => {
  const held: ReadonlySet<string> = impliedScopes(granted);
  return needed.filter((scope) => !held.has(scope));
};
