/**
 * OAuth scopes and the roles that may be granted them.
 * The platform derives Cognito groups and the resource server's scopes from this file; the service derives token
 * checks, consent texts, step-up and the tools a person may ever use.
 */

interface ScopeContract {
  /** What a person reads on the consent page. */
  readonly description: string;
  /** Scopes that a token with this one also has. */
  readonly implies: readonly string[];
  /** An elevated scope needs a fresh sign-in and its tokens are short-lived. */
  readonly elevated: boolean;
}

export const scopes = {
  'tag:read': {
    description: 'Read tags, costs, compliance reports and operations',
    implies: [],
    elevated: false,
  },
  'tag:write': {
    description: 'Ask for tags to be changed; each change still needs a countersignature',
    implies: ['tag:read'],
    elevated: true,
  },
  'tag:approve': {
    description: 'Countersign or deny changes that other people asked for',
    implies: ['tag:read'],
    elevated: true,
  },
  admin: {
    description: 'Everything above, and the audit log of all people',
    implies: ['tag:read', 'tag:write', 'tag:approve'],
    elevated: true,
  },
} as const satisfies Record<string, ScopeContract>;

export type Scope = keyof typeof scopes;
export const scopeNames = Object.keys(scopes) as Scope[];

/** The scopes named in metadata and in the first challenge: reading only. */
export const baselineScopes: readonly Scope[] = scopeNames.filter((name) => !scopes[name].elevated);
export const elevatedScopes: readonly Scope[] = scopeNames.filter((name) => scopes[name].elevated);

/** Who may ever be granted what. A person's roles come from the company's identity provider. */
export const roles = {
  viewer: { description: 'Reads reports', scopes: ['tag:read'] },
  analyst: { description: 'Reads reports and asks for changes', scopes: ['tag:write'] },
  approver: { description: 'Reads reports and countersigns changes', scopes: ['tag:approve'] },
  admin: { description: 'Operates the service', scopes: ['admin'] },
} as const satisfies Record<string, { description: string; scopes: readonly Scope[] }>;

export type Role = keyof typeof roles;
export const roleNames = Object.keys(roles) as Role[];

export const isScope = (value: string): value is Scope => Object.hasOwn(scopes, value);
export const isRole = (value: string): value is Role => Object.hasOwn(roles, value);

/** Every scope that holding `granted` amounts to. Unknown names are dropped. */
export const impliedScopes = (granted: Iterable<string>): Set<Scope> => {
  const held = new Set<Scope>();
  for (const name of granted) {
    if (!isScope(name)) continue;
    held.add(name);
    for (const implied of scopes[name].implies) held.add(implied);
  }
  return held;
};

/** Every scope a person with these roles may ever be granted. */
export const scopesOfRoles = (held: Iterable<Role>): Set<Scope> =>
  impliedScopes([...held].flatMap((role) => roles[role].scopes));

/** The scopes of `needed` that `granted` does not amount to. */
export const missingScopes = (granted: Iterable<string>, needed: readonly Scope[]): Scope[] => {
  const held = impliedScopes(granted);
  return needed.filter((scope) => !held.has(scope));
};
