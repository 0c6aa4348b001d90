/** `npm run plan -- --environment staging`: plans every stack and says what would happen, the worst first. */

import { reviewText } from './plan-review/text.ts';
import { defineCommand, type Host, runAsProgram } from './platform/command.ts';
import { checkAccount } from './platform/identity.ts';
import { writeManifest } from './platform/manifest.ts';
import { environment, json, offline, out, region, verbose } from './platform/options.ts';
import { type Planned, planStacks, reviewsOf } from './platform/plans.ts';
import { openTerraform } from './platform/terraform.ts';
import { terraformVariables } from './platform/variables.ts';
import { openWorkspace } from './platform/workspace.ts';

const show = (host: Host, planned: readonly Planned[], asJson: boolean): void => {
  if (asJson) {
    const stacks = planned.map(({ stack, outcome, waitsFor, made }) => ({
      stack: stack.name,
      outcome,
      waitsFor,
      review: made?.review,
    }));
    host.out(JSON.stringify({ stacks }, null, 2));
    return;
  }
  for (const review of reviewsOf(planned)) host.out(`\n${reviewText(review)}`);
  for (const { stack, waitsFor } of planned.filter(({ outcome }) => outcome === 'waits'))
    host.out(`\n${stack.name}: planned once ${waitsFor.join(', ')} have been applied`);
};

export const plan = defineCommand({
  name: 'plan',
  summary: 'Plans every stack of an environment and says what would happen: destroys and replacements first.',
  notes: [
    'Exit code: 0 nothing would change, 2 something would, 1 the plan failed.',
    'Plans are kept in <out>/plans with a manifest; npm run deploy applies exactly these. They hold secrets: keep them to yourself.',
  ].join('\n'),
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
      target: { kind: values.offline === true ? 'offline' : 'aws' },
    });
    await checkAccount(host, workspace);
    const variables = await terraformVariables(workspace);
    const terraform = await openTerraform(host, workspace, { verbose: values.verbose, variables });
    const planned = await planStacks(host, workspace, terraform, { noLock: values['no-lock'] });
    await writeManifest({ host, workspace, region: values.region, terraform: terraform.version }, planned);
    show(host, planned, values.json === true);
    return planned.every(({ outcome }) => outcome === 'none') ? 0 : 2;
  },
});

await runAsProgram(import.meta.main, plan);
