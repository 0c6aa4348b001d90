/** Makes the load balancers what they should be at this time, and touches nothing else. */

import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Review } from '../../plan-review/review.ts';
import { reviewText } from '../../plan-review/text.ts';
import { applyPlans, toApply } from '../../platform/apply.ts';
import type { Host } from '../../platform/command.ts';
import { nowOf, paintOf } from '../../platform/host.ts';
import { planFile } from '../../platform/manifest.ts';
import { type Planned, planStacks, reviewsOf } from '../../platform/plans.ts';
import { OperatorProblem } from '../../platform/problem.ts';
import { scratchFolder } from '../../platform/scratch.ts';
import { openTerraform, type Terraform } from '../../platform/terraform.ts';
import { terraformVariables } from '../../platform/variables.ts';
import { openWorkspace, type Stack, type Workspace } from '../../platform/workspace.ts';
import { dependentsOf } from './dependents.ts';

export interface BringOptions {
  readonly environment: string;
  readonly region: string | undefined;
  /** Plans and shows, and applies nothing. */
  readonly dryRun: boolean;
  readonly verbose: boolean | undefined;
  /** Refuses while nothing has changed yet. @throws OperatorProblem */
  readonly agree: (reviews: readonly Review[]) => Promise<void>;
}

export interface Brought {
  readonly outcome: 'unchanged' | 'planned' | 'applied';
  readonly reviews: readonly Review[];
}

type Dependents = Awaited<ReturnType<typeof dependentsOf>>;

/** What depends on the load balancers, found by synthesizing with all of them and with none. */
const findDependents = async (host: Host, workspace: Workspace, folder: string): Promise<Dependents> => {
  const { environment, asleep = [] } = workspace;
  const on = asleep.length === 0 ? workspace : await openWorkspace(host, { environment, out: join(folder, 'on') });
  const changes = { alb_enabled: false };
  return dependentsOf(on, await openWorkspace(host, { environment, out: join(folder, 'off'), changes }));
};

/** Addresses of all that would change although it does not depend on a load balancer. */
const othersIn = (planned: readonly Planned[], dependents: Dependents): readonly string[] =>
  reviewsOf(planned).flatMap(({ stack, changes }) =>
    changes.filter(({ address }) => dependents.get(stack)?.includes(address) !== true).map(({ address }) => address),
  );

/**
 * Plans whole stacks, so that outputs follow. Where something else would change too, which nobody has approved at this
 * hour, terraform is given the addresses that depend on the load balancers, and nothing more.
 * @throws OperatorProblem where even that would change something else
 */
const planOnly = async (
  host: Host,
  workspace: Workspace,
  terraform: Terraform,
  dependents: Dependents,
  only: readonly Stack[],
): Promise<readonly Planned[]> => {
  const whole = await planStacks(host, workspace, terraform, { only });
  const others = othersIn(whole, dependents);
  if (others.length === 0) return whole;
  host.err(`Left alone, because only a deployment may change it: ${others.join(', ')}`);
  const targets = ({ name }: Stack) => dependents.get(name) ?? [];
  const part = await planStacks(host, workspace, terraform, { only, targets });
  const needed = othersIn(part, dependents);
  if (needed.length === 0) return part;
  throw new OperatorProblem(
    `The load balancers need a change of ${needed.join(', ')}. Nothing was applied. Plan, review and deploy that first, then run this again.`,
  );
};

const bringIn = async (
  host: Host,
  workspace: Workspace,
  terraform: Terraform,
  dependents: Dependents,
  { dryRun, agree }: BringOptions,
): Promise<Brought> => {
  let left = workspace.stacks.filter(({ name }) => (dependents.get(name) ?? []).length > 0);
  const applied: Review[] = [];
  while (left.length > 0) {
    const planned = await planOnly(host, workspace, terraform, dependents, left);
    const reviews = reviewsOf(planned).filter(({ changes }) => changes.length > 0);
    for (const review of reviews) host.out(`\n${reviewText(review, paintOf(host))}`);
    const changing = toApply(planned);
    const waiting = planned.filter(({ outcome }) => outcome === 'waits').map(({ stack }) => stack);
    applied.push(...reviews);
    if (dryRun) return { outcome: changing.length + waiting.length > 0 ? 'planned' : 'unchanged', reviews: applied };
    if (changing.length === 0 && waiting.length > 0)
      throw new OperatorProblem(
        `${waiting.map(({ name }) => name).join(', ')} wait, and nothing is left to apply first.`,
      );
    if (reviews.length > 0) await agree(reviews);
    await applyPlans(host, terraform, workspace.out, changing);
    for (const { name } of changing) await rm(planFile(workspace.out, name), { force: true });
    left = waiting;
  }
  return { outcome: applied.length > 0 ? 'applied' : 'unchanged', reviews: applied };
};

/** @throws OperatorProblem */
export const bring = async (host: Host, options: BringOptions): Promise<Brought> => {
  const { environment, region } = options;
  // Apart from cdktf.out, where a reviewed plan may wait to be applied.
  const folder = await scratchFolder('weekend');
  try {
    const workspace = await openWorkspace(host, { environment, region, out: join(folder, 'now'), at: nowOf(host) });
    const dependents = await findDependents(host, workspace, folder);
    const variables = await terraformVariables(workspace);
    const terraform = await openTerraform(host, workspace, { verbose: options.verbose, variables });
    return await bringIn(host, workspace, terraform, dependents, options);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};
