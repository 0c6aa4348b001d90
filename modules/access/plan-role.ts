/** The role of plans: it reads how everything is set, and nothing that is kept in it. */
import type { Construct } from 'constructs';
import { Role } from '../roles/role.ts';
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
}

export class PlanRole extends Role {
  constructor(scope: Construct, id: string, { name, accountId, repository, branch, state, buckets }: PlanRoleProps) {
    super(scope, id, {
      name,
      description: `Plans of ${repository}: reads settings, no data`,
      trust: [workflows(accountId, repository, ['pull_request', `ref:refs/heads/${branch}`])],
      statements: [
        { sid: 'PlanRead', actions: readActions, resources: ['*'] },
        ...bucketsSeen(buckets),
        ...stateStatements(state, false),
        { sid: 'DenyData', effect: 'Deny', actions: dataActions, resources: ['*'] },
      ],
    });
  }
}
