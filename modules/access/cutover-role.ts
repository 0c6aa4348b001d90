/**
 * The role of cutovers: it moves the weights of one rule, warms and scales in the services behind it, and looks. It makes
 * nothing, starts no other version than Terraform has registered, and touches no role.
 */
import type { Construct } from 'constructs';
import { liveRule } from '../load-balancer/listeners.ts';
import { Role } from '../roles/role.ts';
import { equals, type Statement } from '../roles/statement.ts';
import { workflows } from './github.ts';

export interface CutoverRoleProps {
  readonly name: string;
  readonly accountId: string;
  /** owner/name. */
  readonly repository: string;
  /** The GitHub environment whose approval comes before traffic. */
  readonly githubEnvironment: string;
  /** Where the lock and record of each region's cutover is. */
  readonly records: { readonly bucket: string; readonly keys: readonly string[] };
  readonly regions: readonly string[];
  /** Names of what the colours run as. */
  readonly running: { readonly cluster: string; readonly services: readonly string[]; readonly loadBalancer: string };
  /** Name of the secret that opens the preview. */
  readonly previewSecret: string;
}

const moving = ({ accountId, regions, running }: CutoverRoleProps): Statement[] => [
  {
    sid: 'CutoverRule',
    actions: ['elasticloadbalancing:ModifyRule'],
    resources: regions.map(
      (region) => `arn:aws:elasticloadbalancing:${region}:${accountId}:listener-rule/app/${running.loadBalancer}/*`,
    ),
    // AWS makes the rule's id, so its tag says which of the listener's rules it is.
    conditions: [equals(`aws:ResourceTag/${liveRule.key}`, liveRule.value)],
  },
  {
    sid: 'CutoverServices',
    actions: ['ecs:UpdateService'],
    resources: regions.flatMap((region) =>
      running.services.map((service) => `arn:aws:ecs:${region}:${accountId}:service/${running.cluster}/${service}`),
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

const looking: readonly Statement[] = [
  {
    sid: 'CutoverLook',
    actions: [
      // Without a domain_name the address of the smoke test is the one that AWS gave.
      'apigateway:GET',
      'application-autoscaling:DescribeScalableTargets',
      'application-autoscaling:DescribeScheduledActions',
      'cloudfront:ListDistributions',
      'cloudwatch:DescribeAlarms',
      'cloudwatch:GetMetricData',
      'ecs:DescribeServices',
      'ecs:DescribeTaskDefinition',
      'ecs:DescribeTasks',
      'ecs:ListTasks',
      'elasticloadbalancing:DescribeListeners',
      'elasticloadbalancing:DescribeLoadBalancers',
      'elasticloadbalancing:DescribeRules',
      'elasticloadbalancing:DescribeTags',
      'elasticloadbalancing:DescribeTargetGroups',
      'elasticloadbalancing:DescribeTargetHealth',
    ],
    resources: ['*'],
  },
];

/** Its lock and record, which it never deletes. Who may not list a bucket is told 403 of an object that is not there. */
const recording = ({ bucket, keys }: CutoverRoleProps['records']): Statement[] => [
  {
    sid: 'CutoverRecord',
    actions: ['s3:GetObject', 's3:PutObject'],
    resources: keys.map((key) => `arn:aws:s3:::${bucket}/${key}`),
  },
  {
    sid: 'CutoverRecordList',
    actions: ['s3:ListBucket'],
    resources: [`arn:aws:s3:::${bucket}`],
    conditions: [{ test: 'StringEquals', variable: 's3:prefix', values: keys }],
  },
];

export class CutoverRole extends Role {
  constructor(scope: Construct, id: string, props: CutoverRoleProps) {
    const { name, accountId, repository, githubEnvironment, records, previewSecret } = props;
    super(scope, id, {
      name,
      description: `Cutovers of ${repository} in ${githubEnvironment}: weights and counts of two colours`,
      trust: [workflows(accountId, repository, [`environment:${githubEnvironment}`])],
      statements: [
        ...moving(props),
        ...looking,
        ...recording(records),
        {
          sid: 'CutoverPreview',
          actions: ['secretsmanager:GetSecretValue'],
          resources: [`arn:aws:secretsmanager:*:${accountId}:secret:${previewSecret}-??????`],
        },
      ],
    });
  }
}
