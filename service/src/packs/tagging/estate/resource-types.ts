/**
 * Every resource type a policy may name, how its ARN looks and which cost pool pays for it. Which of them this service
 * can list and tag is contracts/packs/tagging/types (`taggableTypes`).
 */

interface ResourceTypeFacts {
  /** Service part of the ARN; it is not always the type's own prefix. */
  readonly service: string;
  /** The ARN's resource part. Anchored by arn.ts. */
  readonly resource: string;
  /** Its name has colons in it: what follows the last slash. */
  readonly colons?: true;
  /** Costs nothing by itself: judged only when a scan names it. */
  readonly free?: true;
}

const name = '[^/:]+';
const type = (service: string, resource: string): ResourceTypeFacts => ({ service, resource });
const free = (service: string, resource: string): ResourceTypeFacts => ({ service, resource, free: true });

export const resourceTypes = {
  'apigateway:restapi': type('apigateway', `/restapis/${name}`),
  'athena:workgroup': free('athena', `workgroup/${name}`),
  'bedrock:agent': type('bedrock', `agent/${name}`),
  'bedrock:knowledge-base': type('bedrock', `knowledge-base/${name}`),
  'cloudfront:distribution': type('cloudfront', `distribution/${name}`),
  'cloudwatch:alarm': free('cloudwatch', 'alarm:.+'),
  'codebuild:project': type('codebuild', `project/${name}`),
  'codepipeline:pipeline': type('codepipeline', name),
  'cognito-identity:identitypool': type('cognito-identity', 'identitypool/.+'),
  'cognito-idp:userpool': type('cognito-idp', `userpool/${name}`),
  'dynamodb:table': type('dynamodb', `table/${name}`),
  'ec2:elastic-ip': type('ec2', `elastic-ip/${name}`),
  'ec2:instance': type('ec2', `instance/${name}`),
  'ec2:natgateway': type('ec2', `natgateway/${name}`),
  'ec2:security-group': free('ec2', `security-group/${name}`),
  'ec2:snapshot': type('ec2', `snapshot/${name}`),
  'ec2:subnet': free('ec2', `subnet/${name}`),
  'ec2:volume': type('ec2', `volume/${name}`),
  'ec2:vpc': free('ec2', `vpc/${name}`),
  'ecr:repository': free('ecr', 'repository/.+'),
  'ecs:cluster': type('ecs', `cluster/${name}`),
  // Services made before the long ARN format have no cluster in theirs.
  'ecs:service': type('ecs', `service/(?:${name}/)?${name}`),
  'ecs:task-definition': { ...type('ecs', `task-definition/${name}(?::\\d+)?`), colons: true },
  'eks:cluster': type('eks', `cluster/${name}`),
  'eks:nodegroup': type('eks', 'nodegroup/.+'),
  'elasticache:cluster': type('elasticache', `cluster:${name}`),
  'elasticache:replicationgroup': type('elasticache', `replicationgroup:${name}`),
  'elasticfilesystem:file-system': type('elasticfilesystem', `file-system/${name}`),
  // Not the classic ones, which have an API of their own: docs/adr/0059-sdk-clients-by-type.md.
  'elasticloadbalancing:loadbalancer': type('elasticloadbalancing', `loadbalancer/(?:app|net|gwy)/${name}/${name}`),
  'elasticloadbalancing:targetgroup': type('elasticloadbalancing', 'targetgroup/.+'),
  'emr:cluster': type('elasticmapreduce', `cluster/${name}`),
  'fsx:file-system': type('fsx', `file-system/${name}`),
  'glue:crawler': type('glue', `crawler/${name}`),
  'glue:database': free('glue', `database/${name}`),
  'glue:job': type('glue', `job/${name}`),
  'glue:table': type('glue', `table/${name}/${name}`),
  'kinesis:stream': type('kinesis', `stream/${name}`),
  'kms:key': type('kms', `key/${name}`),
  // No version or alias behind the name: those cannot be tagged.
  'lambda:function': type('lambda', `function:${name}`),
  'logs:log-group': free('logs', 'log-group:.+'),
  'opensearch:domain': type('es', `domain/${name}`),
  'rds:cluster': type('rds', `cluster:${name}`),
  'rds:db': type('rds', `db:${name}`),
  'redshift:cluster': type('redshift', `cluster:${name}`),
  'route53:hostedzone': type('route53', `hostedzone/${name}`),
  's3:bucket': type('s3', '[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]'),
  'sagemaker:endpoint': type('sagemaker', `endpoint/${name}`),
  'sagemaker:notebook-instance': type('sagemaker', `notebook-instance/${name}`),
  'secretsmanager:secret': type('secretsmanager', 'secret:.+'),
  'sns:topic': free('sns', name),
  'sqs:queue': free('sqs', name),
  'stepfunctions:statemachine': type('states', `stateMachine:${name}`),
} as const satisfies Record<string, ResourceTypeFacts>;

export type ResourceType = keyof typeof resourceTypes;
export const resourceTypeNames = Object.keys(resourceTypes) as [ResourceType, ...ResourceType[]];

/** A type that costs nothing by itself and is judged only when a scan names it. */
export const isFree = (type: ResourceType): boolean => {
  const facts: ResourceTypeFacts = resourceTypes[type];
  return facts.free === true;
};

/** The name of a resource, from the resource part of its ARN: instance id, bucket, function, family and revision. */
export const nameInResource = (type: ResourceType, resource: string): string => {
  const { colons }: ResourceTypeFacts = resourceTypes[type];
  return resource.split(colons ? '/' : /[/:]/).at(-1) ?? resource;
};
