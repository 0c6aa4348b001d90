/** The role of applies. It makes roles only within the boundary, and cannot change itself, the boundary or who may take it. */
import type { Construct } from 'constructs';
import { AssumableRole } from '../roles/role.ts';
import { equals, type Statement } from '../roles/statement.ts';
import { bucketsManaged } from './buckets.ts';
import { workflows } from './github.ts';
import { dataActions, manageActions, readActions } from './services.ts';
import { type StatePlace, stateStatements } from './state.ts';

export interface ApplyRoleProps {
  readonly name: string;
  readonly accountId: string;
  /** owner/name. */
  readonly repository: string;
  /** The GitHub environment whose approval an apply waits for. */
  readonly githubEnvironment: string;
  /** Another environment without an approval, whose jobs only make and remove the load balancers of weekends. Default: none. */
  readonly weekendEnvironment?: string | undefined;
  /** Names of secrets whose values come into the plans that jobs of weekends make themselves. Default: none. */
  readonly weekendSecrets?: readonly string[] | undefined;
  readonly state: StatePlace;
  /** Regions in which anything is made. */
  readonly regions: readonly string[];
  /** Starts of the names of the environment's roles and buckets, and of the role that hands log records over. */
  readonly names: { readonly roles: readonly string[]; readonly buckets: string; readonly logHand: string };
  readonly boundaryArn: string;
  /** What only an administrator may change: roles of the workflows, the boundary, the identity provider. */
  readonly accessArns: readonly string[];
}

/** Services that take a role the environment makes. */
const passedTo = [
  'apigateway',
  'backup',
  'cloudtrail',
  'cognito-identity',
  'ec2',
  'ecs-tasks',
  'firehose',
  'lambda',
  'logs',
  'monitoring.rds',
  'scheduler',
  'vpc-flow-logs',
].map((name) => `${name}.amazonaws.com`);

const rolesWithin = ({ accountId, names, boundaryArn }: ApplyRoleProps): Statement[] => {
  const roles = names.roles.map((name) => `arn:aws:iam::${accountId}:role/${name}*`);
  const profiles = names.roles.map((name) => `arn:aws:iam::${accountId}:instance-profile/${name}*`);
  return [
    {
      sid: 'RolesWithinBoundary',
      actions: [
        'iam:AttachRolePolicy',
        'iam:CreateRole',
        'iam:DeleteRolePolicy',
        'iam:DetachRolePolicy',
        'iam:PutRolePermissionsBoundary',
        'iam:PutRolePolicy',
      ],
      resources: roles,
      conditions: [equals('iam:PermissionsBoundary', boundaryArn)],
    },
    {
      sid: 'RolesKeep',
      actions: [
        'iam:AddRoleToInstanceProfile',
        'iam:CreateInstanceProfile',
        'iam:DeleteInstanceProfile',
        'iam:DeleteRole',
        'iam:RemoveRoleFromInstanceProfile',
        'iam:TagInstanceProfile',
        'iam:TagRole',
        'iam:UntagInstanceProfile',
        'iam:UntagRole',
        'iam:UpdateAssumeRolePolicy',
        'iam:UpdateRole',
        'iam:UpdateRoleDescription',
      ],
      resources: [...roles, ...profiles],
    },
    // What does not fit inside a role. DenyOwnAccess keeps the boundary, which is a policy too, as it is.
    {
      sid: 'PoliciesKeep',
      actions: [
        'iam:CreatePolicy',
        'iam:CreatePolicyVersion',
        'iam:DeletePolicy',
        'iam:DeletePolicyVersion',
        'iam:TagPolicy',
        'iam:UntagPolicy',
      ],
      resources: names.roles.map((name) => `arn:aws:iam::${accountId}:policy/${name}*`),
    },
    {
      sid: 'RolesPass',
      actions: ['iam:PassRole'],
      resources: roles,
      conditions: [equals('iam:PassedToService', ...passedTo)],
    },
    // CloudWatch Logs does not tell IAM that it is the one who takes the role of a subscription:
    // github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/1784
    {
      sid: 'RolesPassToLogs',
      actions: ['iam:PassRole'],
      resources: [`arn:aws:iam::${accountId}:role/${names.logHand}*`],
      conditions: [{ test: 'Null', variable: 'iam:PassedToService', values: ['true'] }],
    },
    // Roles of AWS itself, whose permissions nobody can change.
    {
      sid: 'RolesOfServices',
      actions: ['iam:CreateServiceLinkedRole'],
      resources: [`arn:aws:iam::${accountId}:role/aws-service-role/*`],
    },
  ];
};

const GET_SECRET = 'secretsmanager:GetSecretValue';

/** Whose values it plans with, it reads: they stand in the state too, which it writes. */
const dataDenied = ({ accountId, weekendSecrets = [] }: ApplyRoleProps): Statement[] => {
  if (weekendSecrets.length === 0) return [{ sid: 'DenyData', effect: 'Deny', actions: dataActions, resources: ['*'] }];
  // Secrets Manager ends the ARN with a hyphen and six characters.
  const values = weekendSecrets.map((secret) => `arn:aws:secretsmanager:*:${accountId}:secret:${secret}-??????`);
  return [
    {
      sid: 'DenyData',
      effect: 'Deny',
      actions: dataActions.filter((action) => action !== GET_SECRET),
      resources: ['*'],
    },
    {
      sid: 'DenyOtherSecrets',
      effect: 'Deny',
      actions: [GET_SECRET],
      resources: ['*'],
      conditions: [{ test: 'ArnNotLike', variable: 'aws:ResourceArn', values }],
    },
  ];
};

const denied = (props: ApplyRoleProps): Statement[] => [
  {
    sid: 'DenyOwnAccess',
    effect: 'Deny',
    actions: [
      'iam:Add*',
      'iam:Attach*',
      'iam:Create*',
      'iam:Delete*',
      'iam:Detach*',
      'iam:Put*',
      'iam:Remove*',
      'iam:Set*',
      'iam:Tag*',
      'iam:Untag*',
      'iam:Update*',
    ],
    resources: props.accessArns,
  },
  { sid: 'DenyUnbound', effect: 'Deny', actions: ['iam:DeleteRolePermissionsBoundary'], resources: ['*'] },
  ...dataDenied(props),
];

export class ApplyRole extends AssumableRole {
  constructor(scope: Construct, id: string, props: ApplyRoleProps) {
    const { name, accountId, repository, githubEnvironment, weekendEnvironment, state, regions, names } = props;
    const environments = [githubEnvironment, ...(weekendEnvironment === undefined ? [] : [weekendEnvironment])];
    super(scope, id, {
      name,
      description: `Applies of ${repository} in ${githubEnvironment}: only plans that were approved`,
      trust: [
        workflows(
          accountId,
          repository,
          environments.map((each) => `environment:${each}`),
        ),
      ],
      statements: [
        { sid: 'ApplyRead', actions: readActions, resources: ['*'] },
        // Global services answer as us-east-1.
        {
          sid: 'ApplyManage',
          actions: manageActions,
          resources: ['*'],
          conditions: [equals('aws:RequestedRegion', ...new Set([...regions, 'us-east-1']))],
        },
        ...bucketsManaged(names.buckets),
        ...stateStatements(state, true),
        ...rolesWithin(props),
        ...denied(props),
      ],
    });
  }
}
