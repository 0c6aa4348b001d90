/** The role of the running service: exactly what the enabled packs declare and what its state takes. */
import type { Construct } from 'constructs';
import { AssumableRole } from './role.ts';
import { service } from './statement.ts';
import { type TaskGrants, taskStatements } from './task-statements.ts';

export interface TaskRoleProps extends TaskGrants {
  readonly name: string;
  readonly accountId: string;
}

export class TaskRole extends AssumableRole {
  constructor(scope: Construct, id: string, { name, accountId, ...grants }: TaskRoleProps) {
    super(scope, id, {
      name,
      description: 'What the running service may do: its tools, its state, nothing else',
      trust: [service('ecs-tasks.amazonaws.com', accountId)],
      statements: taskStatements(grants),
    });
  }
}
