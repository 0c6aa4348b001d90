/** By which of its names a service speaks of itself. */
import type { Config } from './config.ts';

/**
 * The origin with the host name that was asked for, else PUBLIC_URL. RFC 9728 3.3: a client takes metadata only if its
 * resource is the address it was given.
 * @param host a Host header
 */
export const ownOrigin = (
  { PUBLIC_URL, ORIGINS }: Pick<Config, 'PUBLIC_URL' | 'ORIGINS'>,
  host: string | undefined,
) => {
  const name = URL.parse(`http://${host}`)?.hostname;
  return ORIGINS.find((origin) => new URL(origin).hostname === name) ?? PUBLIC_URL;
};
