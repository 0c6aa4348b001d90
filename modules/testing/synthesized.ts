/** For construct tests: what a construct, or a whole environment, becomes in Terraform. */
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider/index.js';
import { TerraformStack, Testing } from 'cdktf';
import { parseSettings } from '../../contracts/settings/parse.ts';
import type { Settings } from '../../contracts/settings/resolve.ts';
import { shapeOf } from '../../contracts/settings/shape.ts';
import type { Block } from '../policy/view.ts';
import { withoutCreationStacks } from '../stacks/creation-stacks.ts';
import type { Deployment } from '../stacks/deployment.ts';
import { literalSettings } from '../stacks/literal.ts';
import { namesOf } from '../stacks/names.ts';
import { pathOf } from '../tfvars/files.ts';
import { readDocument } from '../tfvars/read.ts';

export type { Block };

export interface Synthesized {
  /** All resources of a type, by address without the type. */
  readonly all: (type: string) => Readonly<Record<string, Block>>;
  /** The only resource of a type. @throws when there is none or more than one */
  readonly one: (type: string) => Block;
  /** Data sources of a type. */
  readonly data: (type: string) => Readonly<Record<string, Block>>;
  /** `type.name` of every resource, sorted. */
  readonly addresses: readonly string[];
  readonly json: string;
}

type Tree = Readonly<Record<string, Readonly<Record<string, Block>>>>;

export const readSynthesized = (json: string): Synthesized => {
  const { resource = {}, data = {} } = JSON.parse(json) as { resource?: Tree; data?: Tree };
  return {
    all: (type) => resource[type] ?? {},
    one: (type) => {
      const [first, ...rest] = Object.values(resource[type] ?? {});
      if (first === undefined || rest.length > 0)
        throw new Error(`${rest.length + (first === undefined ? 0 : 1)} ${type}, not one`);
      return first;
    },
    data: (type) => data[type] ?? {},
    addresses: Object.entries(resource)
      .flatMap(([type, named]) => Object.keys(named).map((name) => `${type}.${name}`))
      .sort(),
    json,
  };
};

/** Builds constructs in a stack of their own and answers what they become. */
export const synthesized = (build: (stack: TerraformStack) => void): Synthesized =>
  withoutCreationStacks(() => {
    const stack = new TerraformStack(Testing.app({ outdir: 'unused' }), 'test');
    new AwsProvider(stack, 'aws', { region: 'us-east-1' });
    build(stack);
    return readSynthesized(Testing.synth(stack, true));
  });

export const repository = resolve(import.meta.dirname, '..', '..');

/** Archives with nothing in them, in place of those that `npm run build` makes. */
export const archives = join(import.meta.dirname, 'archives');

/** The settings of an environment with some of them changed, one entry a region. @throws when a rule is broken */
export const settingsOf = async (
  name: string,
  changes: Readonly<Record<string, unknown>> = {},
): Promise<Settings[]> => {
  const file = `environments/${name}.tfvars`;
  const { raw } = await readDocument(file, await readFile(join(repository, file), 'utf8'));
  const parsed = parseSettings({ ...raw, ...changes }, pathOf(file).environment);
  if (!parsed.ok) throw new Error(parsed.problems.map(({ setting, problem }) => `${setting} ${problem}`).join('\n'));
  return [...parsed.regions];
};

/** An environment's deployment in its primary region, with some settings changed. */
export const primaryDeploymentOf = async (
  name: string,
  changes: Readonly<Record<string, unknown>> = {},
): Promise<Deployment> => {
  const [given] = await settingsOf(name, changes);
  if (given === undefined) throw new Error(`${name} has no region`);
  const settings = literalSettings(given);
  return {
    settings,
    shape: shapeOf(settings),
    region: settings.regions[0] ?? '',
    primary: true,
    names: namesOf(settings),
    target: { kind: 'offline', stateFolder: '.' },
    archives,
  };
};
