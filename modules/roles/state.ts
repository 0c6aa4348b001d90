/** Where the service keeps its state: tables, the database's secret, queues, and the keys they are encrypted with. */
import { anchorPrefix, exportPrefix } from '../../contracts/anchors.ts';
import type { TableContract } from '../../contracts/table.ts';
import {
  appendOnlyTableNames,
  tables as contracts,
  removableTableNames,
  scannedTableNames,
  type TableName,
} from '../../contracts/tables.ts';
import { equals, type Statement } from './statement.ts';

export type TableArns = Readonly<Partial<Record<TableName, string>>>;

const indexed = (name: TableName): boolean => Object.keys((contracts[name] as TableContract).indexes).length > 0;

/**
 * Reads and writes of whole rows. Rows are removed from some tables only: the audit log stays whole, whoever takes the
 * service over.
 */
export const tableStatements = (arns: TableArns): readonly Statement[] => {
  const held = Object.entries(arns) as [TableName, string][];
  return [
    {
      sid: 'TablesReadAndWrite',
      actions: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query'],
      resources: held.map(([, arn]) => arn),
    },
    {
      sid: 'TablesRewrite',
      actions: ['dynamodb:UpdateItem'],
      resources: held.filter(([name]) => !appendOnlyTableNames.includes(name)).map(([, arn]) => arn),
    },
    {
      sid: 'TablesIndexes',
      actions: ['dynamodb:Query'],
      resources: held.filter(([name]) => indexed(name)).map(([, arn]) => `${arn}/index/*`),
    },
    {
      sid: 'TablesReadWhole',
      actions: ['dynamodb:Scan'],
      resources: held.filter(([name]) => scannedTableNames.includes(name)).map(([, arn]) => arn),
    },
    {
      sid: 'TablesRemove',
      actions: ['dynamodb:DeleteItem'],
      resources: held.filter(([name]) => removableTableNames.includes(name)).map(([, arn]) => arn),
    },
  ];
};

/** Which region may write. Only operators move it, so the service may not. */
export const homeStatements = (arns: readonly string[]): readonly Statement[] => [
  { sid: 'HomeRead', actions: ['dynamodb:GetItem'], resources: arns },
];

/** Secrets read while running, which no container or function is handed at its start. */
export const secretStatements = (sid: string, secretArns: readonly string[]): readonly Statement[] => [
  { sid, actions: ['secretsmanager:GetSecretValue'], resources: secretArns },
];

export const queueStatements = (queueArns: readonly string[]): readonly Statement[] => [
  {
    sid: 'QueuesWork',
    actions: [
      'sqs:ChangeMessageVisibility',
      'sqs:DeleteMessage',
      'sqs:GetQueueAttributes',
      'sqs:GetQueueUrl',
      'sqs:ReceiveMessage',
      'sqs:SendMessage',
    ],
    resources: queueArns,
  },
];

/** A message is taken out once the job has its lease in the tables, so its visibility is never changed. */
export const jobsQueueStatements = (queueArn: string): readonly Statement[] => [
  {
    sid: 'JobsQueue',
    actions: ['sqs:DeleteMessage', 'sqs:ReceiveMessage', 'sqs:SendMessage'],
    resources: [queueArn],
  },
];

/** Lambda receives and removes with the function's role, and asks how long the queue is. */
export const queueSourceStatements = (queueArn: string): readonly Statement[] => [
  { sid: 'JobsQueueSource', actions: ['sqs:GetQueueAttributes'], resources: [queueArn] },
];

/** Copies of the audit log's heads: written once, read back, never deleted. The bucket's lock keeps them. */
export const anchorStatements = (bucketArn: string): readonly Statement[] => [
  {
    sid: 'AnchorsWriteAndRead',
    actions: ['s3:GetObject', 's3:PutObject'],
    resources: [`${bucketArn}/${anchorPrefix}*`],
  },
  {
    sid: 'AnchorsList',
    actions: ['s3:ListBucket'],
    resources: [bucketArn],
    conditions: [equals('s3:prefix', anchorPrefix)],
  },
];

/** Files of the audit log for auditors. Written once, and never looked at again. */
export const exportStatements = (bucketArn: string): readonly Statement[] => [
  { sid: 'AuditExportWrite', actions: ['s3:PutObject'], resources: [`${bucketArn}/${exportPrefix}*`] },
];

/** A key, and the services that use it for the role. */
export interface KeyUse {
  readonly keyArn: string;
  readonly services: readonly string[];
}

/** Never directly: only through the service whose data the key encrypts. */
export const keyStatements = (sid: string, region: string, { keyArn, services }: KeyUse): readonly Statement[] =>
  services.length === 0
    ? []
    : [
        {
          sid,
          actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
          resources: [keyArn],
          conditions: [equals('kms:ViaService', ...services.map((name) => `${name}.${region}.amazonaws.com`))],
        },
      ];
