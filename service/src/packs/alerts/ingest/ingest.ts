/** Takes posts in: each is durable before its sender hears so, and applied soon after. */
import type { Logger } from 'pino';
import { alerts } from '../../../../../contracts/packs/alerts.ts';
import type { Jobs } from '../../../ports/jobs.ts';
import type { Notify } from '../../../ports/notify.ts';
import { type Batch, createBatchIds } from './batch.ts';
import type { Inbox } from './inbox.ts';
import type { AlertPost, PostFormat } from './post.ts';
import type { PostReader } from './read-post.ts';

/** The worker that applies. */
export const APPLY_WORKER = 'apply-alerts';

/** Posts that come within so many milliseconds are applied by one job. */
const TOGETHER_MS = 5000;

export interface ReceivedPost {
  readonly post: AlertPost;
  /** Undefined: the post says nothing of any alert, and nothing was written. */
  readonly batch?: Batch;
}

export interface Ingest {
  /**
   * Reads a post and keeps it. It is durable when this resolves.
   * @throws invalid_input, too_large, untrusted_source; store_unavailable, and nothing is kept
   */
  receive(payload: unknown, format: PostFormat | 'auto', signal: AbortSignal): Promise<ReceivedPost>;
}

export interface IngestParts {
  readonly reader: PostReader;
  readonly inbox: Inbox;
  readonly jobs: Pick<Jobs, 'enqueue'>;
  readonly notify: Pick<Notify, 'tell'>;
  readonly log: Logger;
  /** The service's own clock, by which jobs come. */
  readonly clock: () => Date;
}

export const createIngest = ({ reader, inbox, jobs, notify, log, clock }: IngestParts): Ingest => {
  const nextId = createBatchIds(clock);

  /** At the end of its five seconds, so that no post of them comes after it. */
  const enqueue = async (): Promise<void> => {
    const due = (Math.floor(clock().getTime() / TOGETHER_MS) + 1) * TOGETHER_MS;
    try {
      await jobs.enqueue({ worker: APPLY_WORKER, payload: {}, key: `posts/${due}`, notBefore: new Date(due) });
    } catch (err) {
      // The post is kept, and each minute a job looks for what waits.
      log.warn({ err }, 'posts of alerts wait for the job of the next minute');
    }
  };

  const askToConfirm = async ({ topic, address }: NonNullable<AlertPost['needs_confirmation']>): Promise<void> => {
    // It gives whoever reads it nothing: the topic is one of those that the operator expects.
    log.warn({ topic, address }, 'a topic of SNS sends nothing until somebody opens the address of its confirmation');
    await notify.tell({
      key: `confirm/${topic}/${clock().toISOString().slice(0, 10)}`,
      headline: 'A topic of SNS waits for somebody to confirm its subscription',
      about: topic,
      facts: [{ label: 'Where the address is', value: 'In the log of the service' }],
      link: { label: 'See the alerts', path: alerts.routes.alertList.path },
      scope: 'alerts:admin',
    });
  };

  return {
    receive: async (payload, format, signal) => {
      const post = await reader.read(payload, format, signal);
      if (post.needs_confirmation !== undefined) await askToConfirm(post.needs_confirmation);
      if (post.alerts.every((alert) => alert === null)) return { post };
      const batch: Batch = { batch: nextId(), put_at: clock().toISOString(), alerts: [...post.alerts] };
      await inbox.put(batch);
      await enqueue();
      return { post, batch };
    },
  };
};
