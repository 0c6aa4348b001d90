/** Settings: who signs in, and where. */
import { z } from 'zod';
import { accessTokenTypes } from '../access-token.ts';
import { mostAt } from '../limits/index.ts';
import { roleNames } from '../scopes.ts';
import {
  choice,
  flag,
  httpsUrl,
  list,
  ofType,
  optionalChoice,
  optionalFlag,
  optionalText,
  setting,
} from './setting.ts';

/** https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserPoolClient.html */
const callbackUrl = z
  .url({
    protocol: /^(?!(javascript|data|file|blob|vbscript)$)[a-z][a-z0-9+.-]*$/,
    error:
      'must be a URL that Cognito returns people to: https, http of localhost alone, or the scheme of an app such as myapp://signed-in',
  })
  .refine((url) => !/^http:/i.test(url) || /^http:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?(\/|$)/.test(url), {
    error: 'must be https: Cognito takes http for localhost alone',
  })
  .refine((url) => !url.includes('#'), { error: 'must have no fragment (#...): Cognito refuses it' });

export const identity = {
  auth: choice({
    description:
      'cognito: a user pool made here signs people in. sso: the company’s OpenID Connect provider does. issuer: an outside issuer’s tokens are taken as they are. none: a custom image that does it itself.',
    values: ['cognito', 'sso', 'issuer', 'none'],
    default: 'cognito',
  }),
  sso_issuer: setting(httpsUrl.optional(), {
    description: 'With auth sso: its issuer.',
    example: '"https://login.example.com"',
  }),
  sso_client_id: optionalText({
    description: 'With auth sso: the client registered there. Its secret goes to Secrets Manager.',
    example: '"tagging-mcp-prod"',
  }),
  auth_issuer: setting(httpsUrl.optional(), {
    description: 'With auth issuer: the issuer.',
    example: '"https://login.example.com"',
  }),
  auth_token_type: optionalChoice({
    description:
      'With auth issuer: what the typ of its access tokens must be. JWT also takes JWT and none, for an issuer that does not follow RFC 9068. Default: at+jwt.',
    values: accessTokenTypes,
  }),
  token_audience: optionalText({
    description: 'Audience the authorizer demands. Default: the public URL with /mcp.',
    example: '"https://mcp.example.com/mcp"',
  }),
  roles_claim: optionalText({
    description: 'Claim that lists a person’s groups. Default: cognito:groups with auth cognito, else groups.',
    pattern: /^[\w:./-]{1,128}$/,
    be: 'a claim name',
    example: '"groups"',
  }),
  owner_claim: optionalText({
    description:
      'Claim that names the human behind a subject at every issuer, such as an employee number: for auth issuer with people who sign in to the pages elsewhere. Nobody approves what the same human asked for under another subject.',
    pattern: /^[\w:./-]{1,128}$/,
    be: 'a claim name',
    example: '"employee_id"',
  }),
  team_claim: optionalText({
    description:
      'Claim that names a person’s team or agency, such as custom:agency of the user pool. Approvers of a pack decide who of their own team may act on which account. Unset: only admins decide that.',
    pattern: /^[\w:./-]{1,128}$/,
    be: 'a claim name',
    example: '"custom:agency"',
  }),
  role_map: setting(
    z
      .record(
        z.string(),
        z.array(z.enum(roleNames as [string, ...string[]], { error: `must be roles: ${roleNames.join(', ')}` })),
        {
          error: ofType('a map from a group to roles, such as { finops = ["analyst"] }'),
        },
      )
      .default({}),
    {
      description:
        'Groups of the identity provider and the roles they give. With auth cognito a group of every role is made and mapped to it.',
      example: '{ finops-leads = ["approver"] }',
    },
  ),
  cognito_domain_prefix: optionalText({
    description: 'Prefix of the sign-in page’s host. Default: `<name_prefix>-<account_id>`.',
    pattern: /^(?!.*(aws|amazon|cognito))[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/,
    be: 'lower-case letters, digits and hyphens, without aws, amazon or cognito',
    example: '"example-mcp"',
  }),
  cognito_attributes: list({
    description: 'Custom attributes of people.',
    item: z.string().regex(/^[a-zA-Z]\w{0,19}$/, { error: 'must be a name of at most 20 letters and digits' }),
    example: '["employeeId", "agency", "role"]',
    most: mostAt('aws_cognito_user_pool.schema'),
  }),
  cognito_mfa: optionalChoice({
    description: 'Second factor (authenticator app). Default: on in prod, optional elsewhere.',
    values: ['on', 'optional', 'off'],
  }),
  cognito_saml_metadata_url: setting(httpsUrl.optional(), {
    description: 'SAML metadata of the company’s identity provider, which then signs people in at Cognito.',
    example: '"https://login.example.com/metadata.xml"',
  }),
  cognito_callback_urls: list({
    description:
      'Where people return to after signing in at Cognito. Default: the page of Countersign that awaits them, under domain_name.',
    item: callbackUrl,
    example: '["https://alerts.example.com/signed-in"]',
    most: mostAt('aws_cognito_user_pool_client.callback_urls'),
  }),
  cognito_threat_protection: optionalFlag({
    description:
      'Cognito refuses leaked passwords and blocks risky sign-ins. Its Plus tier, paid by person and month. Default: true in prod.',
  }),
  identity_pool: flag({
    description:
      'An identity pool, through which signed-in people get AWS credentials of their own for the data bucket.',
    default: false,
  }),
  allow_unauthenticated: flag({
    description: 'A role without any permission for people who did not sign in. Only with identity_pool.',
    default: false,
  }),
} as const;
