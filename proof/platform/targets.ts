/** How the stacks for the stand-in differ from those that are planned and deployed. */
import { isDeepStrictEqual } from 'node:util';
import { TerraformStack, Testing } from 'cdktf';
import type { DeploymentTarget } from '../../modules/stacks/deployment.ts';
import { buildApp } from '../../modules/stacks/synthesize.ts';
import { archives, type Block, settingsOf } from '../../modules/testing/synthesized.ts';

type Resources = ReadonlyMap<string, { readonly type: string; readonly block: Block }>;

const resourcesOf = async (
  name: string,
  target: DeploymentTarget,
  changes?: Readonly<Record<string, unknown>>,
): Promise<Resources> => {
  const regions = await settingsOf(name, changes);
  const app = buildApp({ label: 'label', regions, target, outdir: 'unused', archives });
  const found = new Map<string, { type: string; block: Block }>();
  for (const stack of app.node.children) {
    if (!(stack instanceof TerraformStack)) continue;
    const { resource } = JSON.parse(Testing.synth(stack)) as { resource: Record<string, Record<string, Block>> };
    for (const [type, blocks] of Object.entries(resource))
      for (const [id, block] of Object.entries(blocks)) found.set(`${stack.node.id} ${type}.${id}`, { type, block });
  }
  return found;
};

/** Types of resources that only one of the two has, and `type.attribute` of those that both have otherwise. */
export const differences = async (name: string, changes?: Readonly<Record<string, unknown>>): Promise<string[]> => {
  const stateFolder = '/state';
  const real = await resourcesOf(name, { kind: 'offline', stateFolder }, changes);
  const emulated = await resourcesOf(name, { kind: 'emulator', stateFolder, url: 'http://127.0.0.1' }, changes);
  const found = [...emulated].filter(([address]) => !real.has(address)).map(([, { type }]) => type);
  for (const [address, { type, block }] of real) {
    const other = emulated.get(address)?.block;
    if (other === undefined) found.push(type);
    // What stands there is where a resource came from.
    else
      for (const attribute of new Set([...Object.keys(block), ...Object.keys(other)]))
        if (attribute !== '//' && !isDeepStrictEqual(block[attribute], other[attribute]))
          found.push(`${type}.${attribute}`);
  }
  return [...new Set(found)];
};
