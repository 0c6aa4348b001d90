/** One invocation after another over an open service. */
import { createHash } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import { originVerifyHeader } from '../../../contracts/gateway.ts';
import { sameText } from '../auth/proofs.ts';
import type { Config } from '../config.ts';
import { errorBody } from '../http/errors.ts';
import type { Opened } from '../start/open.ts';
import { type BatchAnswer, SqsEvent, takeBatch } from './batch.ts';
import { HttpApiEvent, trusted } from './event.ts';
import { openUpkeep } from './upkeep.ts';

/** What an HTTP API sends on, payload format 2.0. */
export interface HttpApiAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly cookies?: readonly string[];
  readonly body: string;
  readonly isBase64Encoded?: boolean;
}

/** Milliseconds a request may take in all. An HTTP API gives up after 30 seconds. */
const mostMs = 25_000;

/** Puts an event through the application. */
export type Proxy = (event: HttpApiEvent) => Promise<HttpApiAnswer>;
export type Handler = (event: unknown) => Promise<HttpApiAnswer | BatchAnswer>;

const refuse = (status: number, code: 'access_denied' | 'invalid_input', message: string): HttpApiAnswer => ({
  statusCode: status,
  headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' },
  body: JSON.stringify(errorBody({ status, code, message, details: {} }, '')),
});

/** Compares with each, so that the time does not tell which it was. */
const isFromCloudFront = (given: string, hashes: readonly string[]): boolean => {
  const offered = createHash('sha256').update(given).digest('hex');
  return hashes.map((hash) => sameText(offered, hash)).includes(true);
};

export const createHandler = (
  service: Opened,
  config: Pick<Config, 'PUBLIC_URL' | 'ORIGIN_VERIFY_HASHES'>,
  proxy: Proxy,
): Handler => {
  const upkeep = openUpkeep(service);
  const { ORIGIN_VERIFY_HASHES: origins } = config;

  const answer = async (given: unknown): Promise<HttpApiAnswer | BatchAnswer> => {
    const batch = SqsEvent.safeParse(given);
    if (batch.success) return takeBatch(service.jobs, batch.data);
    const { success, data: event } = HttpApiEvent.safeParse(given);
    if (!success) return refuse(400, 'invalid_input', 'This is no request of an HTTP API, payload format 2.0.');
    const verified = origins !== undefined && isFromCloudFront(event.headers[originVerifyHeader] ?? '', origins);
    if (origins !== undefined && !verified)
      return refuse(403, 'access_denied', `Requests are served at ${config.PUBLIC_URL} only.`);
    return proxy(trusted(event, { publicUrl: config.PUBLIC_URL, throughCloudFront: verified }));
  };

  return async (event) => {
    const until = Date.now() + mostMs;
    const before = service.pipeline.running();
    const working = upkeep();
    try {
      return await answer(event);
    } finally {
      await working;
      // Between requests the process stands still: what this request had applied must not be cut off in the middle.
      // What takes longer is taken up by the upkeep of later requests, once its lease is over.
      await service.pipeline.idle(until - Date.now(), before);
      await service.jobs.idle(until - Date.now());
      // Once round for hooks that run after the answer; then the process may stand still, and nothing must be left in it.
      await turn();
      service.metrics.flush();
    }
  };
};
