/** The two workers behind notices: one finds out who is told of something, the other sends one message to one recipient. */
import { z } from 'zod';
import type { Jobs } from '../ports/jobs.ts';
import type { SendOutcome } from '../ports/notify.ts';
import { defineWorker, JobFailure, type WorkedJob, type Worker, type WorkOutcome } from '../ports/worker.ts';
import type { NoticeOutlet, Outgoing } from './outlet.ts';
import { type Ready, type RecipientParts, readyNow, recipientsOf } from './recipients.ts';
import { messageRecord } from './recorded.ts';
import { incidentKey } from './security.ts';
import { Delivery, NoticeCause, recipientName } from './work.ts';
import { written } from './written/index.ts';

/** Names that rows of the queue carry. */
export const TELL = 'tell';
export const SEND = 'send-notice';

/** Seconds from a failed try to the next, as Standard Webhooks recommends: the last comes after 75 hours. */
const SEND_DELAYS = [5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400] as const;
/** Milliseconds that one try may take. Standard Webhooks: 15 to 30 seconds. */
const SEND_MS = 30_000;

/** Under which a cause is told once. */
export const causeKey = (cause: NoticeCause): string => {
  switch (cause.of) {
    case 'operation':
      return `operation|${cause.operationId}|${cause.version}|${cause.notice}|${cause.at}`;
    case 'access-request':
      return `access|${cause.requestId}|${cause.notice}`;
    case 'access':
      return JSON.stringify(['access', cause.notice, cause.userId, cause.account ?? '', cause.until]);
    case 'security':
      return incidentKey(cause);
    case 'pack':
    case 'addressed':
      return `pack|${cause.pack}|${cause.key}`;
    case 'summary':
      return `summary|${cause.every}|${cause.to}`;
  }
};

/** One message of it, to one recipient on one channel. */
const deliveryKey = ({ cause, channel, to }: Delivery): string =>
  JSON.stringify([causeKey(cause), channel, recipientName(to)]);

/** Whether somebody counts on it that it reaches somebody. */
const mustReach = (cause: NoticeCause): boolean => cause.of === 'addressed' || (cause.of === 'pack' && cause.urgent);

export const tellWorker = (parts: RecipientParts, jobs: Pick<Jobs, 'enqueue'>): Worker =>
  defineWorker({
    name: TELL,
    description: 'Finds out who is told of something that happened.',
    payload: NoticeCause,
    async work({ payload: cause, signal, log }) {
      const deliveries = await recipientsOf(parts, cause);
      // Without any channel nobody counts on that.
      if (deliveries.length === 0 && parts.channels.size > 0 && mustReach(cause))
        log.error({ notice: causeKey(cause) }, 'a notice reaches nobody: see NOTICE_CHANNELS, and what people chose');
      for (const delivery of deliveries) {
        signal.throwIfAborted();
        await jobs.enqueue({ worker: SEND, payload: delivery, key: deliveryKey(delivery) });
      }
      return { result: { messages: deliveries.length } };
    },
  });

const outgoing = (
  { composed, addressed, delivery: { to } }: Ready,
  { jobId, createdAt: since }: Pick<WorkedJob<Delivery>, 'jobId' | 'createdAt'>,
  publicUrl: string,
): Outgoing => {
  const { telling, tool } = composed;
  const id = `msg_${jobId.replaceAll('-', '')}`;
  const settings = `${publicUrl}/notices`;
  const title = [telling.headline, telling.about].filter((line) => line !== undefined).join(': ');
  const about = { to, title, since, ...(tool === undefined ? {} : { tool }) };
  // By channel, so that each body has its own type.
  switch (addressed.channel) {
    case 'mail':
      return { ...addressed, ...about, message: { id, body: written.mail(telling, settings) } };
    case 'slack':
      return { ...addressed, ...about, message: { id, body: written.slack(telling, settings) } };
    case 'teams':
      return { ...addressed, ...about, message: { id, body: written.teams(telling, settings) } };
    case 'webhook':
      return { ...addressed, ...about, message: { id, body: written.webhook(telling, settings) } };
  }
};

const attempt = async (outlet: NoticeOutlet, sent: Outgoing, signal: AbortSignal): Promise<SendOutcome> => {
  try {
    return await outlet.send(sent, AbortSignal.any([signal, AbortSignal.timeout(SEND_MS)]));
  } catch (cause) {
    // What a sender throws may quote an address, which is a key.
    throw new JobFailure(`${sent.channel} could not be reached`, { cause });
  }
};

export const sendWorker = (parts: RecipientParts, outlet: NoticeOutlet): Worker =>
  defineWorker({
    name: SEND,
    description: 'Sends one message to one recipient.',
    payload: Delivery,
    delays: SEND_DELAYS,
    longestSeconds: 120,
    async work({ jobId, createdAt, payload: delivery, signal }): Promise<WorkOutcome> {
      const ready = await readyNow(parts, delivery);
      if (ready === undefined) return { superseded: 'It is over by now, or not for this recipient any more.' };
      const { to, channel } = delivery;
      const paused = await parts.paused.of(to, channel);
      if (paused !== undefined) throw new JobFailure(`Nothing is sent there: ${paused.because}`, { retry: false });
      const result = await attempt(outlet, outgoing(ready, { jobId, createdAt }, parts.publicUrl), signal);
      const record = async (refused?: string) => {
        const event = messageRecord(delivery, ready.composed, jobId, refused);
        if (event !== undefined) await parts.audit.append(event);
      };
      switch (result.outcome) {
        case 'accepted':
          // Without a record the message is sent again: at least once, and never without one.
          await record();
          return { result: { channel } };
        case 'retry':
          throw new JobFailure(result.because, { retryAfterSeconds: result.afterSeconds ?? 0 });
        case 'gone':
          await parts.paused.pause(to, channel, result.because);
          await record(result.because);
          throw new JobFailure(result.because, { retry: false });
        case 'refused':
          await record(result.because);
          throw new JobFailure(result.because, { retry: false });
      }
    },
  });

const HOUR_MS = 3_600_000;

/** Begins the summary of the hour or the day that a schedule says is over. */
export const SUMMARY = 'summarize';
export const summaryWorker = (jobs: Pick<Jobs, 'enqueue'>): Worker =>
  defineWorker({
    name: SUMMARY,
    description: 'Begins a summary of what was done.',
    payload: z.object({ every: z.enum(['hour', 'day']) }),
    async work({ payload: { every }, occurrence, createdAt }) {
      const to = occurrence?.at ?? createdAt;
      // What was missed while nothing ran is told of now.
      const times = 1 + (occurrence?.skipped ?? 0);
      const from = new Date(to.getTime() - HOUR_MS * times * (every === 'hour' ? 1 : 24));
      const cause: NoticeCause = { of: 'summary', every, from: from.toISOString(), to: to.toISOString() };
      await jobs.enqueue({ worker: TELL, payload: cause, key: causeKey(cause) });
    },
  });
