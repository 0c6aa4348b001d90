/** Finds what a stack would make and what is there already, so that it is imported: AWS would refuse to make it. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Host } from '../../platform/command.ts';
import type { Adopt, Import } from '../../platform/plans.ts';
import type { Stack, Workspace } from '../../platform/workspace.ts';
import { isNamed } from '../operated.ts';
import { adoptable, type Found } from './kinds.ts';

const Block = z.looseObject({
  name: z.string().optional(),
  identifier: z.string().optional(),
  provider: z.string().optional(),
  tags: z.record(z.string(), z.string()).optional(),
});
const Synthesized = z.object({
  resource: z.record(z.string(), z.record(z.string(), z.unknown())).default({}),
  provider: z
    .object({ aws: z.array(z.looseObject({ alias: z.string().optional(), region: z.string() })).default([]) })
    .default({ aws: [] }),
});

interface Wanted {
  readonly address: string;
  readonly type: string;
  readonly name: string;
  readonly region: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** What the stack makes of the kinds that may be there. A name that only Terraform can tell is left out. */
const wantedOf = async ({ folder, region }: Stack, known: ReadonlySet<string>): Promise<Wanted[]> => {
  const { resource, provider } = Synthesized.parse(JSON.parse(await readFile(join(folder, 'cdk.tf.json'), 'utf8')));
  return Object.entries(adoptable).flatMap(([type, { namedBy }]) =>
    Object.entries(resource[type] ?? {}).flatMap(([id, block]) => {
      const { provider: alias, tags = {}, ...named } = Block.parse(block);
      const name = named[namedBy];
      const address = `${type}.${id}`;
      if (name === undefined || name.includes('$' + '{') || known.has(address)) return [];
      const own = provider.aws.find((each) => alias !== undefined && `aws.${each.alias}` === alias);
      return [{ address, type, name, region: own?.region ?? region, tags }];
    }),
  );
};

/** Of this environment, as its tags say; what AWS made itself has none. */
const isOurs = (wanted: Wanted, { tags }: Found): boolean => {
  if (Object.keys(tags).length === 0) return adoptable[wanted.type]?.untagged === true;
  return ['Project', 'Environment'].every((tag) => tags[tag] === wanted.tags[tag]);
};

/** Whether the commands' own calls reach what terraform works on: AWS, or a stand-in that they are told of too. */
export const reachesTarget = ({ env }: Host, { target }: Pick<Workspace, 'target'>): boolean =>
  target.kind === 'aws' || (target.kind === 'emulator' && env.AWS_ENDPOINT_URL === target.url);

/** Looks in the account that the credentials are of. Who may not look takes nothing over. */
export const adoption =
  (host: Host): Adopt =>
  async (stack, known) => {
    const wanted = await wantedOf(stack, known);
    const looked = wanted.map(async (each): Promise<Import[]> => {
      const found = await adoptable[each.type]?.find(each.region, each.name).catch((error: unknown) => {
        if (isNamed(error, 'AccessDeniedException')) return undefined;
        throw error;
      });
      if (found === undefined) return [];
      if (isOurs(each, found)) return [{ to: each.address, id: found.id }];
      host.err(
        `${each.name} is there already and is not of this environment, as its tags say: terraform will not be able to make it. Delete it, or give this environment another name.`,
      );
      return [];
    });
    return (await Promise.all(looked)).flat();
  };
