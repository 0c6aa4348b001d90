/** What a cutover may change, by how it moves traffic. Nothing here makes a version: it moves to what Terraform has made. */
import { liveRule } from '../load-balancer/listeners.ts';
import { equals, type Statement } from '../roles/statement.ts';

/** How traffic is moved, with the names of what that changes. */
export type Moves =
  | {
      readonly by: 'colours';
      readonly cluster: string;
      readonly services: readonly string[];
      readonly loadBalancer: string;
    }
  | { readonly by: 'versions'; readonly function: string }
  | {
      readonly by: 'instances';
      readonly group: string;
      /** Names of the roles that its instances have, one per region. */
      readonly instanceRoles: readonly string[];
      /** Tags of its launch template, subnets and security groups. */
      readonly tags: Readonly<Record<string, string>>;
    };

export interface Place {
  readonly accountId: string;
  readonly regions: readonly string[];
}

const colours = ({ accountId, regions }: Place, moves: Extract<Moves, { by: 'colours' }>): Statement[] => [
  {
    sid: 'CutoverRule',
    actions: ['elasticloadbalancing:ModifyRule'],
    resources: regions.map(
      (region) => `arn:aws:elasticloadbalancing:${region}:${accountId}:listener-rule/app/${moves.loadBalancer}/*`,
    ),
    // AWS makes the rule's id, so its tag says which of the listener's rules it is.
    conditions: [equals(`aws:ResourceTag/${liveRule.key}`, liveRule.value)],
  },
  {
    sid: 'CutoverServices',
    actions: ['ecs:UpdateService'],
    resources: regions.flatMap((region) =>
      moves.services.map((service) => `arn:aws:ecs:${region}:${accountId}:service/${moves.cluster}/${service}`),
    ),
  },
  {
    sid: 'CutoverScaling',
    actions: ['application-autoscaling:PutScheduledAction', 'application-autoscaling:RegisterScalableTarget'],
    resources: regions.map((region) => `arn:aws:application-autoscaling:${region}:${accountId}:scalable-target/*`),
    conditions: [
      equals('application-autoscaling:service-namespace', 'ecs'),
      equals('application-autoscaling:scalable-dimension', 'ecs:service:DesiredCount'),
    ],
  },
];

/** With the smoke test, which calls the new version by its number. */
const versions = ({ accountId, regions }: Place, moves: Extract<Moves, { by: 'versions' }>): Statement[] => {
  const functions = regions.map((region) => `arn:aws:lambda:${region}:${accountId}:function:${moves.function}`);
  return [
    {
      sid: 'CutoverAlias',
      actions: [
        'lambda:DeleteProvisionedConcurrencyConfig',
        'lambda:GetAlias',
        'lambda:GetFunctionConcurrency',
        'lambda:GetFunctionConfiguration',
        'lambda:GetProvisionedConcurrencyConfig',
        'lambda:InvokeFunction',
        'lambda:ListVersionsByFunction',
        'lambda:PutProvisionedConcurrencyConfig',
        'lambda:UpdateAlias',
      ],
      // Of an alias or a version IAM asks with the qualifier behind the name.
      resources: functions.flatMap((arn) => [arn, `${arn}:*`]),
    },
  ];
};

/**
 * A refresh to a version of a launch template is checked as a change of the group is: whoever asks must be allowed to run
 * instances of that template, to tag them as it says, and to pass the role in it. So no instances of anything else, in no
 * other network, and no other role.
 * https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-launch-template-permissions.html
 * https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-api-permissions.html
 * Kinds and condition keys of RunInstances: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html
 */
