/**
 * Who may plan and apply an environment from GitHub: a stack of its own, which an administrator applies before the first
 * deployment. The roles in it cannot change it.
 */

import { type App, Aspects, type TerraformStack } from 'cdktf';
import { assumedBy, chosenIn, enabled } from '../../contracts/packs/index.ts';
import { cutoverOf } from '../../contracts/settings/cutover.ts';
import { ApplyRole } from '../access/apply-role.ts';
import { BindRoles, Boundary, boundaryArn } from '../access/boundary.ts';
import type { Moves } from '../access/cutover-moves.ts';
import { CutoverRole } from '../access/cutover-role.ts';
import { GithubProvider } from '../access/github.ts';
import { ImageRole, repositoriesIn } from '../access/image-role.ts';
import { PlanRole } from '../access/plan-role.ts';
import { FailOnBreach } from '../policy/policies.ts';
import { declaredActions } from '../roles/tools.ts';
import { secretOfVariable } from '../secrets/header-secret.ts';
import type { Deployment } from './deployment.ts';
import { EnvironmentStack } from './environment-stack.ts';
import { roleName } from './grants.ts';
import { previewsColours, verifiesOrigin } from './hosts.ts';
import { addProvider } from './provider.ts';
import { addState, cutoverKey, migrationKey } from './state.ts';
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
  ...[settings.backup_region, settings.db_copy_region].filter((region) => region !== undefined),
];

/** ARNs of the repositories of the account that the environment's images lie in. */
const ownRepositories = ({ settings, shape }: Deployment): readonly string[] =>
  shape.containers
    ? repositoriesIn(settings.account_id, [settings.container_image, settings.image_blue, settings.image_green])
    : [];

export type WorkflowRoles = Readonly<Partial<Record<'plan' | 'apply' | 'image' | 'cutover', string>>>;

/** What a cutover changes, as it is called. */
const movesOf = (deployment: Deployment): Moves => {
  const { settings, names } = deployment;
  // Blue has the plain name.
  const service = names.of('service');
  switch (settings.compute_mode) {
    case 'fargate':
      return {
        by: 'colours',
        cluster: names.of('cluster'),
        services: [service, `${service}-green`],
        loadBalancer: names.of('load-balancer'),
      };
    case 'lambda':
      return { by: 'versions', function: service };
    case 'ec2': {
      const tags = { Project: settings.project_name, Environment: settings.environment };
      const instanceRoles = settings.regions.map((region, index) =>
        roleName({ ...deployment, region, primary: index === 0 }, 'task-role'),
      );
      return { by: 'instances', group: service, instanceRoles, tags };
    }
  }
};

/** The secret that leads the smoke test to the new version. */
const smokeSecretOf = (deployment: Deployment): string | undefined => {
  const { names, settings } = deployment;
  if (settings.compute_mode === 'fargate') return names.secret(secretOfVariable.preview_values);
  if (settings.compute_mode === 'lambda' && verifiesOrigin(deployment))
    return names.secret(secretOfVariable.origin_verify_values);
  return undefined;
};

/** What each role of the environment's workflows is called; those it has no use for are left out. */
export const workflowRoles = (deployment: Deployment): WorkflowRoles => {
  const { settings, names } = deployment;
  if (settings.github_repository === undefined) return {};
  return {
    plan: names.with('plan'),
    apply: names.with('apply'),
    ...(ownRepositories(deployment).length > 0 && { image: names.with('image') }),
    ...(cutoverOf(settings) !== undefined && { cutover: names.with('cutover') }),
  };
};

/** The roles of everyday work: none of them may change a role. */
const addRoles = (stack: TerraformStack, label: string, deployment: Deployment, repository: string): void => {
  const { settings, names } = deployment;
  const { account_id: accountId, github_branch: branch, state_bucket: bucket } = settings;
  const roles = workflowRoles(deployment);
  const state = { bucket, prefix: `${settings.project_name}/${settings.environment}` };
  new PlanRole(stack, 'plan', {
    name: names.with('plan'),
    accountId,
    repository,
    branch,
    state,
    buckets: names.with(''),
    secrets: Object.values(secretOfVariable).map(names.secret),
  });
  if (roles.image !== undefined)
    new ImageRole(stack, 'image', {
      name: roles.image,
      accountId,
      repository,
      branch,
      repositories: ownRepositories(deployment),
    });
  if (roles.cutover !== undefined)
    new CutoverRole(stack, 'cutover', {
      name: roles.cutover,
      accountId,
      repository,
      // Without reviewers, for what was approved and is only waited for.
      githubEnvironments: [label, ...(settings.cutover_hold_hours === undefined ? [] : [`${label}-finish`])],
      records: {
        bucket,
        keys: settings.regions.map((region) => cutoverKey({ ...deployment, region })),
        // Only services on Fargate have a task of their own that migrates.
        looked:
          settings.compute_mode === 'fargate'
            ? settings.regions.map((region) => migrationKey({ ...deployment, region }))
            : [],
      },
      regions: settings.regions,
      moves: movesOf(deployment),
      smokeSecret: smokeSecretOf(deployment),
    });
  new ApplyRole(stack, 'apply', {
    name: names.with('apply'),
    accountId,
    repository,
    githubEnvironment: label,
    ...(settings.destroy_albs_when_scaled_down && {
      weekendEnvironment: `${label}-weekend`,
      weekendSecrets: previewsColours(deployment) ? [names.secret(secretOfVariable.preview_values)] : [],
    }),
    state,
    regions: regionsOf(deployment),
    names: { roles: [names.with(''), names.of('task-role')], buckets: names.with(''), logHand: names.with('log-hand') },
    boundaryArn: arnOfBoundary(deployment),
    accessArns: [
      ...Object.values(roles).map((name) => `arn:aws:iam::${accountId}:role/${name}`),
      arnOfBoundary(deployment),
      `arn:aws:iam::${accountId}:oidc-provider/*`,
    ],
  });
};

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
    assumedRoles: assumedBy(settings.tool_packs, settings).map(({ role }) => role),
    toolActions: enabled(settings.tool_packs).flatMap(([, contract]) =>
      declaredActions({ contract, chosen: chosenIn(contract, settings), settings }).map(({ action }) => action),
    ),
  });
  addRoles(stack, label, deployment, repository);
};
