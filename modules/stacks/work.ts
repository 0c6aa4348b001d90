/** Work that no request waits for: queues of the packs and the settings, and what happens at set times. */
import { Construct } from 'constructs';
import { enabled } from '../../contracts/packs/index.ts';
import type { PackContract } from '../../contracts/packs/pack.ts';
import { WorkQueue } from '../queues/work-queue.ts';
import { DailyExport } from '../schedules/daily-export.ts';
import { ScheduledMessages } from '../schedules/scheduled-messages.ts';
import { WeekendDatabase } from '../schedules/weekend-database.ts';
import type { Deployment } from './deployment.ts';
import { roleName } from './grants.ts';
import type { StorageOutputs } from './outputs.ts';

export interface WorkProps {
  readonly deployment: Deployment;
  readonly storage: StorageOutputs;
}

/** What the marketing system keeps beside its backups: states to return to, and who may act where. */
const exported = ['snapshots', 'approved-accounts'] as const;

/** The packs that run here. A custom container has none. */
const packsOf = ({ settings }: Pick<Deployment, 'settings'>): readonly PackContract[] =>
  settings.container === 'countersign' ? enabled(settings.tool_packs).map(([, pack]) => pack) : [];

/** The queue that carries ids of jobs. */
const jobsQueue = 'jobs';

const carriesJobs = ({ settings }: Pick<Deployment, 'settings'>): boolean =>
  settings.container === 'countersign' && settings.job_queue === 'sqs';

/** Each queue once, whoever asks for it. A custom container has the queues of the settings only. */
export const queueNames = ({ settings }: Deployment): readonly string[] => {
  const ofPacks = packsOf({ settings }).flatMap(({ queues = {} }) => Object.keys(queues));
  return [...new Set([...(carriesJobs({ settings }) ? [jobsQueue] : []), ...ofPacks, ...settings.queues])];
};

export class Work extends Construct {
  /** Names of the queues and, as `<queue>-dead-letter`, of their dead-letter queues. */
  readonly queues: Readonly<Record<string, string>>;
  /** Work queues alone, for whoever works them off; without that of jobs. */
  readonly queueArns: readonly string[];
  /** The queue that carries ids of jobs, where one does. */
  readonly jobsQueueArn: string | undefined;
  /** Their URLs by the name in the contract or the settings. */
  readonly queueUrls: Readonly<Record<string, string>>;

  constructor(scope: Construct, id: string, props: WorkProps) {
    super(scope, id);
    const { deployment, storage } = props;
    const contracts = new Map(packsOf(deployment).flatMap((pack) => Object.entries(pack.queues ?? {})));
    const made = queueNames(deployment).map((name) => {
      const queue = new WorkQueue(this, `queue-${name}`, {
        name: deployment.names.with(name),
        keyArn: storage.keys.data,
        visibilitySeconds: contracts.get(name)?.visibilitySeconds,
      });
      return [name, queue] as const;
    });
    this.queues = Object.fromEntries(
      made.flatMap(([name, { work, dead }]) => [
        [name, work.name],
        [`${name}-dead-letter`, dead.name],
      ]),
    );
    const isJobs = (name: string) => name === jobsQueue && carriesJobs(deployment);
    this.queueArns = made.flatMap(([name, { work }]) => (isJobs(name) ? [] : [work.arn]));
    this.jobsQueueArn = made.find(([name]) => isJobs(name))?.[1].work.arn;
    const { region, settings } = deployment;
    this.queueUrls = Object.fromEntries(
      made.map(([name, { work }]) => [name, `https://sqs.${region}.amazonaws.com/${settings.account_id}/${work.name}`]),
    );
    this.#addSchedules(props, new Map(made.map(([name, { work }]) => [name, work.arn])));
    if (deployment.settings.daily_export) this.#addExport(props);
    if (deployment.settings.weekend_only) this.#addDatabaseHours(props);
  }

  #addSchedules({ deployment, storage }: WorkProps, queueArns: ReadonlyMap<string, string>): void {
    const messages = packsOf(deployment).flatMap(({ schedules = {} }) =>
      Object.entries(schedules).flatMap(([name, { queue, ...schedule }]) => {
        const queueArn = queueArns.get(queue);
        return queueArn === undefined ? [] : [[name, { ...schedule, queueArn }] as const];
      }),
    );
    // What schedules have come to is found in the tables, whoever hears it: no task may create a schedule of AWS.
    if (this.jobsQueueArn !== undefined)
      messages.push([
        'tick',
        {
          description: 'Tells the tasks each minute to look at schedules and at jobs that are due',
          expression: 'rate(1 minute)',
          queueArn: this.jobsQueueArn,
          message: { kind: 'tick' },
        },
      ]);
    if (messages.length === 0) return;
    new ScheduledMessages(this, 'scheduled', {
      name: deployment.names.with('scheduled'),
      roleName: roleName(deployment, 'scheduled-role'),
      accountId: deployment.settings.account_id,
      region: deployment.region,
      messages: Object.fromEntries(messages),
      keyArn: storage.keys.data,
    });
  }

  #addExport({ deployment, storage }: WorkProps): void {
    const { archive } = storage.buckets;
    const tables = exported.flatMap((name) => {
      const table = storage.tables?.[name];
      return table === undefined ? [] : [[name, table.arn] as const];
    });
    if (archive === undefined || tables.length === 0) return;
    new DailyExport(this, 'daily-export', {
      name: deployment.names.with('export'),
      roleName: roleName(deployment, 'export-role'),
      accountId: deployment.settings.account_id,
      region: deployment.region,
      tables: Object.fromEntries(tables),
      bucket: { ...archive, keyArn: storage.keys.data },
    });
  }

  #addDatabaseHours({ deployment, storage: { database } }: WorkProps): void {
    if (database === undefined) return;
    const { settings, names } = deployment;
    new WeekendDatabase(this, 'database-hours', {
      name: names.with('weekend'),
      roleName: roleName(deployment, 'database-hours-role'),
      accountId: settings.account_id,
      database,
      startHour: settings.weekend_hours_start,
      endHour: settings.weekend_hours_end,
    });
  }
}
