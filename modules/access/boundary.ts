/** The most that any role of the environment can ever do, whatever its own policy says. */
import { IamPolicy } from '@cdktf/provider-aws/lib/iam-policy/index.js';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role/index.js';
import type { IAspect } from 'cdktf';
import { Construct, type IConstruct } from 'constructs';
import { policyDocument } from '../roles/statement.ts';

export interface BoundaryProps {
  readonly name: string;
  readonly accountId: string;
  /** Starts of the names of what the environment keeps. */
  readonly names: { readonly buckets: string; readonly secrets: string; readonly tables: string };
  /** Roles of other accounts that may be assumed. */
  readonly assumedRoles: readonly string[];
  /** Actions that the tools of the enabled packs declare. */
  readonly toolActions: readonly string[];
}

/** Nothing here reads another system's data, starts a program or touches IAM. */
const anywhere = [
  'backup-storage:*',
  'backup:*',
  'ce:Get*',
  'cloudwatch:PutMetricData',
  'cognito-idp:AdminGetUser',
  'cognito-idp:AdminListGroupsForUser',
  'cognito-idp:ListUsers*',
  'ec2:*NetworkInterface*',
  'ec2:*PrivateIpAddresses',
  'ec2:CreateTags',
  'ec2:DeleteTags',
  'ec2:Describe*',
  'ecr:BatchCheckLayerAvailability',
  'ecr:BatchGetImage',
  'ecr:Get*',
  'ecs:Describe*',
  'ecs:List*',
  'ecs:TagResource',
  'ecs:UntagResource',
  'es:AddTags',
  'es:Describe*',
  'es:List*',
  'es:RemoveTags',
  'firehose:PutRecord*',
  'kms:CreateGrant',
  'kms:Decrypt',
  'kms:DescribeKey',
  'kms:Encrypt',
  'kms:GenerateDataKey*',
  'kms:ReEncrypt*',
  'lambda:List*',
  'lambda:TagResource',
  'lambda:UntagResource',
  'logs:*',
  'rds:*',
  's3:*BucketTagging',
  's3:GetBucketLocation',
  's3:ListAllMyBuckets',
  's3:TagResource',
  's3:UntagResource',
  'ses:SendEmail',
  'sns:Publish',
  'sqs:*Message*',
  'sqs:GetQueue*',
  'ssm:UpdateInstanceInformation',
  'ssmmessages:*',
  'sts:GetCallerIdentity',
  'tag:*',
  'xray:Put*',
] as const;

const includes = (pattern: string, action: string): boolean =>
  new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(action);

/** What stands above includes most of what tools declare; the rest is named. Roles to assume are a statement of their own. */
const withTools = (actions: readonly string[]): readonly string[] => {
  const further = actions.filter(
    (action) => action !== 'sts:AssumeRole' && !anywhere.some((pattern) => includes(pattern, action)),
  );
  return [...new Set([...anywhere, ...further])].sort();
};

export const boundaryArn = (accountId: string, name: string): string => `arn:aws:iam::${accountId}:policy/${name}`;

export class Boundary extends Construct {
  constructor(scope: Construct, id: string, { name, accountId, names, assumedRoles, toolActions }: BoundaryProps) {
    super(scope, id);
    const document = policyDocument(this, 'document', [
      { sid: 'BoundaryAnywhere', actions: withTools(toolActions), resources: ['*'] },
      {
        sid: 'BoundaryTables',
        actions: ['dynamodb:*'],
        resources: [`arn:aws:dynamodb:*:${accountId}:table/${names.tables}*`],
      },
      {
        sid: 'BoundaryObjects',
        actions: [
          's3:AbortMultipartUpload',
          's3:DeleteObject',
          's3:GetBucket*',
          's3:GetObject*',
          's3:ListBucket*',
          's3:PutObject*',
        ],
        resources: [`arn:aws:s3:::${names.buckets}*`],
      },
      {
        sid: 'BoundarySecrets',
        actions: ['secretsmanager:GetSecretValue'],
        // RDS names the secret of a database itself.
        resources: [
          `arn:aws:secretsmanager:*:${accountId}:secret:${names.secrets}/*`,
          `arn:aws:secretsmanager:*:${accountId}:secret:rds!*`,
        ],
      },
      ...(assumedRoles.length === 0
        ? []
        : [
            {
              sid: 'BoundaryAssume',
              actions: ['sts:AssumeRole'],
              resources: assumedRoles.map((role) => `arn:aws:iam::*:role/${role}`),
            },
          ]),
    ]);
    new IamPolicy(this, 'policy', {
      name,
      description: 'The most that any role of the environment can do',
      policy: document.json,
    });
  }
}

/** Puts every role of a stack within the boundary. */
export class BindRoles implements IAspect {
  readonly #arn: string;

  constructor(arn: string) {
    this.#arn = arn;
  }

  visit(node: IConstruct): void {
    if (node instanceof IamRole) node.permissionsBoundary = this.#arn;
  }
}