const instances = ({ accountId, regions }: Place, moves: Extract<Moves, { by: 'instances' }>): Statement[] => {
  const ec2 = (region: string, kind: string): string =>
    `arn:aws:ec2:${region}:${kind === 'image' ? '' : accountId}:${kind}/*`;
  const each = (...kinds: readonly string[]) => regions.flatMap((region) => kinds.map((kind) => ec2(region, kind)));
  const templates = each('launch-template');
  const own = Object.entries(moves.tags).map(([tag, value]) => equals(`aws:ResourceTag/${tag}`, value));
  // Without these two, RunInstances could be called with another image, start-up script and size.
  const fromTemplate = [
    { test: 'ArnEquals', variable: 'ec2:LaunchTemplate', values: templates },
    { test: 'Bool', variable: 'ec2:IsLaunchTemplateResource', values: ['true'] },
  ];
  return [
    {
      sid: 'CutoverInstances',
      actions: [
        'autoscaling:CancelInstanceRefresh',
        'autoscaling:RollbackInstanceRefresh',
        'autoscaling:StartInstanceRefresh',
      ],
      // AWS puts an id of its own before the name.
      resources: regions.map(
        (region) => `arn:aws:autoscaling:${region}:${accountId}:autoScalingGroup:*:autoScalingGroupName/${moves.group}`,
      ),
    },
    {
      sid: 'CutoverTemplate',
      actions: ['ec2:RunInstances'],
      resources: templates,
      conditions: own,
    },
    {
      sid: 'CutoverLaunch',
      actions: ['ec2:RunInstances'],
      resources: each('image', 'instance', 'network-interface', 'volume'),
      conditions: fromTemplate,
    },
    {
      sid: 'CutoverNetwork',
      actions: ['ec2:RunInstances'],
      resources: each('security-group', 'subnet'),
      conditions: [...fromTemplate, ...own],
    },
    {
      sid: 'CutoverLaunchTags',
      actions: ['ec2:CreateTags'],
      resources: each('instance', 'volume'),
      conditions: [equals('ec2:CreateAction', 'RunInstances')],
    },
    {
      sid: 'CutoverInstanceRole',
      actions: ['iam:PassRole'],
      resources: moves.instanceRoles.map((role) => `arn:aws:iam::${accountId}:role/${role}`),
      conditions: [equals('iam:PassedToService', 'ec2.amazonaws.com')],
    },
  ];
};

/** What is changed. */
export const moving = (place: Place, moves: Moves): Statement[] => {
  switch (moves.by) {
    case 'colours':
      return colours(place, moves);
    case 'versions':
      return versions(place, moves);
    case 'instances':
      return instances(place, moves);
  }
};

const watched = ['cloudwatch:DescribeAlarms', 'cloudwatch:GetMetricData', 'cloudwatch:ListTagsForResource'];

/** What finds the address, which without a domain_name is the one that AWS gave, and whether maintenance is on. */
const address = [
  'apigateway:GET',
  'cloudfront:ListDistributions',
  'elasticloadbalancing:DescribeListeners',
  'elasticloadbalancing:DescribeLoadBalancers',
  'elasticloadbalancing:DescribeRules',
  'elasticloadbalancing:DescribeTags',
  'elasticloadbalancing:DescribeTargetGroups',
];

const looked: Readonly<Record<Moves['by'], readonly string[]>> = {
  colours: [
    ...watched,
    ...address,
    'application-autoscaling:DescribeScalableTargets',
    'application-autoscaling:DescribeScheduledActions',
    'ecs:DescribeServices',
    'ecs:DescribeTaskDefinition',
    'ecs:DescribeTasks',
    'ecs:ListTasks',
    'elasticloadbalancing:DescribeTargetHealth',
  ],
  versions: watched,
  instances: [
    ...watched,
    ...address,
    'autoscaling:DescribeAutoScalingGroups',
    'autoscaling:DescribeInstanceRefreshes',
    'ec2:DescribeLaunchTemplateVersions',
  ],
};

/** What is read besides. */
export const looking = ({ by }: Moves): Statement => ({
  sid: 'CutoverLook',
  actions: looked[by].toSorted(),
  resources: ['*'],
});
