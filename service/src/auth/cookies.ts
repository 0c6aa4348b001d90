/** Reading and writing of cookies, with the one set of attributes that all of this service's cookies have. */

export interface CookieJar {
  /** The name with the __Host- prefix on https, so that no sibling host can plant one. */
  name(base: string): string;
  /** The value of a cookie in a Cookie header. */
  read(header: string | undefined, base: string): string | undefined;
  /** A Set-Cookie header. Without a lifetime it goes with the browser. */
  write(base: string, value: string, maxAgeSeconds?: number): string;
  /** A Set-Cookie header that removes it. */
  remove(base: string): string;
}

/** @param publicUrl origin the browser sees: on plain http, which is for this computer only, cookies are not Secure */
export const createCookieJar = (publicUrl: string): CookieJar => {
  const secure = publicUrl.startsWith('https:');
  const name = (base: string) => (secure ? `__Host-${base}` : base);
  const write: CookieJar['write'] = (base, value, maxAgeSeconds) =>
    [
      `${name(base)}=${value}`,
      'Path=/',
      'HttpOnly',
      // Lax and not Strict: the first page after a provider's redirect must see the session.
      'SameSite=Lax',
      ...(secure ? ['Secure'] : []),
      ...(maxAgeSeconds === undefined ? [] : [`Max-Age=${maxAgeSeconds}`]),
    ].join('; ');
  return {
    name,
    write,
    remove: (base) => write(base, '', 0),
    read(header, base) {
      const prefix = `${name(base)}=`;
      const found = header?.split(';').find((pair) => pair.trimStart().startsWith(prefix));
      return found?.trimStart().slice(prefix.length) || undefined;
    },
  };
};
