/** Whether a plan that was reviewed may still be applied. Each check has its own sentence; there is no silent re-plan. */
import { hashOfFile, hashOfFolder } from './hashes.ts';
import { type PlanManifest, planFile } from './manifest.ts';
import { stateVersion } from './plans.ts';
import { OperatorProblem } from './problem.ts';
import type { Terraform } from './terraform.ts';
import type { Workspace } from './workspace.ts';

export const MAX_AGE_DAYS = 7;

export interface Now {
  readonly time: Date;
  readonly commit: string | undefined;
  /** Hash of what settings and code synthesize to now. */
  readonly sources: string;
  readonly terraform: string;
}

const DAY = 24 * 60 * 60 * 1000;

interface Check {
  readonly name: string;
  /** What is wrong, or undefined. */
  readonly problem: (manifest: PlanManifest, workspace: Workspace, now: Now) => string | undefined;
}

/** Which load balancers exist at a time, in words. */
const partOf = (asleep: readonly string[]): string =>
  asleep.length === 0 ? 'a time with load balancers' : `a time without a load balancer in ${asleep.join(', ')}`;

/** Checks that need neither terraform nor AWS. */
export const manifestChecks: readonly Check[] = [
  {
    name: 'made to deploy',
    problem: ({ target, destroy }, workspace) => {
      if (target === 'offline') return 'was made offline, against nothing';
      if (target !== workspace.target.kind)
        return `was made for another target: ${target}, not ${workspace.target.kind}`;
      return destroy ? 'would destroy the environment' : undefined;
    },
  },
  {
    name: 'same environment',
    problem: ({ environment, account }, workspace) =>
      environment === workspace.environment && account === workspace.settings.account_id
        ? undefined
        : `is of ${environment} in account ${account}`,
  },
  {
    name: 'not expired',
    problem: ({ createdAt }, _, { time }) => {
      const days = (time.getTime() - Date.parse(createdAt)) / DAY;
      return days > MAX_AGE_DAYS ? `is ${Math.floor(days)} days old, and expires after ${MAX_AGE_DAYS}` : undefined;
    },
  },
  {
    name: 'same commit',
    problem: ({ commit }, _, now) =>
      commit === undefined || now.commit === undefined || commit === now.commit
        ? undefined
        : `was made at commit ${commit.slice(0, 12)}, and this is ${now.commit.slice(0, 12)}`,
  },
  {
    name: 'same part of the week',
    problem: ({ asleep: then }, { asleep: now = [] }) =>
      then.join() === now.join() ? undefined : `was made for ${partOf(then)}, and this is ${partOf(now)}`,
  },
  {
    name: 'same settings and code',
    problem: ({ sources }, _, now) =>
      sources === now.sources ? undefined : 'was made from other settings or code than stand here now',
  },
  {
    name: 'same terraform',
    problem: ({ terraform }, _, now) =>
      terraform === now.terraform ? undefined : `was made by terraform ${terraform}, and this is ${now.terraform}`,
  },
];

const refuse = (environment: string, what: string): never => {
  throw new OperatorProblem(
    `The plan of ${environment} ${what}. Nothing was applied. Plan and review again: npm run plan -- --environment ${environment}`,
  );
};

/** @throws OperatorProblem for the first check that fails */
export const verifyManifest = (manifest: PlanManifest, workspace: Workspace, now: Now): void => {
  for (const { problem } of manifestChecks) {
    const found = problem(manifest, workspace, now);
    if (found !== undefined) refuse(workspace.environment, found);
  }
};

/** Files are those that were reviewed. @throws OperatorProblem */
export const verifyFiles = async (manifest: PlanManifest, workspace: Workspace): Promise<void> => {
  for (const { name, plan } of manifest.stacks) {
    const stack = workspace.stacks.find((each) => each.name === name);
    if (plan === undefined) continue;
    const actual = await hashOfFile(planFile(workspace.out, name)).catch(() => undefined);
    if (actual === undefined) refuse(workspace.environment, `lacks the file of ${name}`);
    if (actual !== plan.sha256)
      refuse(workspace.environment, `is not what was reviewed: the file of ${name} has changed`);
    const folder = stack === undefined ? undefined : await hashOfFolder(stack.folder).catch(() => undefined);
    if (folder !== plan.folder)
      refuse(workspace.environment, `is not what was reviewed: the folder of ${name} has changed since`);
  }
};

/** No state has moved since, in any stack, before the first is applied. @throws OperatorProblem */
export const verifyStates = async (
  manifest: PlanManifest,
  workspace: Workspace,
  terraform: Terraform,
): Promise<void> => {
  for (const { name, plan } of manifest.stacks) {
    const stack = workspace.stacks.find((each) => each.name === name);
    if (plan === undefined || stack === undefined) continue;
    const { lineage, serial } = await stateVersion(terraform, stack);
    if (lineage !== plan.state.lineage || serial !== plan.state.serial)
      refuse(workspace.environment, `is stale: the state of ${name} has changed since`);
  }
};
