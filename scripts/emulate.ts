/** `npm run emulate -- --environment dev`: the whole of an environment on a local stand-in for AWS, then what is there. */
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import process from 'node:process';
import { readEnvironment } from '../modules/tfvars/read.ts';
import { added, type Inventory, inventorySummary, inventoryTable, readInventory } from './emulator/inventory.ts';
import { applyAll, destroyAll, type Life, planAgain } from './emulator/life.ts';
import { type Emulator, startEmulator } from './emulator/moto.ts';
import { exportLines, serveOn } from './emulator/served.ts';
import { defineCommand, type Host, type Running, runAsProgram } from './platform/command.ts';
import { exitCodes } from './platform/exit-codes.ts';
import { during, paintOf } from './platform/host.ts';
import { environment, json, verbose } from './platform/options.ts';
import { UsageProblem } from './platform/problem.ts';
import { duration } from './platform/terminal.ts';
import { openTerraform } from './platform/terraform.ts';
import { terraformVariables } from './platform/variables.ts';
import { openWorkspace } from './platform/workspace.ts';

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

const asObject = (inventory: Inventory) => Object.fromEntries(inventory);

/** What became of it, and what to do next: the last line. */
const verdict = (name: string, made: number, since: number, faults: readonly string[]): string => {
  const time = duration(Date.now() - since);
  if (faults.length > 0) return `${name} made ${made} resources in ${time}, but ${faults.join('; ')}.`;
  return `${name} works on the stand-in: ${made} resources in ${time}. Next: npm run plan -- --environment ${name}, which asks AWS, or npm run emulate -- --environment ${name} --serve, which keeps a stand-in to work on.`;
};

const begin = async (host: Host, emulator: Emulator, name: string, out: string, wanted: Wanted): Promise<Life> => {
  const target = { kind: 'emulator', url: emulator.url } as const;
  const workspace = await openWorkspace(host, { environment: name, out, target });
  const variables = await terraformVariables(workspace);
  const terraform = await openTerraform(host, workspace, { verbose: wanted.verbose, variables });
  return { host, emulator, workspace, terraform, verbose: wanted.verbose === true };
};

/** Answers the exit code. */
const emulateOn = async (host: Running, life: Life, wanted: Wanted): Promise<number> => {
  const { workspace, emulator } = life;
  const { environment: name } = workspace;
  const start = Date.now();
  const regions = [...new Set(workspace.stacks.map(({ region }) => region))];
  const look = (): Promise<Inventory> =>
    during(host, 'Asking the stand-in what it has', () => readInventory(emulator, regions));
  const show = wanted.verbose === true ? inventoryTable : inventorySummary;
  const before = await look();
  const made = await applyAll(life);
  const resources = added(before, await look());
  host.out(`\n${name} on ${emulator.url}:\n\n${show(resources)}\n`);
  const again = wanted.check === true ? await planAgain(life) : undefined;
  let left: Inventory | undefined;
  if (wanted.destroy === true) {
    await destroyAll(life);
    left = new Map([...added(before, await look())].filter(([kind]) => !staysOnPurpose(kind)));
    host.out(left.size === 0 ? 'Destroyed: nothing is left.\n' : `Destroyed, but left:\n\n${inventoryTable(left)}\n`);
  }
  const faults = [
    ...(again !== undefined && again.length > 0 ? ['a second plan was not empty'] : []),
    ...(left !== undefined && left.size > 0 ? ['something was left after destroying it'] : []),
  ];
  host.report({
    environment: name,
    url: emulator.url,
    made,
    resources: asObject(resources),
    ...(again && { again }),
    ...(left && { left: asObject(left) }),
  });
  if (wanted.keep === true) {
    host.err(`It stays at ${emulator.url} until Ctrl-C. Any credentials will do: AWS_ENDPOINT_URL=${emulator.url}`);
    await untilInterrupted(host);
  }
  host.out(paintOf(host)(faults.length > 0 ? 'bad' : 'good', verdict(name, made, start, faults)));
  if (left !== undefined && left.size > 0) return exitCodes.failed;
  return faults.length > 0 ? exitCodes.attention : exitCodes.done;
};

