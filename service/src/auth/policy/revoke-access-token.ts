/** RFC 7009 for access tokens, which are JWTs and stored nowhere: revoking one revokes its grant. */
import { compactVerify, createLocalJWKSet } from 'jose';
import { z } from 'zod';
import { originOfMessage } from '../../origin.ts';
import type { SigningKeys } from '../keys.ts';
import type { Revoke } from '../revocation.ts';
import { signingAlgorithm } from '../signing-key.ts';
import type { Middleware } from './middleware.ts';

interface Parts {
  readonly keys: Pick<SigningKeys, 'current'>;
  readonly revoke: Revoke;
}

const Claims = z.object({ gid: z.string(), client_id: z.string() });

const read = async (token: unknown, keys: Parts['keys']): Promise<z.infer<typeof Claims> | undefined> => {
  if (typeof token !== 'string') return undefined;
  const find = createLocalJWKSet((await keys.current()).verifying);
  try {
    // Only the signature counts: an expired token may be revoked too.
    const { payload } = await compactVerify(token, find, { algorithms: [signingAlgorithm] });
    return Claims.parse(JSON.parse(new TextDecoder().decode(payload)));
  } catch {
    // RFC 7009 2.2: an invalid token is no error, for the client has what it wants.
    return undefined;
  }
};

/** Answers in place of the library's refusal of JWTs, which it gives only after it has authenticated the client. */
export const revokeAccessToken =
  ({ keys, revoke }: Parts): Middleware =>
  async (ctx, next) => {
    await next();
    if (ctx.oidc?.route !== 'revocation' || !isUnsupported(ctx.body)) return;
    const claims = await read(ctx.oidc.params?.token, keys);
    const clientId = ctx.oidc.client?.clientId;
    // RFC 7009 2.1: only the client it was issued to.
    if (claims && claims.client_id === clientId) await revoke(claims.gid, originOfMessage(ctx.req));
    ctx.status = 200;
    ctx.body = '';
  };

const isUnsupported = (body: unknown): boolean =>
  typeof body === 'object' && body !== null && 'error' in body && body.error === 'unsupported_token_type';
