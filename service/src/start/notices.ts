/** What tells people: the queue's own port, the senders of this configuration, or in the sandbox a table. */
import type { NoticeChannels } from '../../../contracts/notices.ts';
import { baselineOf } from '../../../contracts/scopes.ts';
import type { AccountAccess } from '../accounts/access.ts';
import type { Audit } from '../audit/port.ts';
import type { Auth } from '../auth/auth.ts';
import { openDirectory } from '../auth/directory.ts';
import type { Config } from '../config.ts';
import { sandboxChannels } from '../notices/addresses.ts';
import { type Notices, openNotices } from '../notices/open.ts';
import { type NoticeOutlet, sandboxOutlet, sendersOutlet } from '../notices/outlet.ts';
import { openSent, type SentNotices } from '../notices/sent.ts';
import type { Pipeline } from '../operations/pipeline.ts';
import { openSenders } from '../senders/open.ts';
import type { Foundation } from './foundation.ts';
import type { OpenJobs } from './jobs.ts';

/** What demo people would be told is kept, whatever is configured: their addresses are nobody's. */
const outletOf = async ({
  config,
  state,
  metrics,
  now,
}: Foundation): Promise<NoticeOutlet & { close?(): Promise<void> }> => {
  if (config.DEMO_PEOPLE) return sandboxOutlet(state.tables, now);
  const { senders, close } = await openSenders({ config, metrics, now });
  return { ...sendersOutlet(senders), close };
};

const channelsOf = ({ DEMO_PEOPLE: demo, NOTICE_CHANNELS: named, TOOL_PACKS: packs }: Config): NoticeChannels =>
  demo && named.channels.length === 0 ? sandboxChannels([...baselineOf(packs)]) : named;

export interface OpenNotices extends Omit<Notices, 'workers' | 'recurring'> {
  /** Of the sandbox: what would have been sent. */
  sent?(pipeline: Pick<Pipeline, 'sight'>): SentNotices;
  /** Begins to work the queue off. */
  serve(below: {
    readonly pipeline: Pipeline;
    readonly access: AccountAccess;
    readonly audit: Audit;
    readonly auth: Pick<Auth, 'people'>;
  }): void;
  close(): Promise<void>;
}

/** @param jobs the queue; what is of notices is the service's own */
export const openServiceNotices = async (foundation: Foundation, jobs: OpenJobs): Promise<OpenNotices> => {
  const { config, state, now } = foundation;
  const outlet = await outletOf(foundation);
  const { workers, recurring, ...told } = openNotices({
    jobs: jobs.of('core'),
    tables: state.tables,
    outlet,
    shared: channelsOf(config),
    usual: config.USUAL_NOTICES,
    zone: config.TIME_ZONE,
    now,
    directory: openDirectory({ ...state, config, now }),
    packs: config.TOOL_PACKS,
  });
  return {
    ...told,
    ...(config.DEMO_PEOPLE && {
      sent: ({ sight }: Pick<Pipeline, 'sight'>) => openSent(state.tables, sight),
    }),
    serve: ({ pipeline, access, audit, auth }) =>
      jobs.serve(
        workers({
          pipeline,
          access,
          audit,
          people: auth.people,
          publicUrl: config.PUBLIC_URL,
          approvalHours: config.APPROVAL_HOURS,
          approveWithoutEmail: config.APPROVE_WITHOUT_EMAIL,
        }).map((worker) => ({ owner: 'core', worker })),
        recurring.map((job) => ({ owner: 'core', job })),
      ),
    close: async () => outlet.close?.(),
  };
};
