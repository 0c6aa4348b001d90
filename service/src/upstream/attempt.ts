/** One try of a call, under its clock, measured and judged. */
import type { UpstreamAnswer, UpstreamCall } from '../ports/upstream.ts';
import { observeUpstream } from '../ports/upstream-calls.ts';
import { byStatus, upstreamAnswer } from './answer.ts';
import { faultOf, UpstreamFault } from './fault.ts';
import { saidAbout } from './hidden.ts';
import type { ClientParts } from './parts.ts';
import { sendFollowing } from './redirects.ts';
import { retryAfterSeconds } from './retry-after.ts';
import type { WireRequest } from './transport.ts';

export const secretsIn = ({ secrets = {} }: UpstreamCall): string[] => [
  ...Object.values(secrets.headers ?? {}),
  ...Object.values(secrets.query ?? {}),
];

const bodyOf = ({ body }: UpstreamCall): Pick<WireRequest, 'body' | 'headers'> => {
  if (body === undefined) return { headers: {} };
  if (typeof body === 'string' || body instanceof Uint8Array) return { headers: {}, body };
  return { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
};

/** Whether it may be sent twice. */
export const reading = ({ method, reads = method === 'GET' || method === 'HEAD' }: UpstreamCall): boolean => reads;

const failureIn = ({ ok, status }: UpstreamAnswer): string => (ok ? 'reported_failure' : `http_${status}`);

/** @throws UpstreamFault where the answer says that the API is not well */
const judged = (parts: ClientParts, answer: UpstreamAnswer, secrets: readonly string[]): UpstreamAnswer => {
  const { verdict, ...given } = parts.options.judge?.(answer) ?? byStatus(answer);
  if (verdict === 'taken') return answer;
  throw new UpstreamFault({
    failure: verdict === 'throttled' ? 'throttled' : failureIn(answer),
    sent: 'yes',
    outcome: verdict === 'throttled' ? 'throttled' : 'error',
    unwell: true,
    status: answer.status,
    retryAfterSeconds: given.retryAfterSeconds ?? retryAfterSeconds(answer.headers['retry-after'], parts.clock.date()),
    said: saidAbout(answer.text, secrets),
  });
};

export interface Prepared {
  readonly url: URL;
  readonly call: UpstreamCall;
  readonly secrets: readonly string[];
  /** Of all tries. */
  readonly clock: AbortSignal;
}

/** One try, of which the metric and a span tell. @throws UpstreamFault */
export const tryOnce = ({ call, url, secrets, clock: whole }: Prepared, nth: number, parts: ClientParts) => {
  const { service, options, mayReach } = parts;
  const { headers, body } = bodyOf(call);
  const work = async (): Promise<UpstreamAnswer> => {
    const clock = AbortSignal.any([whole, AbortSignal.timeout(options.timeouts?.try ?? 10_000)]);
    const request = {
      method: call.method,
      url,
      headers: { ...headers, ...call.headers, ...call.secrets?.headers },
      body,
      signal: AbortSignal.any([call.signal, clock]),
    };
    const redirects = {
      follow: options.redirects === 'follow' && reading(call),
      mayReach,
      secretHeaders: new Set(Object.keys(call.secrets?.headers ?? {}).map((name) => name.toLowerCase())),
    };
    try {
      const answer = await sendFollowing(parts.transport, request, redirects);
      return judged(parts, upstreamAnswer(service, answer, secrets), secrets);
    } catch (error) {
      throw faultOf(error, { caller: call.signal, clock });
    }
  };
  return observeUpstream(
    parts.metrics,
    {
      service,
      span: `${call.method} ${service}`,
      attributes: {
        'http.request.method': call.method,
        'url.template': call.path,
        'server.address': url.hostname,
        'peer.service': service,
        ...(nth > 0 && { 'http.request.resend_count': nth }),
      },
    },
    work,
    {
      answered: ({ status }) => [status >= 400 ? 'refused' : 'ok'],
      failed: (error) => (error instanceof UpstreamFault ? error.parts.outcome : 'error'),
      about: ({ status }) => ({ 'http.response.status_code': status }),
    },
  );
};
