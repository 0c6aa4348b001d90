/** Where the containers and people's sessions in them are logged. The roles name these groups, so they come first. */
import { Construct } from 'constructs';
import { EncryptionKey } from '../keys/key.ts';
import { LogGroup } from '../logs/log-group.ts';
import type { Deployment } from './deployment.ts';
import type { NamedArn, StorageOutputs } from './outputs.ts';

export interface ContainerLogsProps {
  readonly deployment: Deployment;
  readonly storage: StorageOutputs;
}

/** The log of ECS Exec's sessions, and the key that both are encrypted with. */
export interface SessionLog {
  readonly group: NamedArn;
  readonly keyArn: string;
}

export class ContainerLogs extends Construct {
  readonly service: NamedArn;
  /** With execute_command on Fargate. */
  readonly sessions?: SessionLog;

  constructor(scope: Construct, id: string, props: ContainerLogsProps) {
    super(scope, id);
    const { deployment, storage } = props;
    const { settings, names } = deployment;
    this.service = new LogGroup(this, 'service', {
      name: names.of('log-group'),
      retentionDays: settings.log_retention_days,
      keyArn: storage.keys.logs,
    });
    if (settings.compute_mode === 'fargate' && settings.execute_command) this.sessions = this.#sessions(props);
  }

  /** A session is a shell: it is encrypted with a key of one's own, whatever else is. */
  #sessions({ deployment, storage }: ContainerLogsProps): SessionLog {
    const { settings, names, region } = deployment;
    const keyArn =
      storage.keys.logs ??
      new EncryptionKey(this, 'session-key', {
        name: names.with('sessions'),
        description: 'Sessions of ECS Exec and their log',
        accountId: settings.account_id,
        services: [`logs.${region}.amazonaws.com`],
      }).arn;
    const group = new LogGroup(this, 'sessions', {
      name: `${names.of('log-group')}/sessions`,
      retentionDays: settings.log_retention_days,
      keyArn,
    });
    return { group, keyArn };
  }
}
