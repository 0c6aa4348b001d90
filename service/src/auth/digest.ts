import { createHash } from 'node:crypto';

/** SHA-256 as base64url. What is stored in place of a token, a code or a session id, so that a stolen table opens nothing. */
export const secretDigest = (secret: string): string => createHash('sha256').update(secret).digest('base64url');
