/** Work that no request waits for: queues of the packs and the settings, and what happens at set times. */
import { Construct } from 'constructs';
import { enabledNames } from '../../contracts/packs/index.ts';
import { WorkQueue } from '../queues/work-queue.ts';
import { DailyExport } from '../schedules/daily-export.ts';
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

/** Each queue once, whoever asks for it. A custom container has the queues of the settings only. */
export const queueNames = ({ settings }: Deployment): readonly string[] => {
  const ofPacks = settings.container === 'countersign' ? enabledNames(settings.tool_packs, 'queues') : [];
  return [...new Set([...ofPacks, ...settings.queues])];
};

export class Work extends Construct {
  /** Names of the queues and, as `<queue>-dead-letter`, of their dead-letter queues. */
  readonly queues: Readonly<Record<string, string>>;
  /** Work queues alone, for whoever works them off. */
  readonly queueArns: readonly string[];

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
    this.queueArns = made.map(([, { work }]) => work.arn);
    if (deployment.settings.daily_export) this.#addExport(props);
    if (deployment.settings.weekend_only) this.#addDatabaseHours(props);
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
