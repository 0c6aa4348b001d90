/** What a verified access token says. */
import { z } from 'zod';

/** RFC 9068 claims this service needs; the rest is kept for reading a person's groups. */
export const TokenClaims = z.looseObject({
  sub: z.string().min(1),
  exp: z.number(),
  iat: z.number(),
  client_id: z.string().min(1),
  scope: z.string(),
  /** Grant the token belongs to. */
  gid: z.string().min(1),
  /** Epoch seconds of the sign-in; 0 where the issuer does not say. */
  auth_time: z.number(),
});
export type TokenClaims = z.infer<typeof TokenClaims>;
