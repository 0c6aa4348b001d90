/** A policy of its own that a role has attached: up to ten do not count against what fits inside the role. */
import { IamPolicy } from '@cdktf/provider-aws/lib/iam-policy/index.js';
import { IamRolePolicyAttachment } from '@cdktf/provider-aws/lib/iam-role-policy-attachment/index.js';
import { Construct } from 'constructs';
import { policyDocument, type Statement } from './statement.ts';

export interface AttachedPolicyProps {
  readonly roleName: string;
  readonly roleId: string;
  readonly statement: Statement;
}

export class AttachedPolicy extends Construct {
  constructor(scope: Construct, id: string, { roleName, roleId, statement }: AttachedPolicyProps) {
    super(scope, id);
    const policy = new IamPolicy(this, 'policy', {
      name: `${roleName}-${id}`,
      description: 'A part of what the role may do that does not fit inside it',
      policy: policyDocument(this, 'permissions', [statement]).json,
    });
    new IamRolePolicyAttachment(this, 'attachment', { role: roleId, policyArn: policy.arn });
  }
}
