/** For tests: an issuer with a key, an authorizer that trusts it, and requests as API Gateway makes them. */
import { createLocalJWKSet, exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { type AuthorizerVariables, parseAuthorizerEnvironment } from '../../contracts/authorizer-environment.ts';
import { createDecide, type DecideParts, type Decision } from '../decide.ts';

export const issuer = 'https://mcp.example.com';
export const audience = `${issuer}/mcp`;
export const secretArn = (name: string) => `arn:aws:secretsmanager:us-east-1:111122223333:secret:${name}-AbCdEf`;

const sceneVariables: AuthorizerVariables = {
  ISSUER: issuer,
  JWKS_URL: `${issuer}/oauth/jwks`,
  AUDIENCE: audience,
  ALGORITHMS: 'ES256',
  TOKEN_TYPE: 'at+jwt',
};

export interface Scene {
  /** A token as the issuer makes it, with other claims or another header where given; `undefined` leaves a claim out. */
  token(claims?: JWTPayload, header?: Readonly<Record<string, unknown>>): Promise<string>;
  /** Asks an authorizer with these variables besides the usual ones. */
  ask(event: unknown, changes?: Partial<AuthorizerVariables>): Promise<Decision>;
  /** Reasons for which requests were denied, the newest last. */
  readonly reasons: string[];
  /** Texts of the secrets, by ARN; reading any other fails. */
  readonly secrets: Map<string, string>;
  /** ARNs that were read. */
  readonly read: string[];
  advance(milliseconds: number): void;
  /** A whole authorizer, which keeps what it read. */
  open(changes?: Partial<AuthorizerVariables>, parts?: Partial<DecideParts>): (event: unknown) => Promise<Decision>;
}

/** A request for a route, as payload format 2.0 has it. */
export const request = (headers: Readonly<Record<string, string>>, routeKey = 'GET /mcp/tools/list') => ({
  version: '2.0',
  type: 'REQUEST',
  routeKey,
  rawPath: routeKey.split(' ')[1],
  headers,
  requestContext: { accountId: '111122223333', stage: '$default', http: { sourceIp: '203.0.113.7' } },
});

export const openScene = async (): Promise<Scene> => {
  const pair = await generateKeyPair('ES256');
  const key = createLocalJWKSet({ keys: [{ ...(await exportJWK(pair.publicKey)), kid: 'one', alg: 'ES256' }] });
  const reasons: string[] = [];
  const read: string[] = [];
  const secrets = new Map<string, string>();
  let ahead = 0;
  const now = () => Date.now() + ahead;
  const open: Scene['open'] = (changes = {}, parts = {}) =>
    createDecide({
      config: parseAuthorizerEnvironment({ ...sceneVariables, ...changes }),
      key,
      now,
      read: async (arn) => {
        read.push(arn);
        const text = secrets.get(arn);
        if (text === undefined) throw new Error(`no secret ${arn}`);
        return text;
      },
      denied: (reason) => void reasons.push(reason),
      ...parts,
    });
  return {
    reasons,
    secrets,
    read,
    open,
    advance: (milliseconds) => {
      ahead += milliseconds;
    },
    token: (claims = {}, header = {}) => {
      const seconds = Math.floor(now() / 1000);
      const usual = { iss: issuer, aud: audience, sub: 'ana', iat: seconds, exp: seconds + 600, scope: 'tag:read' };
      return new SignJWT({ ...usual, ...claims })
        .setProtectedHeader({ alg: 'ES256', kid: 'one', typ: 'at+jwt', ...header })
        .sign(pair.privateKey);
    },
    ask: (event, changes) => open(changes)(event),
  };
};
