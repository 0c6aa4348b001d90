/** What the authorizer checks, from the settings: whose tokens, for whom, and what else a caller must have. */
import type { AuthorizerVariables } from '../../contracts/authorizer-environment.ts';
import { routes } from '../../contracts/routes.ts';
import { callerClaims } from '../../contracts/settings/caller-claims.ts';
import type { Deployment } from './deployment.ts';
import type { AuthOutputs, StorageOutputs } from './outputs.ts';

export interface AuthorizerRulesProps {
  readonly deployment: Deployment;
  readonly storage: StorageOutputs;
  readonly auth: AuthOutputs;
  /** Origin people and clients type. */
  readonly publicUrl: string;
  /** SHA-256 of what CloudFront sends, as a JSON list; undefined where it is not asked for. */
  readonly originHashes: string | undefined;
}

type TokenRules = Pick<
  AuthorizerVariables,
  'ISSUER' | 'JWKS_URL' | 'AUDIENCE' | 'ALGORITHMS' | 'TOKEN_TYPE' | 'TOKEN_USE' | 'SCOPES'
>;

const present = (value: string | undefined, what: string): string => {
  if (value === undefined) throw new Error(`the authorizer needs ${what}`);
  return value;
};

/** Countersign's own, whoever signs people in. RFC 9068: the type keeps other tokens of the issuer out. */
const ownTokens = ({ deployment, publicUrl }: AuthorizerRulesProps): TokenRules => ({
  ISSUER: publicUrl,
  JWKS_URL: `${publicUrl}${routes.oauth.path.replace('/*', '/jwks')}`,
  AUDIENCE: present(deployment.settings.token_audience, 'token_audience'),
  ALGORITHMS: 'ES256',
  TOKEN_TYPE: 'at+jwt',
});

/** Who a person is, to an image that takes it from Cognito: ID tokens, which say the attributes and no scopes. */
const cognitoTokens = ({ auth }: AuthorizerRulesProps): TokenRules => {
  const issuer = present(auth.issuer, 'the issuer of the user pool');
  return {
    ISSUER: issuer,
    JWKS_URL: `${issuer}/.well-known/jwks.json`,
    AUDIENCE: present(auth.clientId, 'the client of the user pool'),
    ALGORITHMS: 'RS256',
    TOKEN_USE: 'id',
    SCOPES: 'none',
  };
};

/** A company's provider: its ID tokens for the client, or an issuer's access tokens for the audience. */
const outsideTokens = ({ deployment: { settings }, auth }: AuthorizerRulesProps): TokenRules => ({
  ISSUER: present(auth.issuer, 'an issuer'),
  AUDIENCE: present(settings.auth === 'sso' ? auth.clientId : settings.token_audience, 'an audience'),
  ALGORITHMS: 'RS256,PS256,ES256,ES384,EdDSA',
  TOKEN_TYPE: settings.auth === 'sso' ? undefined : settings.auth_token_type,
  SCOPES: settings.auth === 'sso' ? 'none' : 'token',
});

const tokenRules = (props: AuthorizerRulesProps): TokenRules => {
  const { container, auth } = props.deployment.settings;
  if (container === 'countersign') return ownTokens(props);
  return auth === 'cognito' ? cognitoTokens(props) : outsideTokens(props);
};

const claimsOf = ({ deployment: { settings } }: AuthorizerRulesProps): string | undefined => {
  const named = callerClaims(settings).map(([fact, claim]) => `${fact}=${claim}`);
  return named.length > 0 ? named.join(',') : undefined;
};

export const authorizerRules = (props: AuthorizerRulesProps): AuthorizerVariables => {
  const { settings } = props.deployment;
  // Not behind a spread, where a misspelt name would compile.
  const keyed = settings.api_key_required;
  return {
    ...tokenRules(props),
    API_KEY_HEADER: keyed ? settings.api_key_header : undefined,
    API_KEYS_SECRET: keyed
      ? present(props.storage.secrets['caller-api-keys'], 'the secret caller-api-keys')
      : undefined,
    ORIGIN_VERIFY_HASHES: props.originHashes,
    EMPLOYEE_CLAIM: settings.employee_claim,
    EMPLOYEE_PREFIX: settings.employee_prefix,
    CLAIMS: claimsOf(props),
  };
};
