/** `npm run deploy -- --environment staging`: applies exactly the plan that was reviewed, or plans, shows and asks. */

import { rm } from 'node:fs/promises';
import { adoption, reachesTarget } from './operate/adopt/adopt.ts';
import { refuseBesideCutover } from './operate/cutover/beside.ts';
import { callingAws, openOperated } from './operate/operated.ts';
import { restoreSecrets } from './operate/secrets/scheduled.ts';
import { refuseFirstBetweenWeekends } from './operate/weekend/first.ts';
import { PlanJson } from './plan-review/plan-json.ts';
import { type Review, reviewOf } from './plan-review/review.ts';
import { reviewText } from './plan-review/text.ts';
import { applyPlans, toApply } from './platform/apply.ts';
import { defineCommand, type Host, type Running, runAsProgram } from './platform/command.ts';
import { confirm } from './platform/confirm.ts';
import { exitCodes } from './platform/exit-codes.ts';
import { hashOfSources } from './platform/hashes.ts';
import { during, nowOf, paintOf } from './platform/host.ts';
import { checkAccount } from './platform/identity.ts';
import { commitOf, type PlanManifest, planFile, readManifest, retire } from './platform/manifest.ts';
import { environment, json, out, region, verbose } from './platform/options.ts';
import { initStack, planStacks, reviewsOf } from './platform/plans.ts';
import { scratchFolder } from './platform/scratch.ts';
import { openTerraform, type Terraform } from './platform/terraform.ts';
import { terraformVariables } from './platform/variables.ts';
import { verifyFiles, verifyManifest, verifyStates } from './platform/verify.ts';
import { openWorkspace, outFolder, relocate, type Stack, type Workspace } from './platform/workspace.ts';

interface Wanted {
  readonly region: string | undefined;
  readonly yes: boolean | undefined;
  readonly allowStatefulDestroy: boolean | undefined;
  readonly dryRun: boolean | undefined;
  readonly verbose: boolean | undefined;
}

/** What became of it. */
interface Ended {
  readonly code: number;
  /** planned: with --dry-run, something would change. waiting: applied, and other layers waited for that. stuck: nothing is left to apply first. */
  readonly outcome: 'deployed' | 'unchanged' | 'planned' | 'waiting' | 'stuck';
  readonly reviews: readonly Review[];
  readonly waiting: readonly string[];
}

const ended = (outcome: Ended['outcome'], reviews: readonly Review[], waiting: readonly string[] = []): Ended => {
  const code =
    outcome === 'stuck'
      ? exitCodes.failed
      : outcome === 'waiting' || outcome === 'planned'
        ? exitCodes.attention
        : exitCodes.done;
  return { code, outcome, reviews, waiting };
};

/** What the plan file itself says, not what was written down beside it. */
const reviewAgain = async (terraform: Terraform, out: string, stack: Stack) => {
  const { stdout } = await terraform.run(stack, ['show', '-json', planFile(out, stack.name)], { show: false });
  return reviewOf(stack.name, PlanJson.parse(JSON.parse(stdout)));
};

const applyReviewed = async (
  host: Host,
  workspace: Workspace,
  manifest: PlanManifest,
  wanted: Wanted,
): Promise<Ended> => {
  const terraform = await openTerraform(host, workspace, { verbose: wanted.verbose });
  await verifyFiles(manifest, workspace);
  const planned = manifest.stacks.filter(({ plan }) => plan !== undefined).map(({ name }) => name);
  const stacks = workspace.stacks.filter(({ name }) => planned.includes(name));
  await during(host, 'Holding the plan against the states', async () => {
    for (const stack of stacks) await initStack(terraform, stack, undefined, true);
    await verifyStates(manifest, workspace, terraform);
  });
  const changing = stacks.filter(
    ({ name }) => manifest.stacks.find((each) => each.name === name)?.outcome === 'changes',
  );
  const reviews = await during(host, 'Reading the plan again', () =>
    Promise.all(changing.map((stack) => reviewAgain(terraform, workspace.out, stack))),
  );
  for (const review of reviews) host.out(`\n${reviewText(review, paintOf(host))}`);
  if (wanted.dryRun === true) return ended(changing.length > 0 ? 'planned' : 'unchanged', reviews);
  if (changing.length > 0) {
    await confirm(host, workspace.environment, reviews, wanted);
    await applyPlans(host, terraform, workspace.out, changing);
  }
  await retire(workspace, wanted.region, stacks);
  const waiting = manifest.stacks.filter(({ outcome }) => outcome === 'waits').map(({ name }) => name);
  if (waiting.length === 0) {
    host.out(
      changing.length > 0 ? `${workspace.environment} is deployed.` : `${workspace.environment} needs no change.`,
    );
    return ended(changing.length > 0 ? 'deployed' : 'unchanged', reviews);
  }
  host.out(`Applied. ${waiting.join(', ')} waited for this: plan and review them now.`);
  return ended('waiting', reviews, waiting);
};

