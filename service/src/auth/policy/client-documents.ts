/** Client id metadata documents: which are fetched. The fetch itself refuses addresses that are not public. */
import { isIP } from 'node:net';
import type { Config } from '../../config.ts';

const hostOf = (clientId: string): string => URL.parse(clientId)?.hostname.toLowerCase() ?? '';

/** A host must be a name, not an address, of a public domain; and one of CLIENT_METADATA_HOSTS if there are any. */
export const mayFetchDocument = (clientId: string, config: Pick<Config, 'CLIENT_METADATA_HOSTS'>): boolean => {
  const host = hostOf(clientId);
  if (!host.includes('.') || host.startsWith('[') || isIP(host) !== 0) return false;
  if (/\.(localhost|local|internal|home\.arpa|test|invalid|onion)$/.test(host)) return false;
  return config.CLIENT_METADATA_HOSTS.length === 0 || config.CLIENT_METADATA_HOSTS.includes(host);
};
