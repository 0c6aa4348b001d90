/** What each action that a tool declares is limited to. An action that is new in the contract does not compile here. */
import type { ToolAction } from '../../contracts/packs.ts';

/** everywhere: IAM lets the action name no resource (Service Authorization Reference); the others are ARNs. */
export type Reach = 'everywhere' | readonly ((accountId: string) => string)[];

const instance: Reach = [(account) => `arn:aws:ec2:*:${account}:instance/*`];
const database: Reach = [(account) => `arn:aws:rds:*:${account}:db:*`];
// A bucket's ARN names no account: a condition keeps it to the own one.
const bucket: Reach = [() => 'arn:aws:s3:::*'];
const lambdaFunction: Reach = [(account) => `arn:aws:lambda:*:${account}:function:*`];
const cluster: Reach = [(account) => `arn:aws:ecs:*:${account}:cluster/*`];
const ecsService: Reach = [(account) => `arn:aws:ecs:*:${account}:service/*`];
const domain: Reach = [(account) => `arn:aws:es:*:${account}:domain/*`];

const reaches: Readonly<Record<Exclude<ToolAction, 'sts:AssumeRole'>, Reach>> = {
  'tag:GetResources': 'everywhere',
  'tag:TagResources': 'everywhere',
  'tag:UntagResources': 'everywhere',
  'sts:GetCallerIdentity': 'everywhere',
  'ce:GetCostAndUsage': 'everywhere',
  'ce:GetCostAndUsageWithResources': 'everywhere',
  'ec2:DescribeInstances': 'everywhere',
  'ec2:CreateTags': instance,
  'ec2:DeleteTags': instance,
  'rds:DescribeDBInstances': database,
  'rds:AddTagsToResource': database,
  'rds:RemoveTagsFromResource': database,
  's3:ListAllMyBuckets': 'everywhere',
  's3:GetBucketLocation': bucket,
  's3:GetBucketTagging': bucket,
  's3:PutBucketTagging': bucket,
  's3:TagResource': bucket,
  's3:UntagResource': bucket,
  'lambda:ListFunctions': 'everywhere',
  'lambda:ListTags': lambdaFunction,
  'lambda:TagResource': lambdaFunction,
  'lambda:UntagResource': lambdaFunction,
  'ecs:ListClusters': 'everywhere',
  'ecs:ListServices': 'everywhere',
  'ecs:DescribeClusters': cluster,
  'ecs:DescribeServices': ecsService,
  'ecs:TagResource': [...cluster, ...ecsService],
  'ecs:UntagResource': [...cluster, ...ecsService],
  'es:ListDomainNames': 'everywhere',
  'es:DescribeDomains': domain,
  'es:ListTags': domain,
  'es:AddTags': domain,
  'es:RemoveTags': domain,
};

/** ARNs the action may touch in an account; undefined for every resource. Roles to assume are named by the estate. */
export const reachOf = (action: Exclude<ToolAction, 'sts:AssumeRole'>, accountId: string): string[] | undefined => {
  const reach = reaches[action];
  return reach === 'everywhere' ? undefined : reach.map((arn) => arn(accountId));
};
