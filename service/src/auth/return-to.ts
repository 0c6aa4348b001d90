/** Where to go after a sign-in. */
import { routes } from '../../../contracts/routes.ts';

// Resolved against a host nobody owns (RFC 2606), so that whatever leaves it is seen to leave.
const base = 'https://local.invalid';

/**
 * A path of this service, with its query; the start page in place of anything else: another origin, `//host`,
 * backslashes that browsers read as slashes, and control characters that they drop.
 */
export const localPath = (value: unknown): string => {
  const home = routes.home.path;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
  if (typeof value !== 'string' || !/^\/(?![/\\])[^\\\u0000-\u0020\u007f]*$/.test(value)) return home;
  const url = URL.parse(value, base);
  if (url?.origin !== base || url.pathname.startsWith('//')) return home;
  return url.pathname + url.search;
};
