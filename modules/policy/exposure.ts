/** Nothing is reachable from the internet but what must be. */
import { each, inners, isTrue, type Policy } from './view.ts';

const everyone = new Set(['0.0.0.0/0', '::/0']);

export const databasesArePrivate = each('databases are private', ['aws_db_instance'], ({ block }) =>
  isTrue(block.publicly_accessible) ? 'is public: set publicly_accessible to false' : undefined,
);

const blocks = ['block_public_acls', 'block_public_policy', 'ignore_public_acls', 'restrict_public_buckets'] as const;

export const bucketsArePrivate = each('buckets are private', ['aws_s3_bucket'], ({ address }, view) => {
  const block = view
    .of('aws_s3_bucket_public_access_block')
    .find((access) => String(access.block.bucket ?? '').includes(`\${${address}.`));
  return block !== undefined && blocks.every((name) => isTrue(block.block[name]))
    ? undefined
    : 'may become public: make it with the Bucket construct, which blocks public access';
});

/** A public load balancer alone takes traffic from everyone, on 80 and 443. */
export const ingressIsNarrow = each(
  'ingress is narrow',
  ['aws_vpc_security_group_ingress_rule'],
  ({ address, block }) => {
    const open = everyone.has(String(block.cidr_ipv4)) || everyone.has(String(block.cidr_ipv6));
    if (!open) return undefined;
    const web = block.from_port === block.to_port && (block.from_port === 80 || block.from_port === 443);
    return web && address.includes('load-balancer')
      ? undefined
      : 'is open to everyone: only a public load balancer may be, on 80 and 443';
  },
);

/** Rules stand alone, so that each has a description and can be checked. */
export const noInlineRules = each(
  'groups have no inline rules',
  ['aws_security_group', 'aws_default_security_group'],
  ({ block }) =>
    inners(block, 'ingress').length > 0 || inners(block, 'egress').length > 0
      ? 'has rules inside: make one aws_vpc_security_group_ingress_rule or _egress_rule each'
      : undefined,
);

export const exposure: readonly Policy[] = [databasesArePrivate, bucketsArePrivate, ingressIsNarrow, noInlineRules];
