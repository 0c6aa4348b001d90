/** Who may call: issuers, sign-in, claims, roles, and the lives of tokens. */
import { z } from 'zod';
import { accessTokenTypes } from '../access-token.ts';
import { type Role, roleNames } from '../scopes.ts';
import { choice, integer, json, list, secret, text, url, type VariableContract, variable } from '../variable.ts';

export const callerVariables = {
  AUTH_ISSUER: url({
    description:
      'An outside OAuth issuer to trust. With it the service is a resource server only and embeds no authorization server.',
    example: 'https://login.example.com',
  }),
  AUTH_JWKS_URL: url({
    description: 'Keys of AUTH_ISSUER. Default: the jwks_uri of its metadata.',
    example: 'https://login.example.com/jwks',
  }),
  AUTH_TOKEN_TYPE: choice({
    description:
      'What the typ of AUTH_ISSUER’s access tokens must be. JWT also takes JWT and none, for an issuer that does not follow RFC 9068.',
    values: accessTokenTypes,
    default: 'at+jwt',
  }),
  DEMO_PEOPLE: variable(
    z
      .enum(['true', 'false'], { error: 'must be true or false' })
      .transform((value) => value === 'true')
      .optional(),
    {
      description:
        'Whether people pick a demo person instead of signing in, under a banner that says so. Default: true with ENVIRONMENT=local and without SSO_ISSUER, else false. Never beside a pack that acts on something real.',
      example: 'true | false',
    },
  ),
  SSO_ISSUER: url({
    description:
      "The company's OpenID Connect provider that people sign in with. Without it people pick a demo person: see DEMO_PEOPLE.",
    example: 'https://login.example.com',
  }),
  SSO_CLIENT_ID: text({ description: 'Client id registered at SSO_ISSUER.', example: 'countersign' }),
  SSO_CLIENT_SECRET: secret({
    description:
      'Client secret registered at SSO_ISSUER. Without it the service is a public client there, and PKCE alone protects its codes.',
    example: 'from Secrets Manager',
  }),
  SSO_SCOPES: list({
    description: 'Scopes asked of SSO_ISSUER.',
    default: ['openid', 'email', 'profile'],
    example: 'openid,email,profile,groups',
  }),
  OWNER_CLAIM: text({
    description:
      'Claim of tokens and ID tokens that names the human behind a subject, such as an employee number. Needed where AUTH_ISSUER and SSO_ISSUER differ: without it nobody who is known from one approves for somebody known from the other.',
    example: 'employee_id',
  }),
  TEAM_CLAIM: text({
    description:
      'Claim of tokens and ID tokens that names a person’s team or agency. Who holds a pack’s approve scope decides requests of their own team for access to accounts. Without it only admins decide them.',
    example: 'custom:agency',
  }),
  TOKEN_CLAIMS: list({
    description:
      'Claims of ID tokens that are copied into the access tokens of their people, where they are text, comma separated: for the authorizer in front of the service, which lets nobody through without one.',
    item: /^(?!(iss|sub|aud|exp|nbf|iat|jti|scope|client_id|gid|auth_time|roles|cnf|acr|amr)$)[\w:./-]{1,128}$/,
    itemError: 'must be names of claims, and none that our own tokens have already',
    example: 'custom:employeeId,custom:agency',
  }),
  ROLES_CLAIM: variable(z.string().min(1).default('groups'), {
    description: 'Claim of the ID token (or of AUTH_ISSUER’s access token) that lists a person’s groups.',
    example: 'cognito:groups',
  }),
  ROLE_MAP: variable(
    json(
      z.record(z.string(), z.array(z.enum(roleNames as [Role, ...Role[]])), {
        error: `must map a group to a list of roles (${roleNames.join(', ')})`,
      }),
      'must be JSON such as {"finops-admins":["admin"]}',
    ).default({}),
    {
      description: 'JSON object from a group to the roles it gives.',
      example: '{"finops":["analyst"],"leads":["approver"]}',
    },
  ),
  READ_TOKEN_SECONDS: integer({
    description: 'Life of an access token with read scopes only, in seconds.',
    default: 3600,
    min: 60,
    max: 3600,
  }),
  ELEVATED_TOKEN_SECONDS: integer({
    description: 'Life of an access token with an elevated scope, and of a raise made on the page, in seconds.',
    default: 900,
    min: 60,
    max: 900,
  }),
  REFRESH_TOKEN_DAYS: integer({ description: 'Life of a refresh token, in days.', default: 30, min: 1, max: 90 }),
  REFRESH_GRACE_SECONDS: integer({
    description:
      'Seconds in which a refresh token that was just rotated still yields its one successor, for clients that refresh in parallel or lose an answer. 0: never.',
    default: 10,
    min: 0,
    max: 60,
  }),
  KEY_ROTATION_DAYS: integer({
    description: 'Age at which a new signing key takes over, in days.',
    default: 90,
    min: 1,
    max: 365,
  }),
  CLIENT_REGISTRATIONS_PER_HOUR: integer({
    description:
      'Dynamic client registrations per hour from one address (of IPv6: one /64), and twenty times as many from all of them together. A company behind one address needs one per person and app.',
    default: 500,
    min: 0,
    max: 100_000,
  }),
  ADDRESS_REQUESTS_PER_SECOND: integer({
    description:
      'Requests per second of one address (of IPv6: one /64) to each route without a token, averaged over ten seconds: sign-in, consent, the OAuth endpoints, metadata, pages. A whole company may share one address.',
    default: 300,
    min: 1,
    max: 100_000,
  }),
  CLIENT_METADATA_HOSTS: list({
    description:
      'Hosts whose client id metadata documents are read. Empty: any public host. none: they are switched off and clients register instead, for a service that cannot reach the internet.',
    example: 'claude.ai,vscode.dev',
  }),
} as const satisfies Record<string, VariableContract>;
