/**
 * Jobs whose ids a queue carries. The row is written first, so a crash before the message is sent loses nothing: with the next tick
 * somebody sends it again. A message is taken out of the queue once the row has a lease or needs none. From then on the lease keeps
 * others away, not the queue's visibility time-out: one clock for both kinds of queue.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { handedOver, type JobRow, MOST_DELAY_SECONDS } from './row.ts';
import type { OwnedWorker, Runner } from './runner.ts';
import type { Carrier, Received } from './sqs.ts';
import type { JobStore } from './store.ts';

/** Milliseconds without a tick after which a task looks by itself. */
const PATIENCE_MS = 180_000;
/** Milliseconds until a queue that did not answer is asked again. */
const AGAIN_MS = 5_000;
/** Jobs of one query, and queries of one worker in one tick; what is left comes with the next. */
const PAGE = 100;
const MOST_PAGES = 10;

export interface CarriedParts {
  readonly carrier: Carrier;
  readonly store: JobStore;
  readonly runner: Pick<Runner, 'take'>;
  readonly workers: readonly OwnedWorker[];
  /** Makes the jobs of schedules that have come. */
  readonly makeScheduled: () => Promise<unknown>;
  readonly mayWork: () => boolean;
  readonly log: Pick<Logger, 'error' | 'warn'>;
  readonly now: () => Date;
}

export interface Carried {
  /** Sends the id of a job that was just written. A failure is logged: the next tick sends it. */
  announce(row: Pick<JobRow, 'jobId' | 'notBefore'>): Promise<void>;
  /** Sends the ids of what is due and was not sent lately. */
  handOver(): Promise<void>;
  /** Makes what schedules have come to and hands over what is due, where no tick came for three minutes. */
  lookIfQuiet(): Promise<void>;
  /** Receives messages until it is stopped. Never rejects. */
  receive(): Promise<void>;
  /** Receives nothing any more. */
  stop(): void;
  close(): void;
}

export const createCarried = (parts: CarriedParts): Carried => {
  const { carrier, store, runner, workers, makeScheduled, mayWork, log, now } = parts;
  const over = new AbortController();
  let tickedAt = now().getTime();

  const announce: Carried['announce'] = async ({ jobId, notBefore }) => {
    const delay = (Date.parse(notBefore) - now().getTime()) / 1000;
    if (delay > MOST_DELAY_SECONDS) return;
    await carrier
      .send({ job: jobId }, delay)
      .catch((err: unknown) => log.warn({ err, job: jobId }, 'a job was not sent'));
  };

  /** A page of what is due of one worker. Returns whether there may be more. */
  const handOverPage = async ({ owner, worker }: OwnedWorker): Promise<boolean> => {
    const rows = await store.due(owner, worker.name, PAGE);
    // The row first: what is not sent then is sent again after a while, and not by every task at once.
    for (const row of rows)
      if (await store.replace(handedOver(row, now()), row)) await carrier.send({ job: row.jobId }, 0);
    return rows.length === PAGE;
  };

  const handOver = async (): Promise<void> => {
    for (const of of workers) for (let page = 0; page < MOST_PAGES && (await handOverPage(of)); page += 1);
  };

  const tick = async (): Promise<void> => {
    tickedAt = now().getTime();
    await makeScheduled();
    await handOver();
  };

  const take = async ({ told, remove }: Received): Promise<void> => {
    if (told === undefined) return log.warn({}, 'a message of the queue of jobs is none of this version');
    if ('job' in told) {
      // No room here, or too early: back into the tables, because a message that is received often counts as one that fails.
      if (!(await runner.take(told.job))) await store.putOff(told.job);
    } else await tick();
    await remove();
  };

  return {
    announce,
    handOver,
    lookIfQuiet: async () => {
      if (mayWork() && now().getTime() - tickedAt >= PATIENCE_MS) await tick();
    },
    receive: async () => {
      while (!over.signal.aborted)
        try {
          if (!mayWork()) await sleep(AGAIN_MS, undefined, { signal: over.signal });
          else
            for (const message of await carrier.receive(over.signal))
              await take(message).catch((err: unknown) => log.error({ err }, 'a message of the queue of jobs failed'));
        } catch (err) {
          if (over.signal.aborted) return;
          log.error({ err }, 'the queue of jobs does not answer');
          await sleep(AGAIN_MS, undefined, { signal: over.signal }).catch(() => {});
        }
    },
    stop: () => over.abort(),
    close: () => carrier.close(),
  };
};
