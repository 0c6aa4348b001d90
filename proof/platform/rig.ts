/** Terraform on the stacks of an environment, in a folder of its own that is gone afterwards. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { archives, repository } from '../../modules/testing/synthesized.ts';
import { valuesIn } from '../../modules/tfvars/values.ts';
import { PlanJson } from '../../scripts/plan-review/plan-json.ts';
import type { Host } from '../../scripts/platform/command.ts';
import { type Outcome, openTerraform } from '../../scripts/platform/terraform.ts';
import { terraformVariables } from '../../scripts/platform/variables.ts';
import { openWorkspace, type Stack, type Workspace, type WorkspaceOptions } from '../../scripts/platform/workspace.ts';
import { openProviders, type Providers } from './provider/front.ts';

export interface Rig {
  readonly workspace: Workspace;
  /** All of them, that of the workflows' roles too. */
  readonly stacks: readonly Stack[];
  readonly run: (stack: Stack, args: readonly string[], accept?: readonly number[]) => Promise<Outcome>;
  readonly init: (stack: Stack) => Promise<void>;
  /** Lets the provider know of a stack in a folder that needs no init. */
  readonly see: Providers['see'];
  /** Of a plan file in the stack's folder. */
  readonly show: (stack: Stack, file: string) => Promise<PlanJson>;
}

const host: Host = { root: repository, env: process.env, out: () => {}, err: () => {}, ask: undefined };

/** Providers for rigs, with what the shell says. */
export const openRigProviders = (): Promise<Providers> => openProviders(host);

// Each running terraform listens for interrupts; many run at once here.
process.setMaxListeners(100);

/** A repository with an environment's file alone, some of its settings changed. */
const changedRoot = async (environment: string, changes: Readonly<Record<string, unknown>>, root: string) => {
  const file = `environments/${environment}.tfvars`;
  const given = await valuesIn(file, await readFile(join(repository, file), 'utf8'));
  const lines = Object.entries({ ...given, ...changes })
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name} = ${JSON.stringify(value)}\n`);
  await mkdir(dirname(join(root, file)), { recursive: true });
  await writeFile(join(root, file), lines.join(''));
  return root;
};

export interface RigOptions extends Pick<WorkspaceOptions, 'target' | 'region'> {
  readonly environment: string;
  /** Stands in for the provider that terraform would start. */
  readonly providers: Providers;
  /** Absolute; what an earlier rig left there, its state too, is used again. */
  readonly out: string;
  /** Settings that differ from the environment's file; undefined takes one away. */
  readonly changes?: Readonly<Record<string, unknown>>;
}

/** Synthesizes and finds terraform; nothing has been initialized yet. @throws OperatorProblem, EnvironmentError */
export const openRig = async ({ changes, providers, ...options }: RigOptions): Promise<Rig> => {
  const { environment, out } = options;
  const root = changes === undefined ? repository : await changedRoot(environment, changes, join(out, 'changed'));
  const own = { ...host, env: { ...host.env, ...providers.variables } };
  const workspace = await openWorkspace({ ...own, root }, { archives, ...options });
  const variables = await terraformVariables(workspace);
  const terraform = await openTerraform(own, workspace, { variables });
  const run: Rig['run'] = (stack, args, accept = [0]) => terraform.run(stack, args, { accept });
  return {
    workspace,
    stacks: [...workspace.stacks, ...(workspace.access === undefined ? [] : [workspace.access])],
    run,
    see: providers.see,
    init: async (stack) => {
      await providers.see(stack.folder);
      await run(stack, ['init', '-input=false', '-no-color']);
    },
    show: async (stack, file) => PlanJson.parse(JSON.parse((await run(stack, ['show', '-json', file])).stdout)),
  };
};
