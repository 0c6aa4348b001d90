/** Tables exported to S3 each day, from their point-in-time recovery: without load on the tables. */
import { Construct } from 'constructs';
import { AssumableRole } from '../roles/role.ts';
import { equals, service } from '../roles/statement.ts';
import { Schedule } from './schedule.ts';

export interface DailyExportProps {
  /** Start of the names. */
  readonly name: string;
  /** Name of the role, unique in the account. */
  readonly roleName: string;
  readonly accountId: string;
  readonly region: string;
  /** ARNs of the tables, by their name in the contract; each needs point-in-time recovery. */
  readonly tables: Readonly<Record<string, string>>;
  readonly bucket: { readonly name: string; readonly arn: string; readonly keyArn?: string | undefined };
  /** Hour of the day, UTC. Default: 3. */
  readonly hour?: number;
}

const prefix = 'exports';

export class DailyExport extends Construct {
  constructor(scope: Construct, id: string, props: DailyExportProps) {
    super(scope, id);
    const { name, accountId, tables, bucket, hour = 3 } = props;
    const role = this.#addRole(props);
    for (const [table, arn] of Object.entries(tables)) {
      const input = {
        TableArn: arn,
        S3Bucket: bucket.name,
        S3BucketOwner: accountId,
        S3Prefix: `${prefix}/${table}`,
        ExportFormat: 'DYNAMODB_JSON',
        ...(bucket.keyArn === undefined
          ? { S3SseAlgorithm: 'AES256' }
          : { S3SseAlgorithm: 'KMS', S3SseKmsKeyId: bucket.keyArn }),
      };
      new Schedule(this, table, {
        name: `${name}-${table}`,
        description: `Exports ${table} to the archive`,
        expression: `cron(0 ${hour} * * ? *)`,
        flexibleMinutes: 15,
        call: { service: 'dynamodb', operation: 'exportTableToPointInTime', input },
        roleArn: role.arn,
      });
    }
  }

  /** DynamoDB writes the export with the permissions of whoever asked for it. */
  #addRole({ roleName, accountId, region, tables, bucket }: DailyExportProps): AssumableRole {
    const { arn, keyArn } = bucket;
    return new AssumableRole(this, 'export', {
      name: roleName,
      description: 'Exports tables to the archive',
      trust: [service('scheduler.amazonaws.com', accountId)],
      statements: [
        {
          sid: 'ExportTables',
          actions: ['dynamodb:ExportTableToPointInTime'],
          resources: Object.values(tables),
        },
        {
          sid: 'ExportWrite',
          actions: ['s3:AbortMultipartUpload', 's3:PutObject', 's3:PutObjectAcl'],
          resources: [`${arn}/${prefix}/*`],
        },
        {
          sid: 'ExportKey',
          actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
          resources: keyArn === undefined ? [] : [keyArn],
          conditions: [equals('kms:ViaService', `s3.${region}.amazonaws.com`, `dynamodb.${region}.amazonaws.com`)],
        },
      ],
    });
  }
}
