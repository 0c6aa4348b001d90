/** The decision: named checks in order, each of which refuses; whatever is not allowed is denied. */
import type { JWTVerifyGetKey } from 'jose';
import type { AuthorizerConfig } from '../contracts/authorizer-environment.ts';
import { originVerifyHeader } from '../contracts/gateway.ts';
import { contextOf, demandEmployee } from './caller.ts';
import { type AuthorizerRequest, readEvent } from './event.ts';
import { type Reason, Refusal } from './refusal.ts';
import { routeOf } from './route.ts';
import { demandScopes } from './scopes.ts';
import { openKeys, type SecretParts } from './secrets.ts';
import { demandKey, demandOrigin } from './shared-secret.ts';
import { verifyToken } from './token.ts';

/** The simple response of payload format 2.0. */
export interface Decision {
  readonly isAuthorized: boolean;
  readonly context?: Readonly<Record<string, string>>;
}

export interface DecideParts extends SecretParts {
  readonly config: AuthorizerConfig;
  /** Finds the key that signed a token. */
  readonly key: JWTVerifyGetKey;
  /** Told why a request is denied. */
  readonly denied: (reason: Reason, routeKey: string | undefined) => void;
}

export type Decide = (event: unknown) => Promise<Decision>;

export const createDecide = (parts: DecideParts): Decide => {
  const { config, key, now, denied } = parts;
  const { ORIGIN_VERIFY_HASHES: origins, API_KEYS_SECRET: keys, API_KEY_HEADER: keyHeader = '' } = config;
  const callerKeys = keys === undefined ? undefined : openKeys(keys, parts);

  const allow = async ({ routeKey, headers }: AuthorizerRequest): Promise<Decision> => {
    const route = routeOf(routeKey);
    if (origins) demandOrigin(headers.get(originVerifyHeader), origins);
    if (callerKeys) await demandKey(headers.get(keyHeader), callerKeys);
    const claims = await verifyToken(headers.get('authorization'), config, key, now);
    demandScopes(claims, route, config);
    demandEmployee(claims, config);
    return { isAuthorized: true, context: contextOf(claims, config) };
  };

  return async (event) => {
    let routeKey: string | undefined;
    try {
      const request = readEvent(event);
      routeKey = request.routeKey;
      return await allow(request);
    } catch (error) {
      denied(error instanceof Refusal ? error.reason : 'fault', routeKey);
      return { isAuthorized: false };
    }
  };
};
