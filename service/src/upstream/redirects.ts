/** Follows redirects of reads, with keys to the first origin only. */
import { UpstreamFault } from './fault.ts';
import type { Transport, WireAnswer, WireRequest } from './transport.ts';

const MOST = 5;
const redirecting: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

export interface Redirects {
  readonly follow: boolean;
  readonly mayReach: (url: URL) => boolean;
  /** Headers with keys, by name in lower case. */
  readonly secretHeaders: ReadonlySet<string>;
}

const next = (answer: WireAnswer, from: URL): URL | undefined => {
  const { location } = answer.headers;
  return location === undefined ? undefined : (URL.parse(location, from) ?? undefined);
};

/** @throws UpstreamFault redirected, where an answer leads somewhere that is not followed */
export const sendFollowing = async (
  transport: Transport,
  request: WireRequest,
  { follow, mayReach, secretHeaders }: Redirects,
): Promise<WireAnswer> => {
  let current = request;
  for (let hops = 0; ; hops += 1) {
    const answer = await transport.send(current);
    if (!redirecting.has(answer.status)) return answer;
    const url = next(answer, current.url);
    if (!follow || hops >= MOST || url === undefined || !mayReach(url))
      throw new UpstreamFault({ failure: 'redirected', sent: 'yes', outcome: 'error', status: answer.status });
    const same = url.origin === request.url.origin;
    const headers = same
      ? request.headers
      : Object.fromEntries(Object.entries(request.headers).filter(([name]) => !secretHeaders.has(name.toLowerCase())));
    // A read with a body (POST that reads) is not sent on: only 307 and 308 would keep it.
    current = { method: request.method === 'HEAD' ? 'HEAD' : 'GET', url, headers, signal: request.signal };
  }
};
