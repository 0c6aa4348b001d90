/** `npm run destroy -- --environment dev`: plans the end of every stack, shows it, asks, and does it in reverse order. */

import { refuseBesideCutover } from './operate/cutover/beside.ts';
import { reviewText } from './plan-review/text.ts';
import { applyPlans, toApply } from './platform/apply.ts';
import { defineCommand, runAsProgram } from './platform/command.ts';
import { confirm } from './platform/confirm.ts';
import { exitCodes } from './platform/exit-codes.ts';
import { paintOf } from './platform/host.ts';
import { checkAccount } from './platform/identity.ts';
import { environment, json, out, region, verbose } from './platform/options.ts';
import { planStacks, reviewsOf } from './platform/plans.ts';
import { OperatorProblem } from './platform/problem.ts';
import { openTerraform } from './platform/terraform.ts';
import { terraformVariables } from './platform/variables.ts';
import { openWorkspace } from './platform/workspace.ts';

export const destroy = defineCommand({
  name: 'destroy',
  summary: 'Destroys an environment. Everything is planned and shown before anything goes.',
  notes: 'Refused while deletion_protection is on: set it to false and deploy that first.',
  exits: { 0: 'destroyed, or nothing was there', 2: 'with --dry-run: something would be destroyed' },
  options: {
    environment,
    region,
    out,
    json,
    verbose,
    yes: { type: 'boolean', description: 'Asks nothing. Refuses to destroy what holds data.' },
    'allow-stateful-destroy': { type: 'boolean', description: 'With --yes: may destroy what holds data.' },
    'dry-run': { type: 'boolean', description: 'Shows what would be destroyed, and stops.' },
  },
  run: async (values, host) => {
    if (values['dry-run'] !== true) await refuseBesideCutover(host, values, 'destroy');
    const workspace = await openWorkspace(host, values);
    if (workspace.settings.deletion_protection && values['dry-run'] !== true)
      throw new OperatorProblem(
        `${workspace.environment} is protected: set deletion_protection = false in ${workspace.file}${workspace.settings.kind === 'prod' ? ', with the reason in control_reasons for each control that asks for one,' : ''} and deploy that first. Nothing was destroyed.`,
      );
    await checkAccount(host, workspace);
    const variables = await terraformVariables(workspace);
    const terraform = await openTerraform(host, workspace, { verbose: values.verbose, variables });
    const planned = await planStacks(host, workspace, terraform, { destroy: true });
    const reviews = reviewsOf(planned);
    for (const review of reviews) host.out(`\n${reviewText(review, paintOf(host))}`);
    const going = toApply(planned);
    if (going.length === 0) {
      host.out(`Nothing of ${workspace.environment} is there.`);
      host.report({ environment: workspace.environment, outcome: 'absent', stacks: reviews });
      return exitCodes.done;
    }
    if (values['dry-run'] === true) {
      host.report({ environment: workspace.environment, outcome: 'planned', stacks: reviews });
      return exitCodes.attention;
    }
    await confirm(host, workspace.environment, reviews, {
      yes: values.yes,
      allowStatefulDestroy: values['allow-stateful-destroy'],
    });
    await applyPlans(host, terraform, workspace.out, going);
    host.out(`${workspace.environment} is destroyed. Its state bucket stays: it keeps the history.`);
    host.report({ environment: workspace.environment, outcome: 'destroyed', stacks: reviews });
    return exitCodes.done;
  },
});

await runAsProgram(import.meta.main, destroy);
