/** What an HTTP API answers browsers of other origins. With it, CORS headers of the backend are ignored. */
import type { Apigatewayv2ApiCorsConfiguration } from '@cdktf/provider-aws/lib/apigatewayv2-api/index.js';

export interface Cors {
  readonly origins: readonly string[];
  /** Headers they may send besides the usual ones. Default: none. */
  readonly headers?: readonly string[];
}

/** HTTP APIs know no prefix such as X-*, and their * leaves Authorization out. */
const allowedHeaders = [
  'accept',
  'authorization',
  'content-type',
  'mcp-method',
  'mcp-name',
  'mcp-protocol-version',
  'x-request-id',
];

export const corsOf = ({ origins, headers = [] }: Cors): Apigatewayv2ApiCorsConfiguration => ({
  allowOrigins: [...origins],
  allowMethods: ['GET', 'POST'],
  allowHeaders: [...new Set([...allowedHeaders, ...headers])].sort(),
  exposeHeaders: ['ratelimit', 'retry-after', 'x-request-id'],
  maxAge: 3600,
});
