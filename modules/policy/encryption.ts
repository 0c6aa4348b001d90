/** Nothing is stored or sent in the clear. */
import { type Block, each, inner, inners, isTrue, type Policy, type Resource, type StackView } from './view.ts';

/** Whether a resource of `type` refers to `resource`. */
const pairedWith = (view: StackView, { address }: Resource, type: string): Resource | undefined =>
  view.of(type).find(({ block }) => String(block.bucket ?? '').includes(`\${${address}.`));

const stores: Readonly<Record<string, (block: Block) => boolean>> = {
  // A replica has the encryption of its source.
  aws_db_instance: (block) => isTrue(block.storage_encrypted) || block.replicate_source_db !== undefined,
  aws_dynamodb_table: (block) => isTrue(inner(block, 'server_side_encryption').enabled),
  aws_elasticache_replication_group: (block) =>
    isTrue(block.at_rest_encryption_enabled) && isTrue(block.transit_encryption_enabled),
  aws_sns_topic: (block) => block.kms_master_key_id !== undefined,
  aws_sqs_queue: (block) => isTrue(block.sqs_managed_sse_enabled) || block.kms_master_key_id !== undefined,
  aws_launch_template: (block) =>
    inners(block, 'block_device_mappings').every((device) => isTrue(inner(device, 'ebs').encrypted)),
  aws_kinesis_firehose_delivery_stream: (block) => isTrue(inner(block, 'server_side_encryption').enabled),
};

export const storesAreEncrypted = each('stores are encrypted', Object.keys(stores), ({ type, block }) =>
  stores[type]?.(block) === false
    ? 'is not encrypted: switch its encryption on, in transit too where it has that'
    : undefined,
);

export const bucketsAreEncrypted = each('buckets are encrypted', ['aws_s3_bucket'], (bucket, view) =>
  pairedWith(view, bucket, 'aws_s3_bucket_server_side_encryption_configuration') === undefined
    ? 'has no encryption configuration: make it with the Bucket construct'
    : undefined,
);

export const distributionsUseTls = each('distributions use TLS', ['aws_cloudfront_distribution'], ({ block }) => {
  const behaviours = [inner(block, 'default_cache_behavior'), ...inners(block, 'ordered_cache_behavior')];
  return behaviours.some(({ viewer_protocol_policy }) => viewer_protocol_policy === 'allow-all')
    ? 'serves http: set the viewer protocol policy to redirect-to-https or https-only'
    : undefined;
});

export const listenersUseTls = each('listeners use TLS', ['aws_lb_listener'], ({ block }, view) => {
  const redirects = inners(block, 'default_action').every(({ type }) => type === 'redirect');
  if (block.protocol !== 'HTTP' || redirects) return undefined;
  // A custom service without a domain name has no certificate; the settings refuse Countersign itself without one.
  const alone = view.of('aws_lb_listener').every((other) => other.block.certificate_arn === undefined);
  return alone && !view.prod ? undefined : 'serves http: redirect to https, or give the environment a domain name';
});

export const encryption: readonly Policy[] = [
  storesAreEncrypted,
  bucketsAreEncrypted,
  distributionsUseTls,
  listenersUseTls,
];
