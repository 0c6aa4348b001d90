/** Terraform on the stacks of an environment, in a folder of its own that is gone afterwards. */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PlanJson } from '../../scripts/plan-review/plan-json.ts';
import type { Host } from '../../scripts/platform/command.ts';
import { type Outcome, openTerraform } from '../../scripts/platform/terraform.ts';
import { terraformVariables } from '../../scripts/platform/variables.ts';
import { openWorkspace, type Stack, type Workspace, type WorkspaceOptions } from '../../scripts/platform/workspace.ts';
import { archives, repository } from '../testing/synthesized.ts';

export interface Rig {
  readonly workspace: Workspace;
  readonly run: (stack: Stack, args: readonly string[], accept?: readonly number[]) => Promise<Outcome>;
  readonly init: (stack: Stack) => Promise<void>;
  /** Of a plan file in the stack's folder. */
  readonly show: (stack: Stack, file: string) => Promise<PlanJson>;
}

const host: Host = { root: repository, env: process.env, out: () => {}, err: () => {}, ask: undefined };

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

/** Synthesizes and finds terraform; nothing has been initialized yet. @throws OperatorProblem */
export const openRig = async (options: WorkspaceOptions & { readonly out: string }): Promise<Rig> => {
  const workspace = await openWorkspace(host, { archives, ...options });
  const variables = await terraformVariables(workspace);
  const terraform = await openTerraform(host, workspace, { variables });
  const run: Rig['run'] = (stack, args, accept = [0]) => terraform.run(stack, args, { accept });
  return {
    workspace,
    run,
    init: (stack) => alone(async () => void (await run(stack, ['init', '-input=false', '-no-color']))),
    show: async (stack, file) => PlanJson.parse(JSON.parse((await run(stack, ['show', '-json', file])).stdout)),
  };
};
