/** A token in the header Authorization (RFC 6750 2.1), of senders that can sign nothing. */
import { createHash, timingSafeEqual } from 'node:crypto';
import { header, invalidSignature, type WebhookScheme } from '../scheme.ts';

/** RFC 6750 2.1, `b68token`. */
const tokenPattern = /^[\w.~+/-]+=*$/;
const fewestCharacters = 32;
const mostCharacters = 512;

// Of one length, whatever was sent, so that the comparison says nothing of how long ours is.
const digestOf = (text: string): Buffer => createHash('sha256').update(text).digest();

/**
 * The digests of a secret's tokens. Several, separated by spaces, are all accepted, so that a token can be changed while messages arrive.
 * @throws Error that names the variable, and no part of the secret
 */
export const tokenDigests = (secret: string, variable: string): readonly Buffer[] =>
  secret
    .trim()
    .split(/\s+/)
    .map((token) => {
      if (token.length >= fewestCharacters && token.length <= mostCharacters && tokenPattern.test(token))
        return digestOf(token);
      throw new Error(
        `${variable} must be ${fewestCharacters} to ${mostCharacters} letters, digits and . _ ~ + / - ; several tokens are separated by spaces`,
      );
    });

export const bearerToken = (known: readonly Buffer[]): WebhookScheme => ({
  challenge: 'Bearer',
  // Alertmanager tries again after 5xx only (notify/util.go, Retrier.Check).
  underWay: 'throttled',
  authenticate: async ({ headers, now }) => {
    const [, token] = /^Bearer +(\S+)$/i.exec(header(headers, 'authorization') ?? '') ?? [];
    if (token === undefined)
      throw invalidSignature('The header Authorization is required: Bearer and the token of this webhook.');
    const given = digestOf(token);
    // All of them, however many, so that the time says nothing of which one.
    const matches = known.map((each) => timingSafeEqual(each, given));
    if (!matches.includes(true)) throw invalidSignature('Authorization: is none of the tokens of this webhook.');
    return { sentAt: now };
  },
});
