/** The role ECS starts a task with: it pulls the image, opens the log and injects the secrets. */
import type { Construct } from 'constructs';
import { AssumableRole } from './role.ts';
import { imageStatements, logStatements } from './runtime.ts';
import { keyStatements, secretStatements } from './state.ts';
import { service } from './statement.ts';

export interface ExecutionRoleProps {
  readonly name: string;
  readonly accountId: string;
  readonly region: string;
  /** Images of all containers; those of other registries need no role. */
  readonly images: readonly string[];
  readonly logGroupArns: readonly string[];
  /** Secrets that the task definition names, and the key they are encrypted with. */
  readonly secretArns: readonly string[];
  readonly secretsKeyArn?: string | undefined;
}

export class ExecutionRole extends AssumableRole {
  constructor(scope: Construct, id: string, props: ExecutionRoleProps) {
    const { name, accountId, region, images, logGroupArns, secretArns, secretsKeyArn } = props;
    super(scope, id, {
      name,
      description: 'What starting a task takes: image, log and the secrets of its definition',
      trust: [service('ecs-tasks.amazonaws.com', accountId)],
      statements: [
        ...imageStatements(images),
        ...logStatements(logGroupArns),
        ...secretStatements('SecretsInject', secretArns),
        ...(secretsKeyArn === undefined || secretArns.length === 0
          ? []
          : keyStatements('KeySecrets', region, { keyArn: secretsKeyArn, services: ['secretsmanager'] })),
      ],
    });
  }
}
