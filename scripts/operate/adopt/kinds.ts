/** Kinds of things that outlive an environment that is destroyed, or that AWS makes again by itself. */
import {
  CloudWatchLogsClient,
  DescribeLogGroupsCommand,
  ListTagsForResourceCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { DescribeTableCommand, DynamoDBClient, ListTagsOfResourceCommand } from '@aws-sdk/client-dynamodb';
import { DescribeDBInstancesCommand, RDSClient } from '@aws-sdk/client-rds';
import { DescribeSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { unlessMissing } from '../operated.ts';

export interface Found {
  /** As `terraform import` takes it. */
  readonly id: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** Finds one by its name. Undefined: there is none. */
export type Find = (region: string, name: string) => Promise<Found | undefined>;

const tagsOf = (tags: readonly { readonly Key?: string; readonly Value?: string }[] = []): Found['tags'] =>
  Object.fromEntries(tags.map(({ Key = '', Value = '' }) => [Key, Value]));

const findSecret: Find = async (region, name) => {
  const client = new SecretsManagerClient({ region });
  const told = await unlessMissing(
    client.send(new DescribeSecretCommand({ SecretId: name })),
    'ResourceNotFoundException',
  ).finally(() => client.destroy());
  if (told?.ARN === undefined || told.DeletedDate !== undefined) return undefined;
  return { id: told.ARN, tags: tagsOf(told.Tags) };
};

/** RDS, Lambda and API Gateway write on while they are destroyed, and a group that is gone is made again. */
const findLogGroup: Find = async (region, name) => {
  const client = new CloudWatchLogsClient({ region });
  try {
    const { logGroups = [] } = await client.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: name }));
    const group = logGroups.find(({ logGroupName }) => logGroupName === name);
    if (group === undefined) return undefined;
    const resourceArn = group.logGroupArn ?? group.arn?.replace(/:\*$/, '') ?? '';
    const { tags = {} } = await client.send(new ListTagsForResourceCommand({ resourceArn }));
    return { id: name, tags };
  } finally {
    client.destroy();
  }
};

/** One that was restored takes the place of another: docs/runbooks/data-corruption.md. */
const findTable: Find = async (region, name) => {
  const client = new DynamoDBClient({ region });
  try {
    const told = await unlessMissing(
      client.send(new DescribeTableCommand({ TableName: name })),
      'ResourceNotFoundException',
    );
    if (told?.Table?.TableArn === undefined) return undefined;
    const { Tags } = await client.send(new ListTagsOfResourceCommand({ ResourceArn: told.Table.TableArn }));
    return { id: name, tags: tagsOf(Tags) };
  } finally {
    client.destroy();
  }
};

const findInstance: Find = async (region, name) => {
  const client = new RDSClient({ region });
  const told = await unlessMissing(
    client.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier: name })),
    'DBInstanceNotFoundFault',
    'DBInstanceNotFound',
  ).finally(() => client.destroy());
  const [instance] = told?.DBInstances ?? [];
  return instance === undefined ? undefined : { id: name, tags: tagsOf(instance.TagList) };
};

export interface Adoptable {
  readonly find: Find;
  /** AWS makes it too, without a tag. */
  readonly untagged: boolean;
  /** Attribute of Terraform that holds its name. */
  readonly namedBy: 'name' | 'identifier';
}

/** By Terraform's type. */
export const adoptable: Readonly<Record<string, Adoptable>> = {
  aws_secretsmanager_secret: { find: findSecret, untagged: false, namedBy: 'name' },
  aws_cloudwatch_log_group: { find: findLogGroup, untagged: true, namedBy: 'name' },
  aws_dynamodb_table: { find: findTable, untagged: false, namedBy: 'name' },
  aws_db_instance: { find: findInstance, untagged: false, namedBy: 'identifier' },
};
