/** The role of an instance that runs the service: what a task may do, its image and log, and Session Manager's agent. */
import { IamInstanceProfile } from '@cdktf/provider-aws/lib/iam-instance-profile/index.js';
import type { Construct } from 'constructs';
import { AssumableRole } from './role.ts';
import { agentStatements, imageStatements, logStatements } from './runtime.ts';
import { service } from './statement.ts';
import { type TaskGrants, taskStatements } from './task-statements.ts';

export interface InstanceRoleProps extends TaskGrants {
  readonly name: string;
  readonly images: readonly string[];
  readonly logGroupArns: readonly string[];
}

export class InstanceRole extends AssumableRole {
  /** What a launch template takes. */
  readonly profileName: string;

  constructor(scope: Construct, id: string, { name, images, logGroupArns, ...grants }: InstanceRoleProps) {
    super(scope, id, {
      name,
      description: 'What the running service and its instance may do: its tools, its state, its image and log',
      trust: [service('ec2.amazonaws.com')],
      statements: [
        ...taskStatements(grants),
        ...imageStatements(images),
        ...logStatements(logGroupArns),
        ...agentStatements,
      ],
    });
    this.profileName = new IamInstanceProfile(this, 'profile', { name, role: this.id }).name;
  }
}
