/**
 * The port to what a pack calls over HTTP: one client per API, with a clock, a cap on bytes, retries of reads, a breaker, a limit
 * of calls at once, metrics and spans. Nothing that a key was sent with reaches a log, an error or a span. What comes back is
 * data from outside: parse it with a schema, and hand its text on through untrusted.ts.
 */
import type { z } from 'zod';
import type { CountersignError } from '../errors.ts';
import type { UpstreamCredential } from './credentials.ts';

/** Milliseconds. */
export interface UpstreamTimeouts {
  /** Name look-up, connection and TLS. Default: 3,000. */
  readonly connect?: number;
  /** One try, its answer read whole. Default: 10,000. */
  readonly try?: number;
  /** All tries of a call, and the waits before and between them. Default: 30,000. */
  readonly call?: number;
}

/**
 * How an answer counts. taken: the API did what it does, even if it refused this caller. throttled: too many calls. failed: the
 * API is not well. Reads are tried again after the latter two, and both count for the breaker.
 */
export interface Judgement {
  readonly verdict: 'taken' | 'throttled' | 'failed';
  /** Seconds that the API asks to wait, where it says so in the body. Default: those of Retry-After. */
  readonly retryAfterSeconds?: number;
}

export interface UpstreamAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** The body, decompressed, as UTF-8. */
  readonly text: string;
  /** Whether the status is 2xx. */
  readonly ok: boolean;
  /**
   * The body as JSON of this shape, whatever the status.
   * @throws CountersignError upstream_error, without anything of the body
   */
  json<S extends z.ZodType>(schema: S): z.output<S>;
  /** The error for a caller, where the status is none that the pack expects: with what the API said, capped, without keys. */
  refusal(): CountersignError;
}

/** Tries of a read after the first: how often it may be throttled, and how often it may fail. */
export interface UpstreamRetries {
  readonly throttled: number;
  readonly failed: number;
}

export interface UpstreamOptions {
  /** One of several APIs of a pack, a fixed word: `ads`. Default: the pack's name alone. Metrics, spans and errors name it. */
  readonly name?: string;
  /**
   * Where the API is: the variable of the pack's contract that holds the base URL, and the URL where that is unset. Its path is
   * put before each call's. https, or http on this machine. `otherwise` must lie on a host of the contract's `egress`.
   */
  readonly base: { readonly variable?: string; readonly otherwise: string };
  readonly timeouts?: UpstreamTimeouts;
  /** Of an answer, as it is sent and decompressed. Default: 5 MiB. */
  readonly mostBytes?: number;
  /** Calls at once. Default: 10. */
  readonly atOnce?: number;
  /** Calls that may wait for one of those to end. Default: 100; more are refused. */
  readonly mostWaiting?: number;
  /**
   * Tries of a read after the first, each kind counted by itself: after answers that say that there were too many calls, and after
   * failures. A number is for both. Default: 2.
   */
  readonly retries?: number | UpstreamRetries;
  /** Opens after so many failed tries in a row, for so many milliseconds; then one call tries. Default: 5 and 30,000. */
  readonly breaker?: { readonly failures: number; readonly openMs: number };
  /**
   * Where an answer 3xx leads. refuse, the default: it is an error. follow: at most five times, of reads, to https on the same host
   * and on hosts of `egress` that have public addresses; `secrets` go to the same origin only.
   */
  readonly redirects?: 'refuse' | 'follow';
  /** Looks at an answer that says otherwise than by its status how the API is. Default: 429, 408 and 5xx by their meaning. */
  judge?(answer: UpstreamAnswer): Judgement;
}

type Texts = Readonly<Record<string, string>>;

export interface UpstreamCall {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** After the base's path: `/customers/{id}/campaigns:mutate`. Spans show it as it is written here. */
  readonly path: string;
  /** What its braces stand for. Each becomes a part of one segment, encoded. */
  readonly params?: Texts;
  /** A list is repeated. What is undefined is left out. */
  readonly query?: Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;
  readonly headers?: Texts;
  /** Headers and query parameters with keys and tokens. Their values are taken out of whatever the API says of the call. */
  readonly secrets?: { readonly headers?: Texts; readonly query?: Texts };
  /** Whose name the call is made in: of `credentials.of`. Fills the header Authorization, and a second time where it is refused with 401. */
  readonly credential?: UpstreamCredential;
  /** Text and bytes as they are, anything else as JSON. */
  readonly body?: unknown;
  /** It changes nothing, so that it may be sent again. Default: whether it is a GET or HEAD. */
  readonly reads?: boolean;
  /** Milliseconds for all of it, if less than the client's. */
  readonly withinMs?: number;
  /** That of the tool's call. */
  readonly signal: AbortSignal;
}

export interface Upstream {
  /**
   * Resolves to the answer that the API gave, also one that refuses.
   * @throws CountersignError throttled, timeout, cancelled or upstream_error. `details.failure` says what happened;
   * `details.sent` whether the API may have acted: `no`, `unknown` or `yes`. After a change whose `sent` is not `no`, read back
   * before it is asked for again.
   */
  call(call: UpstreamCall): Promise<UpstreamAnswer>;
}

/**
 * Opens clients. What they share is that the service closes them when it stops.
 * @example
 * const ads = upstream.open({ name: 'ads', base: { variable: 'ADS_URL', otherwise: 'https://ads.example.com/v3' } });
 * const answer = await ads.call({
 *   method: 'GET',
 *   path: '/customers/{id}/budgets',
 *   params: { id: customer },
 *   secrets: { headers: { authorization: `Bearer ${token}` } },
 *   signal: context.signal,
 * });
 * if (!answer.ok) throw answer.refusal();
 * const { budgets } = answer.json(Budgets);
 */
export interface Upstreams {
  /** @throws Error for whoever operates the service or wrote the pack: a base that is not allowed, or a name twice */
  open(options: UpstreamOptions): Upstream;
}

/** Whose clients they are, and what its contract lets it call. */
export interface UpstreamOwner {
  readonly name: string;
  readonly egress: readonly string[];
  /** The variables it may name. */
  readonly variables: readonly string[];
}

/** What stands behind it, for whoever opened it. */
export interface UpstreamEngine {
  of(owner: UpstreamOwner): Upstreams;
  /** Ends all connections. Calls under way fail. */
  close(): Promise<void>;
}
