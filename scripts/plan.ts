/** `npm run plan -- --environment staging`: plans every stack and says what would happen, the worst first. */

import { adoption, reachesTarget } from './operate/adopt/adopt.ts';
import { callingAws, openOperated } from './operate/operated.ts';
import { refuseScheduled } from './operate/secrets/scheduled.ts';
import { refuseFirstBetweenWeekends } from './operate/weekend/first.ts';
import { readPlan } from './plan-review/plan-json.ts';
import { findingsOf } from './plan-review/policy.ts';
import type { PlanReport } from './plan-review/report.ts';
import { reviewText } from './plan-review/text.ts';
import { defineCommand, type Host, runAsProgram } from './platform/command.ts';
import { nowOf, paintOf } from './platform/host.ts';
import { checkAccount } from './platform/identity.ts';
import { writeManifest } from './platform/manifest.ts';
import { environment, json, offline, out, region, verbose } from './platform/options.ts';
import { type Planned, planStacks } from './platform/plans.ts';
import { openTerraform } from './platform/terraform.ts';
import { terraformVariables } from './platform/variables.ts';
import { openWorkspace } from './platform/workspace.ts';

/** What the reviewer gets, with what the policies say. */
const reportOf = async (environmentName: string, planned: readonly Planned[]): Promise<PlanReport> => ({
  environment: environmentName,
  stacks: await Promise.all(
    planned.map(async ({ stack, outcome, waitsFor, made }) => ({
      stack: stack.name,
      outcome,
      waitsFor: [...waitsFor],
      review: made?.review,
      findings: made === undefined ? [] : findingsOf(await readPlan(made.jsonFile)),
    })),
  ),
});

const show = (host: Host, { stacks }: PlanReport): void => {
  for (const { stack, review, waitsFor, findings } of stacks) {
    host.out(
      review === undefined
        ? `\n${stack}: planned once ${waitsFor.join(', ')} have been applied`
        : `\n${reviewText(review, paintOf(host))}`,
    );
    for (const { check, address, problem } of findings)
      host.out(`  ${paintOf(host)('bad', 'REFUSED BY POLICY')} ${address} ${problem} (${check})`);
  }
};

export const plan = defineCommand({
  name: 'plan',
  summary: 'Plans every stack of an environment and says what would happen: destroys and replacements first.',
  notes:
    'Plans are kept in <out>/plans with a manifest; npm run deploy applies exactly these. They hold secrets: keep them to yourself.',
  exits: { 0: 'nothing would change', 1: 'the plan failed', 2: 'something would change, or a stack waits for another' },
  options: {
    environment,
    region,
    offline,
    out,
    json,
    verbose,
    'no-lock': { type: 'boolean', description: 'Takes no lock on the state, for a role that may only read.' },
  },
  run: async (values, host) => {
    const workspace = await openWorkspace(host, {
      ...values,
      // Offline it is what a first deployment would make, whatever the day.
      ...(values.offline === true ? { target: { kind: 'offline' } } : { at: nowOf(host) }),
    });
    await checkAccount(host, workspace);
    const { environment: name } = workspace;
    const reaches = reachesTarget(host, workspace);
    if (reaches) {
      const operated = await openOperated(host, { environment: name, region: values.region });
      await callingAws(operated, async () => {
        await refuseScheduled(operated);
        await refuseFirstBetweenWeekends(workspace, operated, nowOf(host));
      });
    }
    const variables = await terraformVariables(workspace);
    const terraform = await openTerraform(host, workspace, { verbose: values.verbose, variables });
    const planned = await planStacks(host, workspace, terraform, {
      noLock: values['no-lock'],
      adopt: reaches ? adoption(host) : undefined,
    });
    await writeManifest({ host, workspace, region: values.region, terraform: terraform.version }, planned);
    const report = await reportOf(workspace.environment, planned);
    show(host, report);
    host.report(report);
    return planned.every(({ outcome }) => outcome === 'none') ? 0 : 2;
  },
});

await runAsProgram(import.meta.main, plan);
