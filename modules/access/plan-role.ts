/**
 * The role of plans: it reads how everything is set, and nothing that is kept in it but what a plan is made of: the
 * state, and the secrets of headers, whose values stand in the state too.
 */
import type { Construct } from 'constructs';
import { AssumableRole } from '../roles/role.ts';
import { bucketsSeen } from './buckets.ts';
import { workflows } from './github.ts';
import { dataActions, readActions } from './services.ts';
import { type StatePlace, stateStatements } from './state.ts';

export interface PlanRoleProps {
  readonly name: string;
  readonly accountId: string;
  /** owner/name. */
  readonly repository: string;
  /** Branch on which plans to apply, and nightly comparisons, are made. */
  readonly branch: string;
  readonly state: StatePlace;
  /** Start of the names of the environment's buckets. */
  readonly buckets: string;
  /** Names of the secrets whose values come into a plan as variables. */
  readonly secrets: readonly string[];
}

const GET_SECRET = 'secretsmanager:GetSecretValue';

export class PlanRole extends AssumableRole {
  constructor(scope: Construct, id: string, props: PlanRoleProps) {
    const { name, accountId, repository, branch, state, buckets, secrets } = props;
    super(scope, id, {
      name,
      description: `Plans of ${repository}: reads settings, no data`,
      trust: [workflows(accountId, repository, ['pull_request', `ref:refs/heads/${branch}`])],
      statements: [
        { sid: 'PlanRead', actions: readActions, resources: ['*'] },
        ...bucketsSeen(buckets),
        ...stateStatements(state, false),
        {
          sid: 'PlanSecrets',
          actions: [GET_SECRET],
          // Secrets Manager ends the ARN with a hyphen and six characters.
          resources: secrets.map((secret) => `arn:aws:secretsmanager:*:${accountId}:secret:${secret}-??????`),
        },
        // A denial of all secrets would outdo what is allowed here; no other is.
        {
          sid: 'DenyData',
          effect: 'Deny',
          actions: dataActions.filter((action) => action !== GET_SECRET),
          resources: ['*'],
        },
      ],
    });
  }
}
