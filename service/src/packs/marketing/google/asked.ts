/**
 * Sends calls of googleapis through the upstream port, which has their clock, caps, breaker, metrics and spans, and keeps
 * keys out of errors. The library writes and reads the requests; it neither retries nor holds a credential.
 */
import type { MethodOptions } from 'googleapis/build/src/apis/searchconsole/index.js';
import type { z } from 'zod';
import { CountersignError } from '../../../errors.ts';
import type { UpstreamCredential } from '../../../ports/credentials.ts';
import type { Upstream, UpstreamCall } from '../../../ports/upstream.ts';
import { googleFailure, googleRefusal } from './refusal.ts';

export interface Ask extends Pick<UpstreamCall, 'secrets' | 'reads' | 'signal'> {
  /** The path as spans show it, with braces for what a person gave: `/webmasters/v3/sites/{siteUrl}`. */
  readonly path: string;
  readonly credential?: UpstreamCredential | undefined;
  /** The Google scope that the call needs, to be named where the credential lacks it. */
  readonly scope?: string;
}

const escaped = (literal: string): string => literal.replaceAll(/[.*+?^$()|[\]\\]/g, '\\$&');

/** What stands in the braces of the path, read from the URL that the library made of it. */
const paramsOf = (path: string, pathname: string): Record<string, string> => {
  const pattern = escaped(path).replaceAll(/\{(\w+)\}/g, '(?<$1>[^/]+?)');
  const { groups } = new RegExp(`^${pattern}$`).exec(pathname) ?? {};
  if (groups === undefined && !new RegExp(`^${pattern}$`).test(pathname))
    throw new Error(`${path}: googleapis asked for another path`);
  return Object.fromEntries(
    Object.entries(groups ?? {}).map(([name, value]) => [name, decodeURIComponent(value ?? '')]),
  );
};

const queryOf = (url: URL): Record<string, readonly string[]> =>
  Object.fromEntries([...new Set(url.searchParams.keys())].map((name) => [name, url.searchParams.getAll(name)]));

const methods = ['GET', 'POST', 'PUT', 'DELETE'] as const;

const callOf = (url: URL, init: RequestInit, { path, credential, scope: _, ...ask }: Ask): UpstreamCall => {
  const method = methods.find((each) => each === (init.method ?? 'GET'));
  if (method === undefined) throw new Error(`${path}: ${init.method} is not a method of these APIs`);
  return {
    ...ask,
    method,
    path,
    params: paramsOf(path, url.pathname),
    query: queryOf(url),
    ...(typeof init.body === 'string' && { headers: { 'content-type': 'application/json' }, body: init.body }),
    ...(credential && { credential }),
  };
};

const unreadable = (): CountersignError =>
  new CountersignError('upstream_error', 'Google answered with what cannot be read. Try again later.', {
    details: { google_code: 'UPSTREAM_ERROR' },
  });

/**
 * @param shape of what Google answers, which is data from outside
 * @param send makes the call with a client of googleapis, and hands on the options
 * @throws CountersignError for what Google refuses or what is not of that shape, and what the upstream port throws; each has the
 * marketing system's name for it in `details.google_code`
 * @example
 * const { siteEntry } = await asked(upstream, { path: '/webmasters/v3/sites', credential, signal }, Sites, (options) => client.sites.list({}, options));
 */
export const asked = async <S extends z.ZodType>(
  upstream: Upstream,
  ask: Ask,
  shape: S,
  send: (options: MethodOptions) => Promise<{ readonly data: unknown }>,
): Promise<z.output<S>> => {
  let failure: unknown;
  const fetchImplementation: typeof fetch = async (input, init = {}) => {
    try {
      const answer = await upstream.call(callOf(new URL(String(input)), init, ask));
      if (!answer.ok) throw googleRefusal(answer, ask.scope);
      const { status, headers, text } = answer;
      // The body is decompressed already, and a Response of 204 takes none.
      const type = { 'content-type': headers['content-type'] ?? 'application/json' };
      return new Response(status === 204 ? null : text, { status, headers: type });
    } catch (error) {
      failure = googleFailure(error);
      throw error;
    }
  };
  const data = await send({ fetchImplementation, retry: false }).then(
    (answer) => answer.data,
    () => {
      // What the library throws has the whole request in it, keys of the query too.
      throw failure ?? unreadable();
    },
  );
  const parsed = shape.safeParse(data);
  if (!parsed.success) throw unreadable();
  return parsed.data;
};
