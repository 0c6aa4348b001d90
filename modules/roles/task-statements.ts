/** What the running service may do, wherever it runs: as a task, as a function or on an instance. */
import {
  dataBucketStatements,
  type GrantedBucket,
  identityStatements,
  type Mail,
  mailStatements,
  metricStatements,
  tableUpdateStatements,
} from './grants.ts';
import { type ShellLog, shellStatements, traceStatements } from './runtime.ts';
import {
  anchorStatements,
  exportStatements,
  homeStatements,
  jobsQueueStatements,
  type KeyUse,
  keyStatements,
  queueStatements,
  secretStatements,
  type TableArns,
  tableStatements,
} from './state.ts';
import type { Statement } from './statement.ts';
import { type ToolsProps, toolStatements } from './tools.ts';

/** Each part is absent where the environment has no such thing. */
export interface TaskGrants {
  readonly region: string;
  /** Countersign's tools. */
  readonly tools?: ToolsProps;
  /** Tables by their name in the contract. */
  readonly tables?: TableArns;
  /** A custom image may update single attributes too. */
  readonly updatesTables?: boolean;
  /** The table of the home record, in each region that shares the state. */
  readonly homeTableArns?: readonly string[];
  /** The secret in which RDS keeps the database's password. */
  readonly databaseSecretArn?: string;
  /** Secrets that are read while running. */
  readonly secretArns?: readonly string[];
  readonly queueArns?: readonly string[];
  /** The queue that carries ids of jobs. */
  readonly jobsQueueArn?: string;
  /** Bucket that the audit log's heads are anchored in. */
  readonly anchorBucketArn?: string;
  /** Bucket that the audit log is exported to. */
  readonly exportBucketArn?: string;
  /** Keys of what stands above, by use. */
  readonly keys?: Readonly<Record<string, KeyUse>>;
  readonly dataBucket?: GrantedBucket;
  readonly userPoolArn?: string;
  readonly mail?: Mail;
  readonly metricNamespaces?: readonly string[];
  readonly traces?: boolean;
  /** ECS Exec, where it is on. */
  readonly shell?: ShellLog;
}

const stateStatements = (grants: TaskGrants): Statement[] => {
  const {
    region,
    tables = {},
    homeTableArns,
    updatesTables = false,
    databaseSecretArn,
    secretArns,
    queueArns,
    jobsQueueArn,
    anchorBucketArn,
    exportBucketArn,
    keys = {},
  } = grants;
  return [
    ...tableStatements(tables),
    ...(updatesTables ? tableUpdateStatements(Object.values(tables)) : []),
    ...(homeTableArns === undefined ? [] : homeStatements(homeTableArns)),
    ...(databaseSecretArn === undefined ? [] : secretStatements('DatabasePassword', [databaseSecretArn])),
    ...(secretArns === undefined ? [] : secretStatements('SecretsRead', secretArns)),
    ...(queueArns === undefined ? [] : queueStatements(queueArns)),
    ...(jobsQueueArn === undefined ? [] : jobsQueueStatements(jobsQueueArn)),
    ...(anchorBucketArn === undefined ? [] : anchorStatements(anchorBucketArn)),
    ...(exportBucketArn === undefined ? [] : exportStatements(exportBucketArn)),
    ...Object.entries(keys).flatMap(([use, key]) =>
      keyStatements(`Key${use.replace(/^./, (letter) => letter.toUpperCase())}`, region, key),
    ),
  ];
};

export const taskStatements = (grants: TaskGrants): readonly Statement[] => {
  const { tools, dataBucket, userPoolArn, mail, metricNamespaces, traces = false, shell } = grants;
  return [
    ...(tools ? toolStatements(tools) : []),
    ...stateStatements(grants),
    ...(dataBucket ? dataBucketStatements(dataBucket) : []),
    ...(userPoolArn === undefined ? [] : identityStatements(userPoolArn)),
    ...(mail ? mailStatements(mail) : []),
    ...(metricNamespaces === undefined ? [] : metricStatements(metricNamespaces)),
    ...(traces ? traceStatements : []),
    ...(shell ? shellStatements(shell) : []),
  ];
};
