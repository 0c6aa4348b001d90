/** Why a statement may have a wildcard, by its sid. A sid that no statement has any more fails a test. */
export const reasons: Readonly<Record<string, string>> = {
  LogGroupsOfAccount: 'A key policy speaks of its own key only; the encryption context narrows it to this account.',
  ServicesWithKey: 'A key policy speaks of its own key only.',
  AccountThroughIam: 'A key policy speaks of its own key only; without this statement nobody could administer it.',
  OwnAccounts:
    'The policy of a gateway endpoint grants nothing: it limits what roles were granted to buckets and tables of these accounts.',
  OwnPrincipals:
    'The policy of an interface endpoint grants nothing: it keeps out credentials of other accounts, with which data could leave.',
  AgentChannels:
    'The channels of Session Manager’s agent are no resources; who opens one is decided by the permissions of the person.',
  EstateReadEverywhere:
    'Listings of a whole account, tags and costs: IAM lets these actions name no resource, and finding what nobody tagged means asking about everything.',
  EstateWriteEverywhere:
    'The tagging API names no resource: each write needs the action of the resource’s own service too, which is narrowed to its kind; both are bound to the estate’s regions.',
  ImageToken: 'A token of ECR names no repository and opens nothing by itself.',
  MetricsWrite: 'Metrics are no resources: the statement is bound to its namespaces.',
  ShellChannels:
    'The channels of ECS Exec are no resources; who opens one is decided by ecs:ExecuteCommand of the person.',
  ShellLogGroups: 'The agent asks once whether the log group of its sessions is there; the action names no log group.',
  TracesWrite: 'X-Ray knows no resources for segments.',
  VpcInterfaces: 'Lambda makes interfaces that have no ARN yet; DenyVpcToCode keeps the function’s own code from them.',
  ApplyManage:
    'An apply makes and deletes what has no ARN before: it is bound to the environment’s regions; IAM, buckets and state are narrowed in statements of their own, data is denied.',
  ApplyRead: 'As PlanRead: an apply reads again what was planned.',
  BoundaryAnywhere: 'A boundary grants nothing: it limits what the policies of roles may grant, and those are narrow.',
  BoundaryObjects: 'A boundary grants nothing; this one ends at the environment’s own buckets.',
  BoundaryTables: 'A boundary grants nothing; this one ends at the environment’s own tables.',
  BucketsManage:
    'Every setting of a bucket is an action of its own, and the provider sets most; only the environment’s own buckets.',
  CutoverLook:
    'Rules, targets, counts, alarms and metrics: IAM lets most of these actions name no resource, and none tells values, messages or people.',
  PlanRead:
    'A plan compares every attribute of what exists, and each release of the provider reads more of them. No action here tells values, rows, messages or people, and DenyData keeps it so.',
};