/** Without a reviewed plan: plans, shows and asks, layer after layer where one waits for another. */
const planAndApply = async (host: Host, workspace: Workspace, wanted: Wanted): Promise<Ended> => {
  const variables = await terraformVariables(workspace);
  const terraform = await openTerraform(host, workspace, { verbose: wanted.verbose, variables });
  const adopt = reachesTarget(host, workspace) ? adoption(host) : undefined;
  let left = workspace.stacks;
  const applied: Review[] = [];
  while (left.length > 0) {
    const planned = await planStacks(host, workspace, terraform, { only: left, adopt });
    const reviews = reviewsOf(planned);
    for (const review of reviews) host.out(`\n${reviewText(review, paintOf(host))}`);
    const changing = toApply(planned);
    const waiting = planned.filter(({ outcome }) => outcome === 'waits').map(({ stack }) => stack);
    const waitingNames = waiting.map(({ name }) => name);
    applied.push(...reviews);
    if (wanted.dryRun === true)
      return ended(changing.length > 0 || waiting.length > 0 ? 'planned' : 'unchanged', applied, waitingNames);
    if (changing.length > 0) {
      await confirm(host, workspace.environment, reviews, wanted);
      await applyPlans(host, terraform, workspace.out, changing);
    } else if (waiting.length > 0) {
      host.err(`${waitingNames.join(', ')} still wait, and nothing is left to apply before them.`);
      return ended('stuck', applied, waitingNames);
    }
    for (const { name } of changing) await rm(planFile(workspace.out, name), { force: true });
    left = waiting;
  }
  host.out(`${workspace.environment} is deployed.`);
  return ended('deployed', applied);
};

/** Answers the exit code. */
const tell = (
  { report }: Running,
  { environment: name }: Workspace,
  { code, outcome, reviews, waiting }: Ended,
): number => {
  report({ environment: name, outcome, waiting, stacks: reviews });
  return code;
};

export const deploy = defineCommand({
  name: 'deploy',
  summary: 'Applies exactly the plan that npm run plan made and somebody reviewed. Without one: plans, shows and asks.',
  notes: [
    'A plan is refused, never silently made anew, when it is older than 7 days, of another commit or other settings,',
    'when its files changed, or when a state moved since. All stacks are checked before the first is applied.',
    'While a cutover is open, nothing is deployed: it owns counts and weights until it is over.',
  ].join('\n'),
  exits: {
    0: 'deployed',
    2: 'layers wait for what was applied now: plan again; with --dry-run: something would change',
  },
  options: {
    environment,
    region,
    out,
    json,
    verbose,
    yes: { type: 'boolean', description: 'Asks nothing. Refuses to destroy what holds data.' },
    'allow-stateful-destroy': { type: 'boolean', description: 'With --yes: may destroy what holds data.' },
    'dry-run': { type: 'boolean', description: 'Checks the plan, or makes one, and applies nothing.' },
  },
  run: async (values, host) => {
    const wanted: Wanted = {
      region: values.region,
      yes: values.yes,
      allowStatefulDestroy: values['allow-stateful-destroy'],
      dryRun: values['dry-run'],
      verbose: values.verbose,
    };
    const at = nowOf(host);
    // The reviewed folder stays as it is: what stands here now is synthesized elsewhere, and compared.
    const fresh = await scratchFolder('synth');
    try {
      const now = await openWorkspace(host, {
        environment: values.environment,
        region: values.region,
        out: fresh,
        at,
      });
      const folder = outFolder(host, values.out, now.target);
      const manifest = await readManifest(folder, now.label, values.region);
      if (manifest === undefined) {
        const workspace = await openWorkspace(host, { ...values, at });
        await checkAccount(host, workspace);
        if (wanted.dryRun !== true) await refuseBesideCutover(host, values, 'deploy');
        if (reachesTarget(host, workspace)) {
          const operated = await openOperated(host, values);
          await callingAws(operated, async () => {
            await refuseFirstBetweenWeekends(workspace, operated, at);
            await restoreSecrets(host, operated, wanted);
          });
        }
        return tell(host, workspace, await planAndApply(host, workspace, wanted));
      }
      const workspace = relocate(now, folder);
      const { version } = await openTerraform(host, now);
      verifyManifest(manifest, workspace, {
        time: at,
        commit: await commitOf(host.root),
        sources: await hashOfSources(now.stacks),
        terraform: version,
      });
      await checkAccount(host, workspace);
      if (wanted.dryRun !== true) await refuseBesideCutover(host, values, 'deploy');
      return tell(host, workspace, await applyReviewed(host, workspace, manifest, wanted));
    } finally {
      await rm(fresh, { recursive: true, force: true });
    }
  },
});

await runAsProgram(import.meta.main, deploy);
