/** Kinds of things that outlive an environment that is destroyed, or that AWS makes again by itself. */
import {
  CloudWatchLogsClient,
  DescribeLogGroupsCommand,
  ListTagsForResourceCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { DescribeSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { unlessMissing } from '../operated.ts';

export interface Found {
  /** As `terraform import` takes it. */
  readonly id: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** Finds one by its name. Undefined: there is none. */
export type Find = (region: string, name: string) => Promise<Found | undefined>;

const findSecret: Find = async (region, name) => {
  const client = new SecretsManagerClient({ region });
  const told = await unlessMissing(
    client.send(new DescribeSecretCommand({ SecretId: name })),
    'ResourceNotFoundException',
  ).finally(() => client.destroy());
  if (told?.ARN === undefined || told.DeletedDate !== undefined) return undefined;
  return { id: told.ARN, tags: Object.fromEntries((told.Tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value])) };
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

/** By Terraform's type; the name is the attribute `name`. */
export const adoptable: Readonly<
  Record<string, { readonly find: Find /** AWS makes it too, without a tag. */; readonly untagged: boolean }>
> = {
  aws_secretsmanager_secret: { find: findSecret, untagged: false },
  aws_cloudwatch_log_group: { find: findLogGroup, untagged: true },
};
