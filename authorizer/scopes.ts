/** Whether a token may use a route. */
import type { JWTPayload } from 'jose';
import { scopesOfToken } from '../contracts/access-token.ts';
import type { AuthorizerConfig } from '../contracts/authorizer-environment.ts';
import type { RouteContract } from '../contracts/route.ts';
import { missingScopes } from '../contracts/scopes.ts';
import { Refusal } from './refusal.ts';

type ScopeConfig = Pick<AuthorizerConfig, 'SCOPES' | 'SCOPE_PREFIX'>;

/** @throws Refusal when the token lacks a scope of the route */
export const demandScopes = (payload: JWTPayload, { scopes = [] }: RouteContract, config: ScopeConfig): void => {
  if (config.SCOPES === 'none') return;
  const { SCOPE_PREFIX: prefix = '' } = config;
  const held = scopesOfToken(payload)
    .filter((name) => name.startsWith(prefix))
    .map((name) => name.slice(prefix.length));
  if (missingScopes(held, scopes).length > 0) throw new Refusal('scope');
};
