/** Errors as pages, for browsers; clients get JSON. */
import type { FastifyRequest } from 'fastify';
import { routes } from '../../../../contracts/routes.ts';
import { errorPage } from '../../web/index.ts';
import { asksFor } from '../accept.ts';
import type { ErrorAnswer } from '../errors.ts';

const titles: Partial<Record<ErrorAnswer['code'], string>> = {
  not_found: 'Page not found',
  method_not_allowed: 'This is not how to ask here',
  access_denied: 'You do not have permission for this',
  invalid_input: 'The request could not be read',
  rate_limited: 'Too many requests',
  store_unavailable: 'The service cannot reach its database',
};

const isForBrowser = ({ headers, url }: FastifyRequest): boolean =>
  asksFor(headers.accept, 'text/html') && !url.startsWith(routes.mcp.path);

/** For the error handler: the page of an error where a person's browser asked, else undefined. */
export const errorPageFor =
  ({ sandbox }: { readonly sandbox: boolean }) =>
  ({ status, code, message }: ErrorAnswer, request: FastifyRequest): string | undefined =>
    isForBrowser(request)
      ? errorPage({
          // Who is looking is not looked up: the store may be what failed.
          csrf: '',
          sandbox,
          status,
          title: titles[code] ?? (status >= 500 ? 'Something went wrong here' : 'That did not work'),
          message,
          requestId: request.id,
        })
      : undefined;
