/** Opens what takes alerts in: from webhooks, from a tool, and the worker that applies them. */
import type { PackServices } from '../../pack.ts';
import type { Events } from '../store/events.ts';
import type { States } from '../store/states.ts';
import { severityByName } from './alarm-severity.ts';
import { type Applier, createApplier } from './applier.ts';
import { createInbox, type Inbox } from './inbox.ts';
import { createIngest, type Ingest } from './ingest.ts';
import { createPostReader, type PostReader } from './read-post.ts';

export interface OpenIngest {
  readonly reader: PostReader;
  readonly ingest: Ingest;
  readonly applier: Applier;
  readonly inbox: Inbox;
  /** The service's own clock: batches and jobs have its times, whatever time the sandbox shows. */
  readonly clock: () => Date;
}

export interface IngestWorld {
  readonly states: States;
  readonly events: Events;
  /** The time of the pack, which the sandbox moves. */
  readonly now: () => Date;
}

type Lent = Pick<PackServices, 'sns' | 'now' | 'objects' | 'jobs' | 'notify' | 'metrics' | 'log'> & {
  readonly config: Pick<PackServices['config'], 'ALERT_TOPICS' | 'ALERT_SEVERITIES'>;
};

export const openIngest = (
  { config, sns, objects, jobs, notify, metrics, log, now: clock }: Lent,
  { states, events, now }: IngestWorld,
): OpenIngest => {
  const inbox = createInbox(objects, log);
  const reader = createPostReader({
    ...{ sns, topics: config.ALERT_TOPICS, now },
    severityOf: severityByName(config.ALERT_SEVERITIES),
  });
  return {
    inbox,
    reader,
    ingest: createIngest({ reader, inbox, jobs, notify, log, clock }),
    applier: createApplier({ inbox, states, events, metrics, clock }),
    clock,
  };
};
