/** Headers of everything a person's browser shows: no script, no frame, no cache, no foreign content. */
import type { FastifyInstance } from 'fastify';

interface PolicyOptions {
  /** Where this page's form may lead besides this service: see formTarget. */
  readonly formTargets?: readonly string[];
}

/**
 * The Content-Security-Policy of one page. Browsers hold every redirect that follows a form against form-action, so
 * the consent page has to name where its last one goes.
 */
export const contentSecurityPolicy = ({ formTargets = [] }: PolicyOptions = {}): string =>
  [
    "default-src 'none'",
    "style-src 'self'",
    "img-src 'self' data:",
    ["form-action 'self'", ...formTargets].join(' '),
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');

// CSP3 2.3.1: a host-source holds letters, digits, dots and hyphens, so an IPv6 loopback can only be named by its scheme.
const host = /^[a-z0-9.-]+$/i;
const scheme = /^[a-z][a-z0-9+.-]*:$/;

/**
 * The form-action source of a client's redirect URI: its origin, or the scheme of a native app's own.
 * @throws TypeError if it is not a URL
 */
export const formTarget = (redirectUri: string): string => {
  const url = new URL(redirectUri);
  if (!scheme.test(url.protocol)) throw new TypeError('The redirect URI has no usable scheme');
  const web = url.protocol === 'https:' || url.protocol === 'http:';
  return web && host.test(url.hostname) ? url.origin : url.protocol;
};

/** What every page is sent with, unless its handler sets another. */
export const pageHeaders = {
  'content-security-policy': contentSecurityPolicy(),
  // no-referrer would make the Origin of our own forms `null`.
  'referrer-policy': 'same-origin',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'cross-origin-resource-policy': 'same-origin',
  // Cross-Origin-Opener-Policy is left out: clients open the consent page as a popup and wait for it.
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
} as const;

/** Sets the headers on every answer of this scope, before its handlers: one that needs others (consent, assets) sets its own. */
export const addPageHeaders = (scope: FastifyInstance): void => {
  scope.addHook('onRequest', async (_request, reply) => {
    reply.headers(pageHeaders);
  });
};
