/** The environment of the API's authorizer. The platform sets these variables, the authorizer parses them once. */
import { z } from 'zod';
import { accessTokenTypes } from './access-token.ts';
import { OriginHashes } from './gateway.ts';
import { choice, json, list, text, url, type VariableContract, variable } from './variable.ts';

const needed = (description: string, example: string) => variable(z.string().min(1), { description, example });
const secretArn = (description: string) =>
  variable(
    z
      .string()
      .regex(/^arn:[\w-]+:secretsmanager:/, 'must be the ARN of a secret')
      .optional(),
    {
      description,
      example: 'arn:aws:secretsmanager:us-east-1:111122223333:secret:countersign/prod/caller-api-keys-AbCdEf',
    },
  );
const name = (pattern: RegExp, description: string, example: string) =>
  variable(z.string().regex(pattern).optional(), { description, example });

export const authorizerEnvironment = {
  ISSUER: needed('Issuer of the tokens, exactly as their iss.', 'https://mcp.example.com'),
  JWKS_URL: url({
    description: 'Keys of the issuer. Default: the jwks_uri of its metadata.',
    example: 'https://mcp.example.com/oauth/jwks',
  }),
  AUDIENCE: needed('The only audience a token may have.', 'https://mcp.example.com/mcp'),
  ALGORITHMS: variable(
    z
      .string()
      .transform((value) => value.split(','))
      .pipe(z.array(z.enum(['ES256', 'ES384', 'PS256', 'RS256', 'EdDSA'])).min(1)),
    { description: 'Signature algorithms that are taken, comma separated.', example: 'ES256' },
  ),
  TOKEN_TYPE: variable(z.enum(accessTokenTypes).optional(), {
    description:
      'What the typ of a token must be. JWT also takes JWT and none, for an issuer that does not follow RFC 9068. Default: at+jwt, and JWT for ID tokens (SCOPES=none, or TOKEN_USE).',
    example: 'at+jwt',
  }),
  TOKEN_USE: text({ description: 'What Cognito’s token_use must be. Default: not looked at.', example: 'id' }),
  SCOPES: choice({
    description: 'token: a token must hold the scopes of the route. none: it has none, as an ID token.',
    values: ['token', 'none'],
    default: 'token',
  }),
  SCOPE_PREFIX: text({ description: 'What stands before the names of scopes.', example: 'mcp/' }),
  API_KEY_HEADER: name(/^x-[a-z0-9-]{2,60}$/, 'Header of the caller’s API key. Unset: none is demanded.', 'x-api-key'),
  API_KEYS_SECRET: secretArn('Secret with the keys, as JSON { current, previous }.'),
  ORIGIN_VERIFY_HASHES: variable(json(OriginHashes, 'must be a JSON list').optional(), {
    description: 'SHA-256 of what CloudFront sends in x-origin-verify, as a JSON list. Unset: it is not looked at.',
    example: '["<64 hex digits>"]',
  }),
  EMPLOYEE_CLAIM: name(/^[\w:./-]{1,128}$/, 'Claim a token must have.', 'custom:employeeId'),
  EMPLOYEE_PREFIX: text({ description: 'What that claim must start with.', example: 'EMP-' }),
  CLAIMS: variable(
    list({ description: '' }).schema.pipe(z.array(z.string().regex(/^(agency|role|employeeId)=[\w:./-]{1,128}$/))),
    {
      description: 'Claims the service is told of, as fact=claim, comma separated.',
      example: 'agency=custom:agency,role=custom:role',
    },
  ),
} as const satisfies Record<string, VariableContract>;

export type AuthorizerVariable = keyof typeof authorizerEnvironment;

type Required = 'ISSUER' | 'AUDIENCE' | 'ALGORITHMS';
/** What the platform sets: texts, as a function takes them. */
export type AuthorizerVariables = { readonly [V in Required]: string } & {
  readonly [V in Exclude<AuthorizerVariable, Required>]?: string | undefined;
};

const Environment = z
  .object(
    Object.fromEntries(Object.entries(authorizerEnvironment).map(([name, { schema }]) => [name, schema])) as {
      [V in AuthorizerVariable]: (typeof authorizerEnvironment)[V]['schema'];
    },
  )
  .refine(({ API_KEY_HEADER: header, API_KEYS_SECRET: keys }) => (header === undefined) === (keys === undefined), {
    error: 'API_KEY_HEADER and API_KEYS_SECRET belong together',
  })
  .refine(({ EMPLOYEE_CLAIM: claim, EMPLOYEE_PREFIX: prefix }) => prefix === undefined || claim !== undefined, {
    error: 'EMPLOYEE_PREFIX needs EMPLOYEE_CLAIM',
  });

/** The parsed environment. */
export type AuthorizerConfig = Readonly<z.output<typeof Environment>>;

/** @throws ZodError when a variable is missing, wrong or contradicts another */
export const parseAuthorizerEnvironment = (variables: Readonly<Record<string, string | undefined>>): AuthorizerConfig =>
  // As in the service, an empty variable counts as unset.
  Environment.parse(Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== '')));
