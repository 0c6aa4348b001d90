/** Whole environments as Terraform JSON, without a folder. */
import { TerraformStack, Testing } from 'cdktf';
import type { DeploymentTarget } from '../../modules/stacks/deployment.ts';
import { buildApp } from '../../modules/stacks/synthesize.ts';
import { archives, readSynthesized, type Synthesized, settingsOf } from '../../modules/testing/synthesized.ts';

type Changes = Readonly<Record<string, unknown>>;
const offline: DeploymentTarget = { kind: 'offline', stateFolder: '/state' };

/** By stack, of all regions and layers. The stacks of an example are named as those of an environment. */
export const stacksOf = async (
  name: string,
  changes: Changes = {},
  target: DeploymentTarget = offline,
): Promise<ReadonlyMap<string, Synthesized>> => {
  const label = name.replace(/^examples\//, '').replaceAll('/', '-');
  const app = buildApp({ label, regions: await settingsOf(name, changes), target, outdir: 'unused', archives });
  const stacks = app.node.children.filter((child) => child instanceof TerraformStack);
  return new Map(stacks.map((stack) => [stack.node.id, readSynthesized(Testing.synth(stack))]));
};

/** `stack type.name` of every resource, sorted. */
export const addressesOf = async (name: string, changes?: Changes): Promise<string[]> =>
  [...(await stacksOf(name, changes))].flatMap(([stack, { addresses }]) =>
    addresses.map((address) => `${stack} ${address}`),
  );