/** Keeps an empty stand-in with the state bucket, and says how to reach it. */
const serve = async (host: Running, emulator: Emulator, name: string, out: string): Promise<number> => {
  const served = await serveOn(host, emulator, name, out);
  for (const line of exportLines(served)) host.out(line);
  host.report(served);
  host.err(
    [
      '',
      `The stand-in stays at ${emulator.url} until Ctrl-C. Its account is empty but for the state bucket ${served.bucket}.`,
      `Set these variables in another terminal. Then npm run plan, deploy, doctor and destroy work on it,`,
      `npx cdktf-cli@0.21 deploy too (with Node 20 or 22), and terraform in what npm run synth writes.`,
    ].join('\n'),
  );
  await untilInterrupted(host);
  return exitCodes.done;
};

export const emulate = defineCommand({
  name: 'emulate',
  summary:
    'Deploys an environment to a local stand-in for AWS (moto) and prints what exists then, read back through its API.',
  notes: [
    'Shows that Terraform can make everything and what it makes; not traffic, TLS, permissions or quotas. It needs terraform',
    "and Python 3 with moto (pip install 'moto[server]==5.2.1'). See docs/emulator.md.",
  ].join('\n'),
  exits: { 1: 'failed, or something was left after --destroy', 2: 'with --check: a second plan was not empty' },
  options: {
    environment,
    out: {
      type: 'string',
      value: 'FOLDER',
      description: 'Folder to work in, emptied first. Default: cdktf.out/emulator/<environment>.',
    },
    check: { type: 'boolean', description: 'Plans again afterwards: nothing should change.' },
    destroy: { type: 'boolean', description: 'Destroys it afterwards and shows that nothing is left.' },
    keep: { type: 'boolean', description: 'Leaves the stand-in running, with what was deployed, until Ctrl-C.' },
    serve: {
      type: 'boolean',
      description: 'Deploys nothing: keeps the stand-in running until Ctrl-C, and prints the variables to use it with.',
    },
    cutover: {
      type: 'boolean',
      description:
        'Deploys nothing: moves traffic from the previous release of the service to this one by npm run cutover, with clients at work, and says what failed. It needs PostgreSQL and Redis.',
    },
    verbose: { ...verbose, description: 'Shows all that terraform says, and the name of each resource.' },
    json,
  },
  run: async ({ serve: wantsServe, cutover: wantsCutover, ...values }, host) => {
    const nothing = wantsCutover === true ? '--cutover' : wantsServe === true ? '--serve' : undefined;
    if (nothing !== undefined && (values.check === true || values.destroy === true || values.keep === true))
      throw new UsageProblem(`${nothing} deploys nothing: leave --check, --destroy and --keep out.`);
    if (wantsCutover === true && wantsServe === true)
      throw new UsageProblem('--cutover ends by itself, --serve stays: one of them at a time.');
    const name = values.environment ?? host.env.ENVIRONMENT ?? '';
    // Imported here, because nothing else needs the clients and the databases of the tests.
    if (wantsCutover === true) return (await import('../proof/cutover/story.ts')).cutoverStory(host, name);
    const { label, regions } = await readEnvironment(host.root, name);
    const given = values.out ?? join('cdktf.out', 'emulator', label);
    const out = isAbsolute(given) ? given : join(host.root, given);
    // The stand-in starts empty, so a state of an earlier one would be of nothing.
    await rm(out, { recursive: true, force: true });
    const emulator = await during(host, 'Starting the stand-in for AWS', () => startEmulator(regions, host.env));
    try {
      if (wantsServe === true) return await serve(host, emulator, name, out);
      return await emulateOn(host, await begin(host, emulator, name, out, values), values);
    } finally {
      await emulator.stop();
    }
  },
});

await runAsProgram(import.meta.main, emulate);
