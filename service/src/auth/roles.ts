/** From what an identity provider says of a person to the roles they have here. */
import { isRole, type Role, roleNames, roles, type Scope, scopes } from '../../../contracts/scopes.ts';
import type { Config } from '../config.ts';

type RoleConfig = Pick<Config, 'ROLES_CLAIM' | 'ROLE_MAP'>;

const listed = (value: unknown): readonly string[] => {
  if (typeof value === 'string') return value.split(/[\s,]+/).filter((name) => name !== '');
  return Array.isArray(value) ? value.filter((name) => typeof name === 'string') : [];
};

/** Roles that ROLE_MAP gives to the groups in the claim ROLES_CLAIM, in the contract's order. */
export const rolesOfClaims = (claims: Readonly<Record<string, unknown>>, config: RoleConfig): Role[] => {
  const held = new Set(
    listed(claims[config.ROLES_CLAIM]).flatMap((group) =>
      Object.hasOwn(config.ROLE_MAP, group) ? (config.ROLE_MAP[group] ?? []) : [],
    ),
  );
  return roleNames.filter((role) => held.has(role));
};

/** The human behind a subject, as OWNER_CLAIM tells it: text or a whole number. */
export const ownerOfClaims = (
  claims: Readonly<Record<string, unknown>>,
  { OWNER_CLAIM }: Pick<Config, 'OWNER_CLAIM'>,
): { readonly owner?: string } => {
  const value = OWNER_CLAIM === undefined ? undefined : claims[OWNER_CLAIM];
  const owner = typeof value === 'number' && Number.isInteger(value) ? String(value) : value;
  return typeof owner === 'string' && owner.trim() !== '' ? { owner: owner.trim() } : {};
};

/** The team or agency of a person, as TEAM_CLAIM tells it. A list of teams is none: whose manager decides would be open. */
export const teamOfClaims = (
  claims: Readonly<Record<string, unknown>>,
  { TEAM_CLAIM }: Pick<Config, 'TEAM_CLAIM'>,
): { readonly team?: string } => {
  const value = TEAM_CLAIM === undefined ? undefined : claims[TEAM_CLAIM];
  return typeof value === 'string' && value.trim() !== '' ? { team: value.trim() } : {};
};

/** What access tokens say besides, as TOKEN_CLAIMS names it. What is no text is left out. */
export const copiedClaims = (
  claims: Readonly<Record<string, unknown>>,
  { TOKEN_CLAIMS }: Pick<Config, 'TOKEN_CLAIMS'>,
): { readonly claims?: Readonly<Record<string, string>> } => {
  const copied = TOKEN_CLAIMS.flatMap((name): [string, string][] => {
    const value = Object.hasOwn(claims, name) ? claims[name] : undefined;
    return typeof value === 'string' && value !== '' ? [[name, value]] : [];
  });
  return copied.length > 0 ? { claims: Object.fromEntries(copied) } : {};
};

/** Role names among the values of a stored list; anything else is dropped. */
export const rolesOf = (value: unknown): Role[] => listed(value).filter(isRole);

const enumeration = new Intl.ListFormat('en-GB', { type: 'conjunction' });

/** What a person with these roles may do, for people to read; what two roles have in common is said once. */
export const mayOf = (held: readonly Role[]): string => {
  const abilities = held.flatMap((role) => roles[role].description.split(' and '));
  return enumeration.format(new Set(abilities));
};

/** A scope as pages show it. */
export const shownScope = (name: Scope) => ({
  name,
  description: scopes[name].description,
  elevated: scopes[name].elevated,
});
