/** The blocks of a synthesized stack, and what depends on what. */
import type { Block } from '../../../modules/testing/synthesized.ts';

type Tree = Readonly<Record<string, Readonly<Record<string, Block>>>>;
export type Blocks = ReadonlyMap<string, Block>;

/** Addresses of the resources and data sources that a block or a part of it names, `depends_on` included. */
export const namesIn = (block: unknown): readonly string[] =>
  [...(JSON.stringify(block) ?? '').matchAll(/(?:data\.)?\b(?:aws|terraform)_[a-z0-9_]+\.[\w-]+/g)].map(
    ([address]) => address,
  );

/** Resources and data sources by address. */
export const blocksOf = (json: string): Blocks => {
  const { resource = {}, data = {} } = JSON.parse(json) as { resource?: Tree; data?: Tree };
  const flat = (tree: Tree, prefix: string) =>
    Object.entries(tree).flatMap(([type, blocks]) =>
      Object.entries(blocks).map(([name, block]) => [`${prefix}${type}.${name}`, block] as const),
    );
  return new Map([...flat(resource, ''), ...flat(data, 'data.')]);
};

/** Everything that these depend on, themselves included. */
export const dependenciesOf = (blocks: Blocks, addresses: Iterable<string>): ReadonlySet<string> => {
  const seen = new Set(addresses);
  for (const address of seen)
    for (const other of namesIn(blocks.get(address) ?? {})) if (blocks.has(other)) seen.add(other);
  return seen;
};

/** Everything that depends on these, themselves included. */
export const dependantsOf = (blocks: Blocks, addresses: Iterable<string>): ReadonlySet<string> => {
  const users = new Map<string, string[]>();
  for (const [address, block] of blocks)
    for (const other of new Set(namesIn(block))) users.set(other, [...(users.get(other) ?? []), address]);
  const seen = new Set(addresses);
  for (const address of seen) for (const user of users.get(address) ?? []) seen.add(user);
  return seen;
};

/** Blocks that only one of two stacks has, or that both have otherwise. */
export const differing = (before: Blocks, after: Blocks): ReadonlySet<string> =>
  new Set(
    [...new Set([...before.keys(), ...after.keys()])].filter(
      (address) => JSON.stringify(before.get(address)) !== JSON.stringify(after.get(address)),
    ),
  );
