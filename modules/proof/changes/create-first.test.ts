/** Every replacement is create-first, except for resources that nothing depends on and that say why. */
import { type Block, repository } from '../../testing/synthesized.ts';
import { environmentNames } from '../../tfvars/read.ts';
import { stacksOf } from '../synth.ts';

type Tree = Readonly<Record<string, Readonly<Record<string, Block>>>>;

/** Addresses of the resources and data sources that a block names, `depends_on` included. */
const named = (block: Block): readonly string[] =>
  [...JSON.stringify(block).matchAll(/(?:data\.)?\baws_[a-z0-9_]+\.[\w-]+/g)].map(([address]) => address);

const blocksOf = (json: string): ReadonlyMap<string, Block> => {
  const { resource = {}, data = {} } = JSON.parse(json) as { resource?: Tree; data?: Tree };
  const flat = (tree: Tree, prefix: string) =>
    Object.entries(tree).flatMap(([type, blocks]) =>
      Object.entries(blocks).map(([name, block]) => [`${prefix}${type}.${name}`, block] as const),
    );
  return new Map([...flat(resource, ''), ...flat(data, 'data.')]);
};

const isCreateFirst = (block: Block): boolean =>
  (block.lifecycle as { create_before_destroy?: boolean } | undefined)?.create_before_destroy === true;

/** Resources that are destroyed first, and of those the ones that Terraform would make create-first all the same. */
const destroyedFirst = (json: string) => {
  const blocks = blocksOf(json);
  const resources = [...blocks].filter(([address]) => !address.startsWith('data.'));
  const first = resources.filter(([, block]) => !isCreateFirst(block)).map(([address]) => address);
  const createFirst = resources.filter(([, block]) => isCreateFirst(block)).map(([address]) => address);
  const seen = new Set(createFirst);
  for (const address of seen)
    for (const other of named(blocks.get(address) ?? {})) if (blocks.has(other)) seen.add(other);
  return { first, forced: first.filter((address) => seen.has(address)) };
};

/** Kinds that AWS does not let stand twice. Each construct says why. */
const reasoned = new Set([
  'aws_backup_selection',
  'aws_cloudcontrolapi_resource',
  'aws_cloudwatch_log_delivery',
  'aws_cloudwatch_log_delivery_source',
  'aws_cognito_user_pool_domain',
  'aws_route53_record',
  'aws_wafv2_web_acl_association',
]);

/** Every environment, and a web ACL at a load balancer, which none has. */
const subjects: readonly (readonly [name: string, changes: Readonly<Record<string, unknown>>])[] = [
  ...(await environmentNames(repository)).map((name) => [name, {}] as const),
  ['examples/startup/staging', { waf: 'basic' }],
];

describe('what is replaced is made before the old one goes', () => {
  const found = new Set<string>();
  it.each(subjects)('in %s %j', async (name, changes) => {
    for (const [stack, { json }] of await stacksOf(name, changes)) {
      const { first, forced } = destroyedFirst(json);
      expect([stack, forced]).toEqual([stack, []]);
      for (const address of first) found.add(address.split('.')[0] ?? '');
    }
  });

  it('except where AWS allows only one', () => {
    expect([...found].filter((type) => !reasoned.has(type))).toEqual([]);
    expect([...reasoned].filter((type) => !found.has(type))).toEqual([]);
  });
});
