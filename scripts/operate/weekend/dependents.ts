/** Which resources come and go with the load balancer: those that a synthesis with it and one without it do not have in common. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { Stack, Workspace } from '../../platform/workspace.ts';

const Synthesized = z.object({ resource: z.record(z.string(), z.record(z.string(), z.unknown())).default({}) });

const resourcesOf = async ({ folder }: Stack): Promise<ReadonlyMap<string, unknown>> => {
  const { resource } = Synthesized.parse(JSON.parse(await readFile(join(folder, 'cdk.tf.json'), 'utf8')));
  const all = Object.entries(resource).flatMap(([type, byName]) =>
    Object.entries(byName).map(([name, body]) => [`${type}.${name}`, body] as const),
  );
  return new Map(all);
};

/** Addresses by stack, of all that differs between two syntheses of the same environment. */
export const dependentsOf = async (
  now: Pick<Workspace, 'stacks'>,
  other: Pick<Workspace, 'stacks'>,
): Promise<ReadonlyMap<string, readonly string[]>> => {
  const found = new Map<string, readonly string[]>();
  for (const stack of now.stacks) {
    const twin = other.stacks.find(({ name }) => name === stack.name);
    if (twin === undefined) continue;
    const [here, there] = await Promise.all([resourcesOf(stack), resourcesOf(twin)]);
    const addresses = [...new Set([...here.keys(), ...there.keys()])];
    found.set(
      stack.name,
      addresses.filter((address) => !isDeepStrictEqual(here.get(address), there.get(address))),
    );
  }
  return found;
};
