/** What the authorization server refuses, for the log, the metrics and the audit. Codes and reasons, never tokens. */
import type { errors, KoaContextWithOIDC, Provider } from 'oidc-provider';
import type { Logger } from 'pino';
import { eventFrom } from '../../audit/event.ts';
import type { Audit } from '../../audit/port.ts';
import { CountersignError } from '../../errors.ts';
import { originOfMessage } from '../../origin.ts';
import type { Metrics } from '../../ports/metrics.ts';

interface Parts {
  readonly audit: Pick<Audit, 'append'>;
  readonly metrics: Metrics;
  readonly log: Logger;
}

/**
 * Only what concerns a known person is audited: anyone can send garbage, and must not fill the log with it. A refusal
 * changes nothing, so its record may be lost with the store; the log has it either way.
 */
const refused = ({ audit, metrics, log }: Parts, ctx: KoaContextWithOIDC, error: errors.OIDCProviderError) => {
  const { client, route, entities } = ctx.oidc;
  const clientId = client?.clientId;
  log.info({ oauth: error.error, detail: error.error_detail, clientId, route }, 'authorization refused');
  metrics.count('AuthFailures', { Reason: error.error });
  const person = entities.Account?.accountId;
  if (person === undefined) return;
  audit
    .append(
      eventFrom(originOfMessage(ctx.req), {
        userId: person,
        correlationId: entities.Grant?.jti ?? route,
        tool: 'token',
        action: 'authorize',
        result: 'failure',
        ...(clientId !== undefined && { clientId }),
        errorCode: error.error,
      }),
    )
    .catch((failure: unknown) => log.warn({ err: failure }, 'a refused authorization is not in the audit log'));
};

const faulted = (log: Logger, ctx: KoaContextWithOIDC, error: Error) => {
  log.error({ err: error, route: ctx.oidc.route }, 'authorization server failed');
  if (!(error instanceof CountersignError)) return;
  ctx.status = error.status;
  ctx.set('retry-after', '5');
  const description = 'The service cannot reach its records. Try again.';
  if (error.status === 503 && ctx.type === 'application/json')
    ctx.body = { error: 'temporarily_unavailable', error_description: description };
};

export const watch = (provider: Provider, parts: Parts): void => {
  const onRefusal = (ctx: KoaContextWithOIDC, error: errors.OIDCProviderError) => refused(parts, ctx, error);
  provider.on('authorization.error', onRefusal);
  provider.on('grant.error', onRefusal);
  provider.on('registration_create.error', onRefusal);
  provider.on('revocation.error', onRefusal);
  provider.on('server_error', (ctx: KoaContextWithOIDC, error: Error) => faulted(parts.log, ctx, error));
  provider.on('grant.revoked', (ctx: KoaContextWithOIDC, grantId: string) =>
    parts.log.warn({ grantId, clientId: ctx.oidc.client?.clientId, route: ctx.oidc.route }, 'grant revoked'),
  );
};
