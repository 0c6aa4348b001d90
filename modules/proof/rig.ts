/** Terraform on the stacks of an environment, in a folder of its own that is gone afterwards. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PlanJson } from '../../scripts/plan-review/plan-json.ts';
import type { Host } from '../../scripts/platform/command.ts';
import { type Outcome, openTerraform } from '../../scripts/platform/terraform.ts';
import { terraformVariables } from '../../scripts/platform/variables.ts';
import { openWorkspace, type Stack, type Workspace, type WorkspaceOptions } from '../../scripts/platform/workspace.ts';
import { archives, repository } from '../testing/synthesized.ts';
import { valuesIn } from '../tfvars/values.ts';

export interface Rig {
  readonly workspace: Workspace;
  /** All of them, that of the workflows' roles too. */
  readonly stacks: readonly Stack[];
  readonly run: (stack: Stack, args: readonly string[], accept?: readonly number[]) => Promise<Outcome>;
  readonly init: (stack: Stack) => Promise<void>;
  /** Of a plan file in the stack's folder. */
  readonly show: (stack: Stack, file: string) => Promise<PlanJson>;
}

const host: Host = { root: repository, env: process.env, out: () => {}, err: () => {}, ask: undefined };

// Each running terraform listens for interrupts; many run at once here.
process.setMaxListeners(100);

/** Test files run in processes beside each other, and a cache that is still empty takes one writer. */
const cacheLock = join(tmpdir(), `countersign-providers-of-${process.ppid}`);
const alone = async <T>(work: () => Promise<T>): Promise<T> => {
  while (
    !(await mkdir(cacheLock).then(
      () => true,
      () => false,
    ))
  )
    await sleep(50);
  try {
    return await work();
  } finally {
    await rm(cacheLock, { recursive: true });
  }
};

/** A folder under the system's own for passing files. */
export const freshFolder = (name: string): Promise<string> =>
  mkdtemp(join(tmpdir(), `proof-${name.replaceAll('/', '-')}-`));

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
  /** Absolute; what an earlier rig left there, its state too, is used again. */
  readonly out: string;
  /** Settings that differ from the environment's file; undefined takes one away. */
  readonly changes?: Readonly<Record<string, unknown>>;
}

/** Synthesizes and finds terraform; nothing has been initialized yet. @throws OperatorProblem, EnvironmentError */
export const openRig = async ({ changes, ...options }: RigOptions): Promise<Rig> => {
  const { environment, out } = options;
  const root = changes === undefined ? repository : await changedRoot(environment, changes, join(out, 'changed'));
  const workspace = await openWorkspace({ ...host, root }, { archives, ...options });
  const variables = await terraformVariables(workspace);
  const terraform = await openTerraform(host, workspace, { variables });
  const run: Rig['run'] = (stack, args, accept = [0]) => terraform.run(stack, args, { accept });
  return {
    workspace,
    stacks: [...workspace.stacks, ...(workspace.access === undefined ? [] : [workspace.access])],
    run,
    init: (stack) => alone(async () => void (await run(stack, ['init', '-input=false', '-no-color']))),
    show: async (stack, file) => PlanJson.parse(JSON.parse((await run(stack, ['show', '-json', file])).stdout)),
  };
};
