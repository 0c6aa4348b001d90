/** Client id metadata documents: which are fetched. The fetch itself refuses addresses that are not public. */
import { isIP } from 'node:net';
import type { Config } from '../../config.ts';

type DocumentConfig = Pick<Config, 'CLIENT_METADATA_HOSTS'>;

const hostOf = (clientId: string): string => URL.parse(clientId)?.hostname.toLowerCase() ?? '';

/** Whether documents are read at all, and so advertised. CLIENT_METADATA_HOSTS=none switches them off. */
export const readsDocuments = ({ CLIENT_METADATA_HOSTS: hosts }: DocumentConfig): boolean => !hosts.includes('none');

/** A host must be a name, not an address, of a public domain; and one of CLIENT_METADATA_HOSTS if there are any. */
export const mayFetchDocument = (clientId: string, config: DocumentConfig): boolean => {
  const host = hostOf(clientId);
  if (!host.includes('.') || host.startsWith('[') || isIP(host) !== 0) return false;
  if (/\.(localhost|local|internal|home\.arpa|test|invalid|onion)$/.test(host)) return false;
  return config.CLIENT_METADATA_HOSTS.length === 0 || config.CLIENT_METADATA_HOSTS.includes(host);
};

/** What only whoever operates the service can mend about a client's document. */
export interface DocumentProblem {
  /** off: documents are switched off. unlisted: not among CLIENT_METADATA_HOSTS. unread: its host gave no document. */
  readonly kind: 'off' | 'unlisted' | 'unread';
  /** Host of the client id. */
  readonly host: string;
}

/**
 * Why a client id that is an address was refused, if that is for an operator to mend.
 * @param description of the refusal; the library has no other mark for a document it could not read
 */
export const documentProblem = (
  clientId: unknown,
  description: string,
  config: DocumentConfig,
): DocumentProblem | undefined => {
  if (typeof clientId !== 'string' || !clientId.startsWith('https://')) return undefined;
  const host = hostOf(clientId);
  if (!readsDocuments(config)) return { kind: 'off', host };
  if (description === 'client_id metadata document fetch failed') return { kind: 'unread', host };
  const unlisted = !mayFetchDocument(clientId, config) && mayFetchDocument(clientId, { CLIENT_METADATA_HOSTS: [] });
  return unlisted ? { kind: 'unlisted', host } : undefined;
};
