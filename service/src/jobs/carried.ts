/**
 * Jobs whose ids a queue carries. The row is written first, so a crash before the message is sent loses nothing: with the next tick
 * somebody sends it again. A message is taken out of the queue once the row has a lease or needs none. From then on the lease keeps
 * others away, not the queue's visibility time-out: one clock for both kinds of queue.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { handedOver, type JobRow, MOST_DELAY_SECONDS } from './row.ts';
import type { OwnedWorker, Runner } from './runner.ts';
import { type Carrier, type QueueMessage, type Received, toldIn } from './sqs.ts';
import type { JobStore } from './store.ts';

/** Milliseconds without a tick after which a task looks by itself. */
const PATIENCE_MS = 180_000;
/** Milliseconds until a queue that did not answer is asked again. */
const AGAIN_MS = 5_000;
/** Milliseconds after a tick in which another says nothing new: they pile up where no task runs for a while. */
const SAME_TICK_MS = 20_000;
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
  /** Takes messages that somebody else received and removes. Resolves once each is taken; false for one to be handed out again. */
  deliver(bodies: readonly string[]): Promise<readonly boolean[]>;
  /** Receives nothing any more. */
  stop(): void;
  close(): void;
}

export const createCarried = (parts: CarriedParts): Carried => {
  const { carrier, store, runner, workers, makeScheduled, mayWork, log, now } = parts;
  const over = new AbortController();
  let tickedAt = now().getTime();
  let lookedAt = Number.NEGATIVE_INFINITY;

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
    if (tickedAt - lookedAt < SAME_TICK_MS) return;
    await makeScheduled();
    await handOver();
    lookedAt = tickedAt;
  };

  /** False for a message that the queue must keep. */
  const heed = async (told: QueueMessage | undefined): Promise<boolean> => {
    if (told === undefined) {
      log.warn({}, 'a message of the queue of jobs is none of this version');
      return false;
    }
    // Where another region is the home, that region finds the row. Kept here, messages would look like work that nobody does.
    if (!mayWork()) return true;
    if ('job' in told) {
      // No room here, or too early: back into the tables, because a message that is received often counts as one that fails.
      if (!(await runner.take(told.job))) await store.putOff(told.job);
    } else await tick();
    return true;
  };

  const take = async ({ told, remove }: Received): Promise<void> => {
    if (await heed(told)) await remove();
  };

  const failed = (err: unknown): void => log.error({ err }, 'a message of the queue of jobs failed');

  return {
    announce,
    handOver,
    lookIfQuiet: async () => {
      if (mayWork() && now().getTime() - tickedAt >= PATIENCE_MS) await tick();
    },
    receive: async () => {
      while (!over.signal.aborted)
        try {
          for (const message of await carrier.receive(over.signal)) await take(message).catch(failed);
        } catch (err) {
          if (over.signal.aborted) return;
          log.error({ err }, 'the queue of jobs does not answer');
          await sleep(AGAIN_MS, undefined, { signal: over.signal }).catch(() => {});
        }
    },
    deliver: async (bodies) => {
      const taken: boolean[] = [];
      for (const body of bodies)
        taken.push(
          await heed(toldIn(body)).catch((err: unknown) => {
            failed(err);
            return false;
          }),
        );
      return taken;
    },
    stop: () => over.abort(),
    close: () => carrier.close(),
  };
};
