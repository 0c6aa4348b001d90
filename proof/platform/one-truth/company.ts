/** The provider that the stack has people sign in at, as it registered the service there. */
import { z } from 'zod';
import { routes } from '../../../contracts/routes.ts';
import type { Role } from '../../../contracts/scopes.ts';
import { type Company, startCompany } from '../../../service/test/rigs/company.ts';
import type { Stack } from './stack.ts';

/** What the service is told about it. */
const Told = z.object({
  PUBLIC_URL: z.string(),
  SSO_ISSUER: z.string(),
  SSO_CLIENT_ID: z.string(),
  SSO_CLIENT_SECRET: z.string().optional(),
  SSO_SCOPES: z.string().default('openid,email,profile'),
  ROLES_CLAIM: z.string(),
  ROLE_MAP: z.string(),
  TOKEN_CLAIMS: z.string().default(''),
});
const Client = z.object({
  callback_urls: z.array(z.string()),
  allowed_oauth_scopes: z.array(z.string()),
  read_attributes: z.array(z.string()),
});
const Pool = z.object({ schema: z.array(z.object({ name: z.string() })).default([]) });

/** In a user pool only its own groups exist; elsewhere the company made those that the roles are mapped from. */
const groupFor = (stack: Stack, roleMap: string, role: Role): string => {
  const pool = stack.all('aws_cognito_user_group').map(([, { name }]) => name);
  const mapped = z.record(z.string(), z.array(z.string())).parse(JSON.parse(roleMap));
  const found = Object.entries(mapped).find(
    ([group, roles]) => roles.includes(role) && (pool.length === 0 || pool.includes(group)),
  );
  if (found === undefined) throw new Error(`no group gives the role ${role}`);
  return found[0];
};

/** Where the service may be called back, and what it may ask for. */
const registration = (stack: Stack, publicUrl: string) => {
  const [client] = stack.all('aws_cognito_user_pool_client').map(([, block]) => Client.parse(block));
  // A company's own provider is told by hand, as docs/ say.
  return (
    client ?? {
      callback_urls: [publicUrl + routes.signInCallback.path],
      allowed_oauth_scopes: undefined,
      read_attributes: undefined,
    }
  );
};

/** Attributes of somebody at a company that keeps them, as an ID token says them. */
export const attributesOf = (login: string): Readonly<Record<string, string>> => ({
  'custom:employeeId': `EMP-${login}`,
  'custom:agency': 'north',
  'custom:role': 'manager',
});

/** Of the claims that the service copies those that the pool has and that the client may read. A company's own provider has all. */
const claimsSaid = (stack: Stack, told: z.infer<typeof Told>, readable: readonly string[] | undefined): string[] => {
  const asked = told.TOKEN_CLAIMS.split(',').filter((claim) => claim !== '');
  if (readable === undefined) return asked;
  const kept = stack
    .all('aws_cognito_user_pool')
    .flatMap(([, block]) => Pool.parse(block).schema.map(({ name }) => `custom:${name}`));
  return asked.filter((claim) => kept.includes(claim) && readable.includes(claim));
};

/**
 * @param variables of the service
 * @param clientSecret kept by a company with its own provider
 */
export const openCompany = async (
  stack: Stack,
  variables: Readonly<Record<string, string>>,
  clientSecret: string,
): Promise<Company> => {
  const told = Told.parse(variables);
  const {
    callback_urls,
    allowed_oauth_scopes: allowed,
    read_attributes: readable,
  } = registration(stack, told.PUBLIC_URL);
  const refused = told.SSO_SCOPES.split(',').filter((scope) => allowed?.includes(scope) === false);
  if (refused.length > 0) throw new Error(`the client may not ask for ${refused.join()}`);
  const people = Object.entries({ ana: 'analyst', ben: 'approver' } as const).map(
    ([login, role]) => [login, groupFor(stack, told.ROLE_MAP, role)] as const,
  );
  const company = await startCompany(callback_urls, {
    issuer: told.SSO_ISSUER,
    clientId: told.SSO_CLIENT_ID,
    groupsClaim: told.ROLES_CLAIM,
    publicClient: told.SSO_CLIENT_SECRET === undefined,
    clientSecret,
    facts: claimsSaid(stack, told, readable),
  });
  for (const [login, group] of people)
    company.employees.set(login, {
      name: login,
      email: `${login}@example.com`,
      groups: [group],
      facts: attributesOf(login),
    });
  return company;
};
