/** Errors of the OAuth endpoints, in the shape every OAuth client parses: RFC 6749 5.2, RFC 7591 3.2.2, RFC 7009 2.2.1. */
import { routes } from '../../../contracts/routes.ts';

/** An error as its caller is told of it. */
interface Told {
  readonly status: number;
  readonly message: string;
}

const oauthPaths = [
  routes.oauth.path.replace('/*', ''),
  routes.authorizationServerMetadata.path,
  routes.openidMetadata.path,
];

/** Whether a path is an OAuth endpoint's, also one that does not exist. @param url path and query, however malformed */
export const isOauthPath = (url: string): boolean => {
  const path = url.split('?', 1)[0] ?? '';
  return oauthPaths.some((own) => path === own || path.startsWith(`${own}/`));
};

const codeOf = (status: number): string => {
  if (status === 429 || status === 503) return 'temporarily_unavailable';
  return status >= 500 ? 'server_error' : 'invalid_request';
};

/** RFC 6749 5.2: error_description is ASCII without quotation marks and backslashes. */
const plain = (message: string): string =>
  message
    .replaceAll('’', "'")
    .replace(/[^ -~]/g, '?')
    .replace(/["\\]/g, "'");

/** The body of an error answer on an OAuth endpoint. */
export const oauthErrorBody = ({ status, message }: Told) => ({
  error: codeOf(status),
  error_description: plain(message),
});
