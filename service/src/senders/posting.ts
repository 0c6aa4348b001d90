/** Posts JSON to an address that somebody configured, once: https to a public address or to this machine, without redirects. */
import type { Metrics } from '../ports/metrics.ts';
import type { SendOutcome } from '../ports/notify.ts';
import { observeUpstream, type UpstreamOutcome } from '../ports/upstream-calls.ts';
import { faultOf, UpstreamFault } from '../upstream/fault.ts';
import { type AddressGuard, publicAddresses } from '../upstream/public-lookup.ts';
import { retryAfterSeconds } from '../upstream/retry-after.ts';
import { isThisMachine } from '../upstream/this-machine.ts';
import type { Transport } from '../upstream/transport.ts';
import { version } from '../version.ts';

/** Standard Webhooks: 15 to 30 seconds. */
const TRY_MS = 20_000;
const CONNECT_MS = 5_000;
/** Of answers that are read. */
const MOST_BYTES = 64 * 1024;

export interface PostingParts {
  readonly metrics: Metrics;
  readonly now: () => Date;
  /** Whether receivers may be on this machine, also over http. */
  readonly local: boolean;
  /** For tests. */
  readonly guard?: AddressGuard;
}

export interface Post {
  /** Whom metrics and spans name. */
  readonly service: string;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON or a form, as it is sent. */
  readonly body: string | Uint8Array;
  readonly signal: AbortSignal;
  /** Statuses whose body decides as well. Default: none. */
  readonly reads?: (status: number) => boolean;
}

export interface PostAnswer {
  readonly status: number;
  readonly text: string;
  readonly afterSeconds?: number;
}

export interface Posting {
  /** @throws UpstreamFault where nothing was answered */
  post(post: Post): Promise<PostAnswer>;
  close(): Promise<void>;
}

const outcomeOf = ({ status }: PostAnswer): UpstreamOutcome => {
  if (status === 429) return 'throttled';
  if (status >= 500 || (status >= 300 && status < 400)) return 'error';
  return status >= 400 ? 'refused' : 'ok';
};

/** @throws UpstreamFault where nothing may be sent to it */
const addressFrom = (text: string, here: (hostname: string) => boolean): URL => {
  const url = URL.parse(text);
  const plain = url !== null && url.username === '' && url.password === '';
  if (plain && (url.protocol === 'https:' || (url.protocol === 'http:' && here(url.hostname)))) return url;
  throw new UpstreamFault({ failure: 'ADDRESS_REFUSED', sent: 'no', outcome: 'unsent' });
};

export const openPosting = ({ metrics, now, local, guard = publicAddresses }: PostingParts): Posting => {
  const here = (hostname: string): boolean => local && isThisMachine(hostname);
  let opening: Promise<Transport> | undefined;
  const transport = (): Promise<Transport> => {
    opening ??= import('../upstream/transport.ts').then(({ openTransport }) =>
      openTransport({ connectMs: CONNECT_MS, mostBytes: MOST_BYTES, guard, trusts: here }),
    );
    return opening;
  };
  const send = async ({ url: text, headers, body, signal, reads = () => false }: Post): Promise<PostAnswer> => {
    const clock = AbortSignal.timeout(TRY_MS);
    try {
      const url = addressFrom(text, here);
      const answer = await (await transport()).send({
        method: 'POST',
        url,
        headers: { 'content-type': 'application/json', 'user-agent': `countersign/${version}`, ...headers },
        body,
        signal: AbortSignal.any([signal, clock]),
        reads,
      });
      const afterSeconds = retryAfterSeconds(answer.headers['retry-after'], now());
      return {
        status: answer.status,
        text: answer.body.toString(),
        ...(afterSeconds !== undefined && { afterSeconds }),
      };
    } catch (error) {
      throw faultOf(error, { caller: signal, clock });
    }
  };
  return {
    post: (post) =>
      observeUpstream(
        metrics,
        { service: post.service, span: `POST ${post.service}`, attributes: { 'http.request.method': 'POST' } },
        () => send(post),
        {
          answered: (answer) => [outcomeOf(answer)],
          failed: (error) => (error instanceof UpstreamFault ? error.parts.outcome : 'error'),
          about: ({ status }) => ({ 'http.response.status_code': status }),
        },
      ),
    close: async () => (await opening)?.close(),
  };
};

/** What became of a try that nobody answered. @throws whatever is no fault of the call */
export const unanswered = (error: unknown): SendOutcome => {
  if (!(error instanceof UpstreamFault)) throw error;
  const { failure } = error.parts;
  if (failure === 'ADDRESS_REFUSED')
    return { outcome: 'refused', because: 'the address must be https and lead to the public internet' };
  return { outcome: 'retry', because: failure === 'timeout' ? 'no answer in time' : `no answer (${failure})` };
};

/** The try is made again: because of the receiver, and after the time it asked for. */
export const again = (because: string, { afterSeconds }: Pick<PostAnswer, 'afterSeconds'>): SendOutcome => ({
  outcome: 'retry',
  because,
  ...(afterSeconds !== undefined && { afterSeconds }),
});

export const isBusy = (status: number): boolean => status === 408 || status === 429 || status >= 500;
