/** Every replacement is create-first, except for resources that nothing depends on and that say why. */
import { type Block, repository } from '../../../modules/testing/synthesized.ts';
import { environmentNames } from '../../../modules/tfvars/read.ts';
import { stacksOf } from '../synth.ts';
import { blocksOf, dependenciesOf } from './blocks.ts';
import { destroyedFirst } from './reasons.ts';

const isCreateFirst = (block: Block): boolean =>
  (block.lifecycle as { create_before_destroy?: boolean } | undefined)?.create_before_destroy === true;

/** Resources that are destroyed first, and of those the ones that Terraform would make create-first all the same. */
const splitOf = (json: string) => {
  const blocks = blocksOf(json);
  const resources = [...blocks].filter(([address]) => !address.startsWith('data.'));
  const first = resources.filter(([, block]) => !isCreateFirst(block)).map(([address]) => address);
  const createFirst = resources.filter(([, block]) => isCreateFirst(block)).map(([address]) => address);
  const seen = dependenciesOf(blocks, createFirst);
  return { first, forced: first.filter((address) => seen.has(address)) };
};

/** Every environment, and a web ACL at a load balancer, which none has. */
const subjects: readonly (readonly [name: string, changes: Readonly<Record<string, unknown>>])[] = [
  ...(await environmentNames(repository)).map((name) => [name, {}] as const),
  ['examples/startup/staging', { waf: 'basic' }],
];

describe('what is replaced is made before the old one goes', () => {
  const found = new Set<string>();
  it.each(subjects)('in %s %j', async (name, changes) => {
    for (const [stack, { json }] of await stacksOf(name, changes)) {
      const { first, forced } = splitOf(json);
      expect([stack, forced]).toEqual([stack, []]);
      for (const address of first) found.add(address.split('.')[0] ?? '');
    }
  });

  it('except where AWS allows only one', () => {
    expect([...found].filter((type) => !destroyedFirst.has(type))).toEqual([]);
    expect([...destroyedFirst.keys()].filter((type) => !found.has(type))).toEqual([]);
  });
});
