/**
 * What each tool pack needs of AWS. The platform derives a task role with exactly what the enabled packs need; the
 * service registers the tools, and a test holds every tool's declaration against this list.
 */

export interface ToolNeeds {
  /** IAM actions the tool may call. */
  readonly actions: readonly ToolAction[];
}

/** One resource type that tags can be read from and written to, and the IAM actions that takes. */
interface ResourceTypeContract {
  readonly label: string;
  readonly list: readonly string[];
  readonly write: readonly string[];
}

export const taggableTypes = {
  'ec2:instance': {
    label: 'EC2 instance',
    list: ['ec2:DescribeInstances'],
    write: ['ec2:CreateTags', 'ec2:DeleteTags'],
  },
  'rds:db': {
    label: 'RDS database',
    list: ['rds:DescribeDBInstances'],
    write: ['rds:AddTagsToResource', 'rds:RemoveTagsFromResource'],
  },
  's3:bucket': {
    label: 'S3 bucket',
    list: ['s3:ListAllMyBuckets', 's3:GetBucketLocation', 's3:GetBucketTagging'],
    write: ['s3:PutBucketTagging', 's3:TagResource', 's3:UntagResource'],
  },
  'lambda:function': {
    label: 'Lambda function',
    list: ['lambda:ListFunctions', 'lambda:ListTags'],
    write: ['lambda:TagResource', 'lambda:UntagResource'],
  },
  'ecs:cluster': {
    label: 'ECS cluster',
    list: ['ecs:ListClusters', 'ecs:DescribeClusters'],
    write: ['ecs:TagResource', 'ecs:UntagResource'],
  },
  'ecs:service': {
    label: 'ECS service',
    list: ['ecs:ListServices', 'ecs:DescribeServices'],
    write: ['ecs:TagResource', 'ecs:UntagResource'],
  },
  'opensearch:domain': {
    label: 'OpenSearch domain',
    list: ['es:ListDomainNames', 'es:DescribeDomains', 'es:ListTags'],
    write: ['es:AddTags', 'es:RemoveTags'],
  },
} as const satisfies Record<string, ResourceTypeContract>;

export type TaggableType = keyof typeof taggableTypes;
export const taggableTypeNames = Object.keys(taggableTypes) as [TaggableType, ...TaggableType[]];

const core = ['tag:GetResources', 'sts:GetCallerIdentity', 'sts:AssumeRole'] as const;
const coreWrite = ['tag:TagResources', 'tag:UntagResources'] as const;
const cost = ['ce:GetCostAndUsage', 'ce:GetCostAndUsageWithResources'] as const;

type OfTypes = (typeof taggableTypes)[TaggableType];
/** An action that changes the estate. */
export type WriteAction = (typeof coreWrite)[number] | OfTypes['write'][number];
/** An action that some tool declares. */
export type ToolAction = (typeof core | typeof cost)[number] | OfTypes['list'][number] | WriteAction;

const read = Object.values(taggableTypes).flatMap((type): readonly ToolAction[] => type.list);
const write = [
  ...coreWrite,
  ...Object.values(taggableTypes).flatMap((type): readonly WriteAction[] => type.write),
] as const;
const actions = (...groups: readonly (readonly ToolAction[])[]): ToolNeeds => ({
  actions: [...new Set(groups.flat())].sort(),
});

/** Whether the action changes the estate. */
export const isWriteAction = (action: ToolAction): action is WriteAction =>
  (write as readonly ToolAction[]).includes(action);

/** Tools that belong to the pipeline itself and are served with every pack. They call no upstream of their own. */
export const coreTools = {
  get_operation: actions(),
  list_pending_operations: actions(),
  confirm_operation: actions(),
  rollback_operation: actions(),
  get_audit_log: actions(),
} as const satisfies Record<string, ToolNeeds>;

export const packs = {
  tagging: {
    description: 'Tag compliance, and tag changes in bulk, over the accounts of an AWS organization.',
    tools: {
      check_tag_compliance: actions(core, read, cost),
      find_untagged_resources: actions(core, read, cost),
      get_tagging_policy: actions(),
      preview_bulk_tagging: actions(core, read, cost),
      bulk_tag_resources: actions(core, read, write),
      approve_bulk_tagging_request: actions(core, read, write),
    },
    /** Hosts the pack calls besides AWS. */
    egress: [],
    /** Environment variables only this pack reads. */
    environment: [
      'ESTATE',
      'TAG_POLICY_FILE',
      'ESTATE_ACCOUNTS',
      'ESTATE_REGIONS',
      'CROSS_ACCOUNT_ROLE_NAME',
      'CROSS_ACCOUNT_EXTERNAL_ID',
    ],
    /** Secrets only this pack reads. */
    secrets: [],
    /** Queues the pack's long work goes through. */
    queues: [],
  },
} as const satisfies Record<
  string,
  {
    description: string;
    tools: Readonly<Record<string, ToolNeeds>>;
    egress: readonly string[];
    environment: readonly string[];
    secrets: readonly string[];
    queues: readonly string[];
  }
>;

export type PackName = keyof typeof packs;
export const packNames = Object.keys(packs) as PackName[];
/** Every tool name the contract knows. A tool that is not declared here does not compile. */
export type ToolName = keyof typeof coreTools | { [P in PackName]: keyof (typeof packs)[P]['tools'] }[PackName];
