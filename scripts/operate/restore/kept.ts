/** For tests: what an environment on DynamoDB keeps, on the stand-in, as Terraform and the service leave it. */
import { DynamoDBClient, ListTablesCommand, UpdateContinuousBackupsCommand } from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand, PutBucketVersioningCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { pino } from 'pino';
import { openAnchors } from '../../../service/src/anchors/index.ts';
import { openAnchoring } from '../../../service/src/audit/anchoring.ts';
import { openAuditLog } from '../../../service/src/audit/log.ts';
import { hmac } from '../../../service/src/audit/mac.ts';
import { deriveSecrets } from '../../../service/src/auth/secrets.ts';
import { parseConfig } from '../../../service/src/config.ts';
import { makeDynamoTables } from '../../../service/test/rigs/dynamo-tables.ts';
import type { onStandIn } from '../on-stand-in.ts';
import { openOperated } from '../operated.ts';
import { wantedValues } from '../secrets/wanted.ts';
import { recoverable } from './table-source.ts';

const region = 'us-east-1';
export const ENCRYPTION_KEY = 'a key for tests, long enough to be one';
const keys = [hmac(deriveSecrets(ENCRYPTION_KEY).auditKey)] as const;
const hoursAgo = (hours: number) => new Date(Date.now() - hours * 3_600_000);

/** Tables that can be restored, with three audit records of two people; a key; an archive with an anchor. */
export const keptTables = async (standIn: ReturnType<typeof onStandIn>, environment: string) => {
  const [deployment] = (await openOperated(standIn.hostWith(), { environment })).deployments;
  if (deployment === undefined) throw new Error('no region');
  const prefix = deployment.settings.table_prefix;
  const bucket = deployment.names.bucket('archive');
  const store = { prefix, region, endpoint: standIn.url() };
  const client = new DynamoDBClient({ region });
  const tables = await makeDynamoTables(store);
  for (const name of recoverable(deployment.settings.tool_packs))
    await client.send(
      new UpdateContinuousBackupsCommand({
        TableName: `${prefix}${name}`,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      }),
    );
  const wanted = wantedValues(deployment).find(({ readBy }) => readBy.includes('ENCRYPTION_KEY'));
  const SecretString = wanted?.key === undefined ? ENCRYPTION_KEY : JSON.stringify({ [wanted.key]: ENCRYPTION_KEY });
  const Name = deployment.names.secret(wanted?.secret ?? '');
  await new SecretsManagerClient({ region }).send(new CreateSecretCommand({ Name, SecretString }));
  const s3 = new S3Client({ region, endpoint: standIn.url(), forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket: bucket }));
  await s3.send(new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration: { Status: 'Enabled' } }));
  const append = async (userId: string, now: Date): Promise<void> => {
    const log = openAuditLog({ tables, now: () => now, retentionDays: 730, keys });
    await log.append({ userId, correlationId: 'c', tool: 't', action: 'read', result: 'success' });
  };
  await append('ada', hoursAgo(5));
  await append('ada', hoursAgo(4));
  await append('grace', hoursAgo(3));
  const config = parseConfig({ AWS_REGION: region, AUDIT_ANCHOR_BUCKET: bucket, AWS_ENDPOINT_URL: standIn.url() });
  const parts = { tables, keys, retentionDays: 730, log: pino({ level: 'silent' }), metrics: { count: () => {} } };
  await openAnchoring({ ...parts, now: () => hoursAgo(2), anchors: await openAnchors(config) }).run('now');
  return {
    deployment,
    store,
    tables,
    append,
    client,
    tableNames: async () => (await client.send(new ListTablesCommand({}))).TableNames ?? [],
  };
};
