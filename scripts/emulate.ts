/** `npm run emulate -- --environment dev`: the whole of an environment on a local stand-in for AWS, then what is there. */
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import process from 'node:process';
import { readEnvironment } from '../modules/tfvars/read.ts';
import { added, type Inventory, inventoryTable, readInventory } from './emulator/inventory.ts';
import { type Emulator, startEmulator } from './emulator/moto.ts';
import { totals } from './plan-review/review.ts';
import { reviewText } from './plan-review/text.ts';
import { applyPlans, toApply } from './platform/apply.ts';
import { defineCommand, type Host, runAsProgram } from './platform/command.ts';
import { paintOf } from './platform/host.ts';
import { environment, verbose } from './platform/options.ts';
import { type Planned, planStacks, reviewsOf } from './platform/plans.ts';
import { openTerraform, type Terraform } from './platform/terraform.ts';
import { terraformVariables } from './platform/variables.ts';
import { openWorkspace, type Workspace } from './platform/workspace.ts';

/** Plans and applies, layer after layer where one waits for another. */
const applyAll = async (host: Host, workspace: Workspace, terraform: Terraform): Promise<void> => {
  let left = workspace.stacks;
  while (left.length > 0) {
    const planned = await planStacks(host, workspace, terraform, { only: left });
    for (const { stack, changes } of reviewsOf(planned)) host.err(`${stack}: ${totals(changes)}`);
    await applyPlans(host, terraform, workspace.out, toApply(planned));
    const waiting = planned.filter(({ outcome }) => outcome === 'waits').map(({ stack }) => stack);
    if (waiting.length === left.length)
      throw new Error(`${waiting.map(({ name }) => name).join(', ')} never stop waiting`);
    left = waiting;
  }
};

const planAgain = async (host: Host, workspace: Workspace, terraform: Terraform): Promise<readonly Planned[]> => {
  const planned = await planStacks(host, workspace, terraform);
  for (const review of reviewsOf(planned)) host.out(`\nPlanned again: ${reviewText(review, paintOf(host))}`);
  return planned;
};

const untilInterrupted = async (host: Host): Promise<void> => {
  if (host.stop !== undefined) {
    if (!host.stop.aborted) await once(host.stop, 'abort');
    return;
  }
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
};

/** Old revisions stay on purpose (skip_destroy): a service can be rolled back to them. */
const staysOnPurpose = (kind: string): boolean => kind.endsWith(' ecs task definitions');

interface Wanted {
  readonly check: boolean | undefined;
  readonly keep: boolean | undefined;
  readonly destroy: boolean | undefined;
  readonly verbose: boolean | undefined;
}

/** Answers the exit code. */
const emulateOn = async (host: Host, emulator: Emulator, workspace: Workspace, wanted: Wanted): Promise<number> => {
  const regions = [...new Set(workspace.stacks.map(({ region }) => region))];
  const look = (): Promise<Inventory> => readInventory(emulator, regions);
  const before = await look();
  const variables = await terraformVariables(workspace);
  const terraform = await openTerraform(host, workspace, { verbose: wanted.verbose, variables });
  await applyAll(host, workspace, terraform);
  host.out(`\n${workspace.environment} on ${emulator.url}:\n\n${inventoryTable(added(before, await look()))}`);
  let code = 0;
  if (wanted.check === true) {
    const again = await planAgain(host, workspace, terraform);
    code = again.every(({ outcome }) => outcome === 'none') ? 0 : 2;
  }
  if (wanted.destroy === true) {
    // As an operator would: what is protected is first deployed without its protection.
    if (workspace.settings.deletion_protection) {
      const changes = { deletion_protection: false };
      const { environment: name, out } = workspace;
      const target = { kind: 'emulator', url: emulator.url } as const;
      await applyAll(host, await openWorkspace(host, { environment: name, out, target, changes }), terraform);
    }
    const going = await planStacks(host, workspace, terraform, { destroy: true });
    await applyPlans(host, terraform, workspace.out, toApply(going));
    const left = new Map([...added(before, await look())].filter(([kind]) => !staysOnPurpose(kind)));
    host.out(left.size === 0 ? '\nDestroyed: nothing is left.' : `\nDestroyed, but left:\n\n${inventoryTable(left)}`);
    if (left.size > 0) code = 1;
  }
  if (wanted.keep === true) {
    host.out(`\nIt stays at ${emulator.url} until Ctrl-C. Any credentials will do: AWS_ENDPOINT_URL=${emulator.url}`);
    await untilInterrupted(host);
  }
  return code;
};

export const emulate = defineCommand({
  name: 'emulate',
  summary:
    'Deploys an environment to a local stand-in for AWS (moto) and prints what exists then, read back through its API.',
  notes: [
    'Shows that Terraform can make everything and what it makes; not traffic, TLS, permissions or quotas. See docs/emulator.md.',
  ].join('\n'),
  exits: { 1: 'failed, or something was left after --destroy', 2: 'with --check: a second plan was not empty' },
  options: {
    environment,
    verbose,
    out: {
      type: 'string',
      value: 'FOLDER',
      description: 'Folder to work in, emptied first. Default: cdktf.out/emulator/<environment>.',
    },
    check: { type: 'boolean', description: 'Plans again afterwards: nothing should change.' },
    destroy: { type: 'boolean', description: 'Destroys it afterwards and shows that nothing is left.' },
    keep: { type: 'boolean', description: 'Leaves the stand-in running, with its address, until Ctrl-C.' },
  },
  run: async (values, host) => {
    const name = values.environment ?? host.env.ENVIRONMENT;
    const { label, regions } = await readEnvironment(host.root, name);
    const given = values.out ?? join('cdktf.out', 'emulator', label);
    const out = isAbsolute(given) ? given : join(host.root, given);
    // The stand-in starts empty, so a state of an earlier one would be of nothing.
    await rm(out, { recursive: true, force: true });
    const emulator = await startEmulator(regions, host.env);
    try {
      const target = { kind: 'emulator', url: emulator.url } as const;
      const workspace = await openWorkspace(host, { environment: name, out, target });
      return await emulateOn(host, emulator, workspace, values);
    } finally {
      await emulator.stop();
    }
  },
});

await runAsProgram(import.meta.main, emulate);
