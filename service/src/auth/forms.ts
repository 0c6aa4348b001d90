/** Proof that a form was shown to this browser by this service, for people without a session. */
import { randomBytes } from 'node:crypto';
import type { CookieJar } from './cookies.ts';
import { keyedHash } from './proofs.ts';

export interface VisitorForms {
  /** The token of a visitor's forms, and the Set-Cookie header it needs if the browser has none. */
  token(cookies: string | undefined): { readonly csrf: string; readonly cookie?: string };
  /** The token a visitor's form must carry; undefined when the browser was shown none. */
  expected(cookies: string | undefined): string | undefined;
}

export const visitorCookie = 'countersign-visitor';

export const createVisitorForms = (key: Uint8Array, jar: CookieJar): VisitorForms => {
  const tokenOf = (visitor: string) => keyedHash(key, 'form', visitor);
  return {
    token(cookies) {
      const known = jar.read(cookies, visitorCookie);
      if (known !== undefined) return { csrf: tokenOf(known) };
      const visitor = randomBytes(32).toString('base64url');
      return { csrf: tokenOf(visitor), cookie: jar.write(visitorCookie, visitor) };
    },
    expected(cookies) {
      const visitor = jar.read(cookies, visitorCookie);
      return visitor === undefined ? undefined : tokenOf(visitor);
    },
  };
};
