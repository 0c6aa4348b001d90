/** What an environment goes through on the stand-in: applied, looked at, planned again, destroyed. */
import { type Review, totals } from '../plan-review/review.ts';
import { reviewText } from '../plan-review/text.ts';
import { applyPlans, toApply } from '../platform/apply.ts';
import type { Host } from '../platform/command.ts';
import { paintOf } from '../platform/host.ts';
import { planStacks, reviewsOf } from '../platform/plans.ts';
import type { Terraform } from '../platform/terraform.ts';
import { openWorkspace, type Workspace } from '../platform/workspace.ts';
import type { Emulator } from './moto.ts';

export interface Life {
  readonly host: Host;
  readonly emulator: Emulator;
  readonly workspace: Workspace;
  readonly terraform: Terraform;
  /** Shows all that terraform says. */
  readonly verbose: boolean;
}

/** Plans and applies, layer after layer where one waits for another. Answers how many resources were made. */
export const applyAll = async ({ host, workspace, terraform, verbose }: Life): Promise<number> => {
  let left = workspace.stacks;
  let made = 0;
  while (left.length > 0) {
    const planned = await planStacks(host, workspace, terraform, { only: left });
    for (const { stack, changes } of reviewsOf(planned)) {
      made += changes.length;
      host.err(`${stack}: ${totals(changes)}`);
    }
    await applyPlans(host, terraform, workspace.out, toApply(planned), { show: verbose });
    const waiting = planned.filter(({ outcome }) => outcome === 'waits').map(({ stack }) => stack);
    if (waiting.length === left.length)
      throw new Error(`${waiting.map(({ name }) => name).join(', ')} never stop waiting`);
    left = waiting;
  }
  return made;
};

/** What a second plan would change: nothing, where all is well. */
export const planAgain = async ({ host, workspace, terraform }: Life): Promise<readonly Review[]> => {
  const changed = reviewsOf(await planStacks(host, workspace, terraform)).filter(({ changes }) => changes.length > 0);
  for (const review of changed) host.out(`\nA second plan changes ${reviewText(review, paintOf(host))}`);
  return changed;
};

/** As an operator would: what is protected is first deployed without its protection. */
export const destroyAll = async (life: Life): Promise<void> => {
  const { host, emulator, workspace, terraform, verbose } = life;
  if (workspace.settings.deletion_protection) {
    const { environment, out } = workspace;
    const target = { kind: 'emulator', url: emulator.url } as const;
    const changes = { deletion_protection: false };
    await applyAll({ ...life, workspace: await openWorkspace(host, { environment, out, target, changes }) });
  }
  const going = await planStacks(host, workspace, terraform, { destroy: true });
  await applyPlans(host, terraform, workspace.out, toApply(going), { show: verbose });
};
