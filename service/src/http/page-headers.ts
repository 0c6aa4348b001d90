/** Headers of everything a person's browser shows: no script, no frame, no cache, no foreign content. */
import type { FastifyInstance } from 'fastify';

const contentSecurityPolicy = [
  "default-src 'none'",
  "style-src 'self'",
  "img-src 'self' data:",
  // Browsers hold every redirect that follows a form against this: a form's answer must not redirect to another origin.
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** What every page is sent with, unless its handler sets another. */
export const pageHeaders = {
  'content-security-policy': contentSecurityPolicy,
  // no-referrer would make the Origin of our own forms `null`.
  'referrer-policy': 'same-origin',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'cross-origin-resource-policy': 'same-origin',
  // Cross-Origin-Opener-Policy is left out: clients open the consent page as a popup and wait for it.
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
} as const;

/** Sets the headers on every answer of this scope, before its handlers: one that needs others (assets) sets its own. */
export const addPageHeaders = (scope: FastifyInstance): void => {
  scope.addHook('onRequest', async (_request, reply) => {
    reply.headers(pageHeaders);
  });
};
