/** From an environment's settings to what its running service is granted. */
import { homeTable } from '../../contracts/home.ts';
import { metricNamespace } from '../../contracts/metrics.ts';
import { assumedBy, chosenIn, enabled, writtenRegions } from '../../contracts/packs/index.ts';
import type { TaskGrant } from '../../contracts/settings/compute.ts';
import { dataFolders } from '../../contracts/settings/data.ts';
import type { ShellLog } from '../roles/runtime.ts';
import type { KeyUse, TableArns } from '../roles/state.ts';
import type { TaskGrants } from '../roles/task-statements.ts';
import type { ToolsProps } from '../roles/tools.ts';
import { objectsKept } from './buckets.ts';
import type { Deployment } from './deployment.ts';
import type { AuthOutputs, DomainOutputs, StorageOutputs } from './outputs.ts';

export interface Grantable {
  readonly deployment: Deployment;
  readonly storage: StorageOutputs;
  readonly domain: DomainOutputs;
  readonly auth: AuthOutputs;
  readonly queueArns: readonly string[];
  /** The queue that carries ids of jobs. */
  readonly jobsQueueArn?: string | undefined;
  /** Log of ECS Exec's sessions, where it is on. */
  readonly shell?: ShellLog | undefined;
}

/** A role's name, unique in the account: in a further region it ends with the region. */
export const roleName = ({ primary, region, names }: Deployment, kind: string): string => {
  const name = kind === 'task-role' ? names.of('task-role') : names.with(kind);
  return primary ? name : `${name}-${region}`;
};

const tableArns = ({ tables = {} }: StorageOutputs): TableArns =>
  Object.fromEntries(Object.entries(tables).map(([name, { arn }]) => [name, arn]));

const databaseOf = ({ database }: StorageOutputs): Partial<TaskGrants> =>
  database ? { databaseSecretArn: database.secretArn } : {};

const toolsOf = ({ deployment, storage }: Grantable): ToolsProps => {
  const { settings, region } = deployment;
  const buckets = Object.values(storage.buckets).filter((bucket) => bucket !== undefined);
  return {
    packs: enabled(settings.tool_packs).map(([name, contract]) => ({
      contract,
      regions: writtenRegions(contract, settings, region),
      assumed: assumedBy([name], settings)[0],
      chosen: chosenIn(contract, settings),
      settings,
    })),
    accountId: settings.account_id,
    own: { project: settings.project_name, bucketArns: buckets.map(({ arn }) => arn) },
  };
};

/** The keys that the granted parts are encrypted with, and the services that decrypt for the role. */
const keysOf = ({ keys }: StorageOutputs, granted: TaskGrants): Record<string, KeyUse> => {
  const data = [
    ...(granted.tables && keys.replicas === undefined ? ['dynamodb'] : []),
    ...(granted.dataBucket || granted.anchorBucketArn !== undefined ? ['s3'] : []),
    ...(granted.queueArns || granted.jobsQueueArn !== undefined ? ['sqs'] : []),
  ];
  const secrets = granted.databaseSecretArn !== undefined || granted.secretArns !== undefined;
  return {
    ...(keys.data !== undefined && data.length > 0 && { data: { keyArn: keys.data, services: data } }),
    ...(keys.replicas !== undefined &&
      granted.tables && { replicas: { keyArn: keys.replicas, services: ['dynamodb'] } }),
    ...(keys.secrets !== undefined && secrets && { secrets: { keyArn: keys.secrets, services: ['secretsmanager'] } }),
  };
};

type Part = (from: Grantable) => Partial<TaskGrants>;

/** What a custom image is granted, by the setting's own words. */
const parts: Readonly<Record<TaskGrant, Part>> = {
  'data-bucket': ({ storage: { buckets } }) =>
    buckets.data ? { dataBucket: { arn: buckets.data.arn, folders: dataFolders } } : {},
  identity: ({ auth }) => (auth.userPool ? { userPoolArn: auth.userPool.arn } : {}),
  mail: ({ deployment: { settings, region, names }, domain }) =>
    domain.mailIdentityArn !== undefined && settings.mail_from !== undefined
      ? {
          mail: {
            identityArn: domain.mailIdentityArn,
            configurationSetArn: `arn:aws:ses:${region}:${settings.account_id}:configuration-set/${names.with('mail')}`,
            from: settings.mail_from,
          },
        }
      : {},
  metrics: ({ deployment: { settings } }) => ({ metricNamespaces: [metricNamespace, settings.project_name] }),
  queues: ({ queueArns }) => (queueArns.length > 0 ? { queueArns } : {}),
  secrets: ({ storage }) => ({ secretArns: Object.values(storage.secrets), ...databaseOf(storage) }),
  tables: ({ storage }) => (storage.tables ? { tables: tableArns(storage), updatesTables: true } : {}),
};

const custom = (from: Grantable): Partial<TaskGrants> =>
  Object.assign({}, ...from.deployment.settings.task_grants.map((grant) => parts[grant](from)));

const homeTables = ({ settings }: Deployment): string[] =>
  settings.regions
    .toSorted()
    .map(
      (region) => `arn:aws:dynamodb:${region}:${settings.account_id}:table/${settings.table_prefix}${homeTable.suffix}`,
    );

const objectsOf = ({ deployment: { settings }, storage: { buckets } }: Grantable): Partial<TaskGrants> => {
  const folders = objectsKept(settings);
  return buckets.data && folders.length > 0 ? { dataBucket: { arn: buckets.data.arn, folders, inParts: true } } : {};
};

const countersign = (from: Grantable): Partial<TaskGrants> => {
  const { deployment, storage } = from;
  // A container is handed its secrets at the start; a function and an instance fetch them.
  const fetches = deployment.settings.compute_mode !== 'fargate';
  return {
    tools: toolsOf(from),
    ...(storage.tables && { tables: tableArns(storage) }),
    ...(deployment.shape.sharedState && { homeTableArns: homeTables(deployment) }),
    ...parts.queues(from),
    ...(from.jobsQueueArn !== undefined && { jobsQueueArn: from.jobsQueueArn }),
    // Notices of the service itself.
    ...(deployment.settings.notices && parts.mail(from)),
    ...objectsOf(from),
    ...databaseOf(storage),
    ...(storage.buckets.archive && {
      anchorBucketArn: storage.buckets.archive.arn,
      ...(deployment.settings.audit_export && { exportBucketArn: storage.buckets.archive.arn }),
    }),
    ...(fetches && parts.secrets(from)),
  };
};

/** Everything the running service may do. A part is there only if the environment has what it is about. */
export const taskGrantsOf = (from: Grantable): TaskGrants => {
  const { deployment, storage, shell } = from;
  const { settings, region } = deployment;
  const granted: TaskGrants = {
    region,
    ...(settings.container === 'countersign' ? countersign(from) : custom(from)),
    ...(settings.xray && { traces: true }),
    ...(shell && { shell }),
  };
  return { ...granted, keys: keysOf(storage, granted) };
};
