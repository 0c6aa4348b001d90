/** The types that are enabled where an environment chooses none. */
import { declareTypes } from './type.ts';

const instance = ['arn:aws:ec2:*:{account}:instance/*'];
const database = ['arn:aws:rds:*:{account}:db:*'];
// A bucket's ARN names no account: a condition keeps it to the own one.
const bucket = ['arn:aws:s3:::*'];
const lambdaFunction = ['arn:aws:lambda:*:{account}:function:*'];
const cluster = ['arn:aws:ecs:*:{account}:cluster/*'];
const service = ['arn:aws:ecs:*:{account}:service/*'];
const domain = ['arn:aws:es:*:{account}:domain/*'];

export const firstTypes = declareTypes({
  'ec2:instance': {
    label: 'EC2 instance',
    list: { 'ec2:DescribeInstances': 'everywhere' },
    surroundings: { 'ec2:DescribeVpcs': 'everywhere' },
    set: { 'ec2:CreateTags': instance },
    remove: { 'ec2:DeleteTags': instance },
  },
  'rds:db': {
    label: 'RDS database',
    list: { 'rds:DescribeDBInstances': database },
    set: { 'rds:AddTagsToResource': database },
    remove: { 'rds:RemoveTagsFromResource': database },
  },
  's3:bucket': {
    label: 'S3 bucket',
    list: { 's3:ListAllMyBuckets': 'everywhere', 's3:GetBucketLocation': bucket, 's3:GetBucketTagging': bucket },
    set: { 's3:PutBucketTagging': bucket, 's3:TagResource': bucket },
    remove: { 's3:PutBucketTagging': bucket, 's3:UntagResource': bucket },
  },
  'lambda:function': {
    label: 'Lambda function',
    list: { 'lambda:ListFunctions': 'everywhere', 'lambda:ListTags': lambdaFunction },
    set: { 'lambda:TagResource': lambdaFunction },
    remove: { 'lambda:UntagResource': lambdaFunction },
  },
  'ecs:cluster': {
    label: 'ECS cluster',
    list: { 'ecs:ListClusters': 'everywhere', 'ecs:DescribeClusters': cluster },
    set: { 'ecs:TagResource': cluster },
    remove: { 'ecs:UntagResource': cluster },
  },
  'ecs:service': {
    label: 'ECS service',
    list: {
      'ecs:ListClusters': 'everywhere',
      'ecs:ListServices': 'everywhere',
      'ecs:DescribeServices': service,
    },
    set: { 'ecs:TagResource': service },
    remove: { 'ecs:UntagResource': service },
  },
  'opensearch:domain': {
    label: 'OpenSearch domain',
    list: { 'es:ListDomainNames': 'everywhere', 'es:DescribeDomains': domain, 'es:ListTags': domain },
    set: { 'es:AddTags': domain },
    remove: { 'es:RemoveTags': domain },
  },
});
