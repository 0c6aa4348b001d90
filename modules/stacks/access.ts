/**
 * Who may plan and apply an environment from GitHub: a stack of its own, which an administrator applies before the first
 * deployment. The roles in it cannot change it.
 */
import { type App, Aspects, type TerraformStack } from 'cdktf';
import { ApplyRole } from '../access/apply-role.ts';
import { BindRoles, Boundary, boundaryArn } from '../access/boundary.ts';
import { GithubProvider } from '../access/github.ts';
import { PlanRole } from '../access/plan-role.ts';
import { FailOnBreach } from '../policy/policies.ts';
import { secretOfVariable } from '../secrets/header-secret.ts';
import type { Deployment } from './deployment.ts';
import { EnvironmentStack } from './environment-stack.ts';
import { addProvider } from './provider.ts';
import { addState } from './state.ts';
import { TagEverything } from './tags.ts';

const arnOfBoundary = ({ settings, names }: Deployment): string =>
  boundaryArn(settings.account_id, names.with('boundary'));

/** Puts the roles of an environment within the boundary, where workflows may make roles. */
export const bindRoles = (stack: TerraformStack, deployment: Deployment): void => {
  if (deployment.settings.github_repository !== undefined)
    Aspects.of(stack).add(new BindRoles(arnOfBoundary(deployment)));
};

const regionsOf = ({ settings }: Deployment): string[] => [
  ...settings.regions,
  ...settings.table_replica_regions,
  ...(settings.backup_region === undefined ? [] : [settings.backup_region]),
];

/**
 * Adds the stack `<label>-access`; none without github_repository.
 * @param label the environment's, which is also the name of the GitHub environment that guards its applies
 */
export const addAccess = (app: App, label: string, deployment: Deployment): void => {
  const { settings, names, target, region } = deployment;
  const { github_repository: repository, account_id: accountId } = settings;
  if (repository === undefined) return;
  const stack = new EnvironmentStack(app, `${label}-access`);
  addProvider(stack, target, region, accountId);
  addState(stack, deployment, 'access');
  Aspects.of(stack).add(new TagEverything(settings, `${label}-access`));
  Aspects.of(stack).add(
    new FailOnBreach({
      prod: settings.kind === 'prod',
      controlReasons: settings.control_reasons,
      settled: { settings, place: deployment.place },
    }),
  );

  if (settings.github_oidc_provider) new GithubProvider(stack, 'github');
  new Boundary(stack, 'boundary', {
    name: names.with('boundary'),
    accountId,
    names: { buckets: names.with(''), secrets: settings.secret_prefix, tables: settings.table_prefix },
    crossAccountRoleName: settings.cross_account_role_name,
  });
  const state = { bucket: settings.state_bucket, prefix: `${settings.project_name}/${settings.environment}` };
  const [plan, apply] = [names.with('plan'), names.with('apply')];
  new PlanRole(stack, 'plan', {
    name: plan,
    accountId,
    repository,
    branch: settings.github_branch,
    state,
    buckets: names.with(''),
    secrets: Object.values(secretOfVariable).map(names.secret),
  });
  new ApplyRole(stack, 'apply', {
    name: apply,
    accountId,
    repository,
    githubEnvironment: label,
    state,
    regions: regionsOf(deployment),
    names: { roles: [names.with(''), names.of('task-role')], buckets: names.with(''), logHand: names.with('log-hand') },
    boundaryArn: arnOfBoundary(deployment),
    accessArns: [
      `arn:aws:iam::${accountId}:role/${plan}`,
      `arn:aws:iam::${accountId}:role/${apply}`,
      arnOfBoundary(deployment),
      `arn:aws:iam::${accountId}:oidc-provider/*`,
    ],
  });
};
