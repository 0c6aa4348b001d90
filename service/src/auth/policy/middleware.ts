import type { KoaContextWithOIDC } from 'oidc-provider';

/** Runs around the authorization server's own handlers. `oidc` is there once one of them has matched. */
export type Middleware = (ctx: KoaContextWithOIDC, next: () => Promise<void>) => Promise<void>;
