/** Whether a token may use a route. */
import type { JWTPayload } from 'jose';
import type { AuthorizerConfig } from '../contracts/authorizer-environment.ts';
import type { RouteContract } from '../contracts/routes.ts';
import { missingScopes } from '../contracts/scopes.ts';
import { Refusal } from './refusal.ts';
import { claim } from './token.ts';

type ScopeConfig = Pick<AuthorizerConfig, 'SCOPES' | 'SCOPE_PREFIX'>;

// RFC 9068 2.2.3 has one text; some issuers write a list, under `scp`.
const granted = (payload: JWTPayload): string[] => {
  const value = claim(payload, 'scope') ?? claim(payload, 'scp');
  if (typeof value === 'string') return value.split(' ');
  return Array.isArray(value) ? value.filter((name) => typeof name === 'string') : [];
};

/** @throws Refusal when the token lacks a scope of the route */
export const demandScopes = (payload: JWTPayload, { scopes = [] }: RouteContract, config: ScopeConfig): void => {
  if (config.SCOPES === 'none') return;
  const { SCOPE_PREFIX: prefix = '' } = config;
  const held = granted(payload)
    .filter((name) => name.startsWith(prefix))
    .map((name) => name.slice(prefix.length));
  if (missingScopes(held, scopes).length > 0) throw new Refusal('scope');
};
