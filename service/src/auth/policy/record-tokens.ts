/** Nothing is handed out that is not on record: the grant's row and the audit log come before the answer. */
import { eventFrom } from '../../audit/event.ts';
import type { Audit } from '../../audit/port.ts';
import { originOfMessage } from '../../origin.ts';
import type { Metrics } from '../../ports/metrics.ts';
import type { Grants } from '../grants.ts';
import type { Middleware } from './middleware.ts';
import { isElevated } from './scopes.ts';

interface Parts {
  readonly grants: Pick<Grants, 'issued'>;
  readonly audit: Pick<Audit, 'append'>;
  readonly metrics: Metrics;
  /** Keeps the registered client for another while. */
  readonly used: (clientId: string) => Promise<void>;
}

interface TokenResponse {
  readonly access_token: string;
  readonly expires_in: number;
  readonly refresh_token?: string;
  readonly scope?: string;
}

const isTokenResponse = (body: unknown): body is TokenResponse =>
  typeof body === 'object' && body !== null && 'access_token' in body && typeof body.access_token === 'string';

/** Replaces the answer by a refusal if the grant was revoked meanwhile; fails the request if it cannot be recorded. */
export const recordTokens =
  ({ grants, audit, metrics, used }: Parts): Middleware =>
  async (ctx, next) => {
    await next();
    const { body } = ctx;
    if (ctx.oidc?.route !== 'token' || !isTokenResponse(body)) return;
    const { AccessToken: token, RotatedRefreshToken: rotated } = ctx.oidc.entities;
    const { grantId, accountId, clientId } = token ?? {};
    const { access_token: accessToken, refresh_token: refreshToken, expires_in: expiresIn, scope = '' } = body;
    if (!grantId || !accountId || !clientId)
      throw new Error('a token was issued without a grant, a person or a client');
    if (!(await grants.issued(grantId, { accessToken, refreshToken, scopes: scope.split(' '), expiresIn }))) {
      ctx.status = 400;
      ctx.body = { error: 'invalid_grant', error_description: 'grant request is invalid' };
      return;
    }
    await used(clientId);
    await audit.append(
      eventFrom(originOfMessage(ctx.req), {
        userId: accountId,
        correlationId: grantId,
        tool: 'token',
        action: 'authorize',
        result: 'success',
        clientId,
        summary: { scope, refreshed: rotated !== undefined },
      }),
    );
    if (isElevated(scope) && !rotated) metrics.count('StepUps', { Way: 'token' });
  };
