/** A role and what it may do: one policy inside it, and policies of their own for what does not fit there. */
import { IamRole } from '@cdktf/provider-aws/lib/iam-role/index.js';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy/index.js';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { AttachedPolicy } from './attached-policy.ts';
import { isLong, pieces } from './long.ts';
import { policyDocument, type Statement, type Trust, trustDocument } from './statement.ts';

export interface RoleProps {
  /** Unique in the account, whatever the region. */
  readonly name: string;
  readonly description: string;
  readonly trust: readonly Trust[];
  /** Without any, the role may do nothing. */
  readonly statements: readonly Statement[];
  /** Longest session. Default: an hour. */
  readonly sessionSeconds?: number;
}

export class AssumableRole extends Construct {
  readonly name: string;
  readonly arn: string;
  /** The name, once the role exists. */
  readonly id: string;
  /** What must wait until the role may do what it may; undefined for a role that may do nothing. */
  readonly ready: ITerraformDependable | undefined;

  constructor(scope: Construct, id: string, props: RoleProps) {
    super(scope, id);
    const { name, description, trust, statements, sessionSeconds = 3600 } = props;
    const role = new IamRole(this, 'role', {
      name,
      description,
      assumeRolePolicy: trustDocument(this, 'trust', trust).json,
      maxSessionDuration: sessionSeconds,
    });
    this.name = name;
    this.arn = role.arn;
    this.id = role.id;
    const granted = statements.filter(({ resources }) => resources.length > 0);
    const inside = granted.filter((statement) => !isLong(statement));
    const attached = granted.filter(isLong).flatMap((statement) =>
      pieces(statement).map(
        (piece, index) =>
          new AttachedPolicy(this, `${statement.sid}-${index + 1}`, {
            roleName: name,
            roleId: role.id,
            statement: piece,
          }),
      ),
    );
    if (inside.length === 0) return;
    const policy = new IamRolePolicy(this, 'policy', {
      name: 'permissions',
      role: role.id,
      policy: policyDocument(this, 'permissions', inside).json,
    });
    // A statement that grew too long for the role leaves it only once it is attached: at no time is the role without it.
    policy.node.addDependency(...attached);
    this.ready = policy;
  }
}
