/** Plans changes of settings against a copy of what stands, without asking AWS. */
import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { PlanJson } from '../../../scripts/plan-review/plan-json.ts';
import type { Rig } from '../rig.ts';
import { stateOf } from '../states.ts';
import { stacksOf } from '../synth.ts';
import { type Blocks, blocksOf } from './blocks.ts';
import { type Order, readGraph } from './graph.ts';

export type Changes = Readonly<Record<string, unknown>>;

export interface Workbench {
  /** What the stack consists of with these settings. */
  readonly blocks: (changes: Changes) => Promise<Blocks>;
  /** What terraform would do, and in which order. */
  readonly plan: (name: string, changes: Changes) => Promise<{ readonly plan: PlanJson; readonly order: Order }>;
}

const Synthesized = z.looseObject({
  terraform: z.looseObject({ backend: z.unknown() }),
  variable: z.record(z.string(), z.looseObject({})).optional(),
});

/** Stands in for secrets of headers that the environment does not have yet. */
const someSecret = ['a_secret_that_a_change_brings_with_it'];

/** The same, with its state beside it and no need of an init. */
const detached = (json: string): string => {
  const { terraform, variable = {}, ...rest } = Synthesized.parse(JSON.parse(json));
  const { backend: _, ...others } = terraform;
  const defaults = Object.entries(variable).map(([name, declared]) => [name, { ...declared, default: someSecret }]);
  return JSON.stringify({
    ...rest,
    terraform: others,
    ...(defaults.length > 0 && { variable: Object.fromEntries(defaults) }),
  });
};

/**
 * @param rig has applied the environment
 * @param given settings it was applied with besides its file's
 */
export const openWorkbench = ({ workspace, run, see, show }: Rig, given: Changes): Workbench => {
  const [stack] = workspace.stacks;
  if (stack === undefined) throw new Error(`${workspace.environment} has no stack`);
  const synthesized = async (changes: Changes): Promise<string> => {
    const made = await stacksOf(workspace.environment, { ...given, ...changes }, workspace.target);
    const found = made.get(stack.name);
    if (found === undefined) throw new Error(`${stack.name} is gone with ${JSON.stringify(changes)}`);
    return found.json;
  };
  return {
    blocks: async (changes) => blocksOf(await synthesized(changes)),
    plan: async (name, changes) => {
      const folder = join(workspace.out, 'changed-stacks', name);
      await mkdir(folder, { recursive: true });
      await writeFile(join(folder, 'cdk.tf.json'), detached(await synthesized(changes)));
      await cp(await stateOf(stack), join(folder, 'terraform.tfstate'));
      await cp(join(stack.folder, 'assets'), join(folder, 'assets'), { recursive: true, force: true }).catch(() => {});
      const at = { ...stack, folder };
      await see(folder);
      await run(at, ['plan', '-input=false', '-no-color', '-refresh=false', '-lock=false', '-out=changed.tfplan']);
      const order = readGraph((await run(at, ['graph', '-plan=changed.tfplan'])).stdout);
      return { plan: await show(at, 'changed.tfplan'), order };
    },
  };
};
