/** `npm run drift`: whether what runs is what the settings say, in every environment. */
import { environmentNames, isExample } from '../modules/tfvars/read.ts';
import { runningImages } from './operate/image-back/running.ts';
import { openOperated } from './operate/operated.ts';
import { withoutCutover } from './plan-review/cutover.ts';
import type { PlanReport, StackReport } from './plan-review/report.ts';
import { reviewText } from './plan-review/text.ts';
import { mayHaveGoneBack, withoutGoneBack } from './plan-review/went-back.ts';
import { defineCommand, type Host, runAsProgram } from './platform/command.ts';
import { nowOf, paintOf } from './platform/host.ts';
import { checkAccount } from './platform/identity.ts';
import { json, out, verbose } from './platform/options.ts';
import { planStacks } from './platform/plans.ts';
import { openTerraform } from './platform/terraform.ts';
import { terraformVariables } from './platform/variables.ts';
import { openWorkspace } from './platform/workspace.ts';

interface Wanted {
  readonly out: string | undefined;
  readonly verbose: boolean | undefined;
}

const driftOf = async (host: Host, environment: string, wanted: Wanted): Promise<readonly StackReport[]> => {
  // Apart from cdktf.out, where a reviewed plan may wait to be applied.
  const workspace = await openWorkspace(host, {
    environment,
    out: wanted.out ?? 'cdktf.out/drift',
    at: nowOf(host),
  });
  await checkAccount(host, workspace);
  const variables = await terraformVariables(workspace);
  const terraform = await openTerraform(host, workspace, { verbose: wanted.verbose, variables });
  const planned = await planStacks(host, workspace, terraform, { noLock: true });
  const reviews = planned.map(({ made }) => (made === undefined ? undefined : withoutCutover(made.review)));
  const asks = reviews.some((review) => review !== undefined && mayHaveGoneBack(review));
  const runs = asks ? await runningImages(await openOperated({ ...host, err: () => {} }, { environment })) : [];
  return planned.map(({ stack, outcome, waitsFor }, index) => {
    const made = reviews[index];
    const review = made && withoutGoneBack(made, runs);
    const drifted = review !== undefined && review.changes.length > 0;
    return {
      stack: stack.name,
      outcome: outcome === 'waits' ? outcome : drifted ? 'changes' : 'none',
      waitsFor: [...waitsFor],
      review,
      findings: [],
    };
  });
};

export const drift = defineCommand({
  name: 'drift',
  summary: 'Compares what runs with what the settings say, and changes nothing. What a cutover changes is no drift.',
  notes:
    'Left out: what Terraform sets once and operations own from then on (docs/runbooks/counts-and-weights.md), a function’s alias, and a revision that npm run image:back went back to.',
  exits: { 0: 'no drift', 1: 'it could not be compared', 2: 'drift' },
  options: {
    environment: {
      type: 'string',
      value: 'NAME',
      multiple: true,
      description: 'Environment to compare; may be repeated. Default: $ENVIRONMENT, or all but the examples.',
    },
    out: { ...out, description: 'Folder to work in. Default: cdktf.out/drift.' },
    json,
    verbose,
  },
  run: async (values, host) => {
    const all = (await environmentNames(host.root)).filter((name) => !isExample(name));
    const names = values.environment ?? (host.env.ENVIRONMENT === undefined ? all : [host.env.ENVIRONMENT]);
    const stacks: StackReport[] = [];
    for (const name of names) stacks.push(...(await driftOf(host, name, values)));
    const report: PlanReport = { environment: names.join(', '), stacks };
    for (const { review } of stacks) if (review !== undefined) host.out(`\n${reviewText(review, paintOf(host))}`);
    host.report(report);
    return stacks.every(({ outcome }) => outcome === 'none') ? 0 : 2;
  },
});

await runAsProgram(import.meta.main, drift);
