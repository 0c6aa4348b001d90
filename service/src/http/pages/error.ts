/** Errors as pages, for browsers; clients get JSON. */
import type { FastifyRequest } from 'fastify';
import { routes } from '../../../../contracts/routes.ts';
import { errorPage } from '../../web/index.ts';
import { asksFor } from '../accept.ts';
import type { ErrorAnswer } from '../errors.ts';

const titles: Partial<Record<ErrorAnswer['code'], string>> = {
  not_found: 'There is nothing here',
  method_not_allowed: 'This is not how to ask here',
  access_denied: 'This is not for you to do',
  invalid_input: 'That did not arrive as it should',
  rate_limited: 'Too fast',
  store_unavailable: 'We cannot reach our records',
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
