/** Plans every stack of a workspace before any is applied. */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { PlanJson } from '../plan-review/plan-json.ts';
import { type Review, reviewOf } from '../plan-review/review.ts';
import type { Host } from './command.ts';
import { lacksProducer } from './failures.ts';
import { during } from './host.ts';
import { type Terraform, TerraformFailure } from './terraform.ts';
import { type Stack, shareLock, type Workspace } from './workspace.ts';

/** Which state a plan was made against. A serial of 0 means that there was none. */
export const StateVersion = z.object({ lineage: z.string(), serial: z.int() });
export type StateVersion = z.infer<typeof StateVersion>;

export interface Planned {
  readonly stack: Stack;
  /** waits: layers it reads must be applied first. */
  readonly outcome: 'changes' | 'none' | 'waits';
  readonly waitsFor: readonly string[];
  /** Of what is planned; absent while it waits. */
  readonly made?: {
    readonly file: string;
    readonly jsonFile: string;
    readonly review: Review;
    readonly state: StateVersion;
  };
}

export interface PlanOptions {
  /** Takes no lock, for roles that may only read. */
  readonly noLock?: boolean | undefined;
  readonly destroy?: boolean;
  /** Stacks to plan. Default: all. */
  readonly only?: readonly Stack[];
  /** Addresses of a stack that alone are planned. Default: all. */
  readonly targets?: ((stack: Stack) => readonly string[]) | undefined;
  /** Finds what is there already although no state knows it. Default: nothing is taken over. */
  readonly adopt?: Adopt | undefined;
}

/** What of a stack is there, besides the addresses that its state knows, and is to be imported. */
export type Adopt = (stack: Stack, known: ReadonlySet<string>) => Promise<readonly Import[]>;

/** An import block: https://developer.hashicorp.com/terraform/language/import */
export interface Import {
  /** Address of the resource. */
  readonly to: string;
  readonly id: string;
}

/** Prepares a stack's folder, with the provider versions of the stack prepared before. */
export const initStack = async (terraform: Terraform, stack: Stack, before: Stack | undefined, locked = false) => {
  await shareLock(before, stack);
  // A folder may have been synthesized for another target before, so its state's place is taken as new.
  await terraform.run(stack, [
    'init',
    '-input=false',
    '-no-color',
    '-reconfigure',
    ...(locked ? ['-lockfile=readonly'] : []),
  ]);
};

const State = StateVersion.extend({
  resources: z.array(z.object({ mode: z.string(), type: z.string(), name: z.string() })).default([]),
});

const pullState = async (terraform: Terraform, stack: Stack): Promise<z.infer<typeof State>> => {
  const { stdout } = await terraform.run(stack, ['state', 'pull'], { show: false });
  return stdout.trim() === '' ? { lineage: '', serial: 0, resources: [] } : State.parse(JSON.parse(stdout));
};

export const stateVersion = async (terraform: Terraform, stack: Stack): Promise<StateVersion> =>
  StateVersion.parse(await pullState(terraform, stack));

/** Writes the import blocks beside the stack, and takes away those of before. */
const writeImports = async ({ folder }: Stack, imports: readonly Import[]): Promise<void> => {
  const file = join(folder, 'adopted.tf.json');
  if (imports.length === 0) await rm(file, { force: true });
  else await writeFile(file, `${JSON.stringify({ import: imports }, null, 2)}\n`);
};

export const plansFolder = (out: string): string => join(out, 'plans');

const planOne = async (
  terraform: Terraform,
  stack: Stack,
  folder: string,
  { noLock, destroy, adopt, targets }: PlanOptions,
): Promise<Planned> => {
  const file = join(folder, `${stack.name}.tfplan`);
  const { resources, ...state } = await pullState(terraform, stack);
  const known = new Set(resources.filter(({ mode }) => mode === 'managed').map(({ type, name }) => `${type}.${name}`));
  await writeImports(stack, destroy === true ? [] : ((await adopt?.(stack, known)) ?? []));
  const { code } = await terraform.run(
    stack,
    [
      'plan',
      '-input=false',
      '-no-color',
      '-detailed-exitcode',
      `-out=${file}`,
      ...(noLock === true ? ['-lock=false'] : []),
      ...(destroy === true ? ['-destroy'] : []),
      ...(targets?.(stack) ?? []).map((address) => `-target=${address}`),
    ],
    { accept: [0, 2] },
  );
  const shown = await terraform.run(stack, ['show', '-json', file], { show: false });
  const jsonFile = join(folder, `${stack.name}.plan.json`);
  // Plans hold secrets in the clear, in whatever form.
  await writeFile(jsonFile, shown.stdout, { mode: 0o600 });
  const review = reviewOf(stack.name, PlanJson.parse(JSON.parse(shown.stdout)));
  return { stack, outcome: code === 2 ? 'changes' : 'none', waitsFor: [], made: { file, jsonFile, review, state } };
};

/** Producers of a stack whose outputs are not there yet, or are about to change, so that a plan would soon be wrong. */
const unsettled = (stack: Stack, planned: readonly Planned[]): string[] =>
  planned
    .filter(({ stack: { name } }) => stack.producers.includes(name))
    .filter(({ outcome, made }) => outcome === 'waits' || (made?.review.outputs.length ?? 0) > 0)
    .map(({ stack: { name } }) => name);

/**
 * Plans all stacks, in the order of applying, or for destroying in its reverse. With `state_layout = "layered"` a
 * layer is planned once the layers it reads have been applied; until then it waits.
 * @throws OperatorProblem
 */
export const planStacks = async (
  host: Host,
  workspace: Pick<Workspace, 'out' | 'stacks'>,
  terraform: Terraform,
  options: PlanOptions = {},
): Promise<readonly Planned[]> => {
  const folder = plansFolder(workspace.out);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const wanted = options.only ?? workspace.stacks;
  const stacks = options.destroy === true ? wanted.toReversed() : wanted;
  const planned: Planned[] = [];
  let before: Stack | undefined;
  for (const stack of stacks) {
    const waitsFor = options.destroy === true ? [] : unsettled(stack, planned);
    if (waitsFor.length > 0) {
      planned.push({ stack, outcome: 'waits', waitsFor });
      host.err(`${stack.name}: waits for ${waitsFor.join(', ')}, whose outputs it reads`);
      continue;
    }
    await during(host, `Preparing terraform for ${stack.name}`, () => initStack(terraform, stack, before));
    before = stack;
    const plan = await during(host, `Planning ${stack.name}`, () =>
      planOne(terraform, stack, folder, options).catch((error: unknown): Planned => {
        const waits = error instanceof TerraformFailure && stack.producers.length > 0 && lacksProducer(error.output);
        if (!waits) throw error;
        return { stack, outcome: 'waits', waitsFor: stack.producers };
      }),
    );
    planned.push(plan);
    if (plan.outcome === 'waits')
      host.err(`${stack.name}: waits for ${plan.waitsFor.join(', ')}, which have no state yet`);
  }
  return planned;
};

export const reviewsOf = (planned: readonly Planned[]): Review[] =>
  planned.flatMap(({ made }) => (made === undefined ? [] : [made.review]));
