/** Refresh tokens: for whom, how they rotate, and when a client must authorize again instead. */
import Provider, { type Client, errors, type KoaContextWithOIDC } from 'oidc-provider';
import type { Secrets } from '../secrets.ts';
import type { StepUps } from '../step-ups.ts';
import { requestedScopes, withImplied } from './scopes.ts';

/** Clients that may use them get them, without having to ask for offline_access and prompt=consent. */
export const issueRefreshToken = async (_ctx: KoaContextWithOIDC, client: Client): Promise<boolean> =>
  client.grantTypeAllowed('refresh_token');

const expanded = (scope: string, packs: readonly string[]): string =>
  [...new Set([...scope.split(' '), ...withImplied(requestedScopes(scope, packs), packs)])].join(' ');

/**
 * What a scope implies and does not fade stays in the token when the rest has: of a refresh that asks for elevated
 * scopes alone, and of grants from before consent gave it along.
 */
const keepImplied = ({ oidc: { params, entities } }: KoaContextWithOIDC, packs: readonly string[]): void => {
  const { RefreshToken: token, Grant: grant } = entities;
  if (token?.scope) token.scope = expanded(token.scope, packs);
  if (typeof params?.scope === 'string' && params.scope !== '') params.scope = expanded(params.scope, packs);
  for (const [resource, scope] of Object.entries(grant?.resources ?? {}))
    grant?.addResourceScope(resource, expanded(scope, packs));
};

/**
 * Always rotates. A client that was just told that a scope is missing and refreshes instead of asking for it gets the
 * same scopes and gives up; refusing that one refresh makes it authorize again with the scopes of the challenge.
 */
export const rotateRefreshToken =
  (stepUps: Pick<StepUps, 'isDue'>, packs: readonly string[]) =>
  async (ctx: KoaContextWithOIDC): Promise<boolean> => {
    const token = ctx.oidc.entities.RefreshToken;
    keepImplied(ctx, packs);
    if (token?.accountId && token.clientId && token.grantId) {
      const { accountId: personId, clientId, grantId } = token;
      if (await stepUps.isDue({ personId, clientId, grantId })) throw new errors.InvalidGrant('step-up');
    }
    return true;
  };

/**
 * Gives a rotated refresh token the id that follows from the one it replaces, so that all who refresh with the same
 * token at once get the same successor. The library has no setting for ids of its own.
 */
export const deriveSuccessors = (provider: Provider, { successorOf }: Pick<Secrets, 'successorOf'>): void => {
  const { prototype } = provider.RefreshToken;
  const random: unknown = Reflect.get(prototype, 'generateTokenId');
  if (typeof random !== 'function') throw new Error('the authorization server names its tokens in another way now');
  Object.assign(prototype, {
    generateTokenId(...args: unknown[]): unknown {
      const replaced = Provider.ctx?.oidc.entities.RotatedRefreshToken;
      return replaced ? successorOf(replaced.jti) : Reflect.apply(random, this, args);
    },
  });
};
