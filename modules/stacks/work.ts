/** Work that no request waits for: the queue of jobs, queues of the settings, and what happens at set times. */
import { Construct } from 'constructs';
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

/** The queue that carries ids of jobs. */
const jobsQueue = 'jobs';

const carriesJobs = ({ settings }: Pick<Deployment, 'settings'>): boolean =>
  settings.container === 'countersign' && settings.job_queue === 'sqs';

/** Each queue once. A custom container has the queues of the settings only. */
export const queueNames = ({ settings }: Deployment): readonly string[] => [
  ...new Set([...(carriesJobs({ settings }) ? [jobsQueue] : []), ...settings.queues]),
];

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
    const made = queueNames(deployment).map((name) => {
      const queue = new WorkQueue(this, `queue-${name}`, {
        name: deployment.names.with(name),
        keyArn: storage.keys.data,
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
    if (this.jobsQueueArn !== undefined) this.#addTick(props, this.jobsQueueArn);
    if (deployment.settings.daily_export) this.#addExport(props);
    if (deployment.settings.weekend_only) this.#addDatabaseHours(props);
  }

  /** What schedules have come to is found in the tables, whoever hears it: no task may create a schedule of AWS. */
  #addTick({ deployment, storage }: WorkProps, queueArn: string): void {
    new ScheduledMessages(this, 'scheduled', {
      name: deployment.names.with('scheduled'),
      roleName: roleName(deployment, 'scheduled-role'),
      accountId: deployment.settings.account_id,
      region: deployment.region,
      messages: {
        tick: {
          description: 'Tells the tasks each minute to look at schedules and at jobs that are due',
          expression: 'rate(1 minute)',
          queueArn,
          message: { kind: 'tick' },
        },
      },
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
