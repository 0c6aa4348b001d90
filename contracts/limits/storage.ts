/** Buckets, queues, secrets, keys, backups. */
import { advised, bytes, characters, cited, dotted, items, number, text, worded } from './limit.ts';

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
const bucket = {
  min: 3,
  max: 63,
  pattern:
    /^(?!xn--|sthree-|amzn-s3-demo-)(?!.*(-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$)(?!.*\.\.)(?!\d+\.\d+\.\d+\.\d+$)[a-z0-9][a-z0-9.-]*[a-z0-9]$/,
  be: 'lower-case letters, digits, dots and hyphens, with none of the starts and ends that S3 reserves',
};
export const storageLimits = [
  ...cited(
    'AmazonS3/latest/userguide/bucketnamingrules.html',
    text('aws_s3_bucket.bucket', 'the name of a bucket', bucket, 'names.data-bucket'),
  ),
  ...cited(
    'AmazonS3/latest/userguide/BucketRestrictions.html',
    bytes('aws_s3_bucket_policy.policy', 'the policy of a bucket', 20_480),
  ),
  ...cited(
    'AmazonS3/latest/API/API_PutBucketCors.html',
    items(
      'aws_s3_bucket_cors_configuration.cors_rule',
      'CORS rules of a bucket',
      { max: 100 },
      'data_bucket_cors_origins',
    ),
    bytes(
      'aws_s3_bucket_cors_configuration.cors_rule',
      'the CORS rules of a bucket',
      65_536,
      'data_bucket_cors_origins',
    ),
  ),
  ...cited(
    'AmazonS3/latest/API/API_PutBucketLifecycleConfiguration.html',
    items('aws_s3_bucket_lifecycle_configuration.rule', 'lifecycle rules of a bucket', { max: 1000 }),
    text('aws_s3_bucket_lifecycle_configuration.rule.id', 'the name of a lifecycle rule', { max: 255 }),
  ),
  ...cited(
    'AmazonS3/latest/userguide/object-keys.html',
    text('aws_s3_object.key', 'the key of an object', { min: 1, max: 1024, unit: 'bytes' }),
  ),
  ...cited(
    'AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html',
    text(
      'aws_sqs_queue.name',
      'the name of a queue',
      { min: 1, max: 80, pattern: /^[a-zA-Z0-9_-]*(\.fifo)?$/, be: 'letters, digits, _ and -' },
      'queues',
    ),
    number('aws_sqs_queue.visibility_timeout_seconds', 'how long a message is hidden', { min: 0, max: 43_200 }),
    number('aws_sqs_queue.message_retention_seconds', 'how long a message is kept', { min: 60, max: 1_209_600 }),
  ),
  ...cited(
    'AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-policies.html',
    bytes('aws_sqs_queue_policy.policy', 'the policy of a queue', 8192),
  ),
  ...cited(
    'secretsmanager/latest/userguide/reference_limits.html',
    text(
      'aws_secretsmanager_secret.name',
      'the name of a secret',
      { min: 1, max: 512, pattern: /^[a-zA-Z0-9/_+=.@-]*$/, be: 'letters, digits and / _ + = . @ -' },
      'container_secrets',
      'secret_prefix',
    ),
    text('aws_secretsmanager_secret.description', 'the description of a secret', { max: 2048 }),
    characters('aws_secretsmanager_secret_policy.policy', 'a resource policy', 20_480),
  ),
  ...cited(
    'kms/latest/APIReference/API_CreateAlias.html',
    text('aws_kms_alias.name', 'the alias of a key', {
      min: 1,
      max: 256,
      pattern: /^alias\/(?!aws\/)[a-zA-Z0-9/_-]+$/,
      be: 'alias/ and letters, digits, / _ -, not beginning with alias/aws/',
    }),
  ),
  ...cited(
    'kms/latest/APIReference/API_CreateKey.html',
    text('aws_kms_key.description', 'the description of a key', { max: 8192 }),
  ),
  ...cited(
    'kms/latest/developerguide/resource-limits.html',
    bytes('aws_kms_key.policy', 'the policy of a key', 32_768),
  ),
  ...cited(
    'aws-backup/latest/devguide/API_CreateBackupVault.html',
    text('aws_backup_vault.name', 'the name of a backup vault', { min: 2, max: 50, ...worded }),
  ),
  ...cited(
    'aws-backup/latest/devguide/API_CreateBackupPlan.html',
    text('aws_backup_plan.name', 'the name of a backup plan', { min: 1, max: 50, ...dotted }),
    text('aws_backup_plan.rule.rule_name', 'the name of a backup rule', { min: 1, max: 50, ...dotted }),
  ),
  ...cited(
    'aws-backup/latest/devguide/API_BackupSelection.html',
    text('aws_backup_selection.name', 'the name of what is backed up', { min: 1, max: 50, ...dotted }),
    advised(
      'Split the environment.',
      items('aws_backup_selection.resources', 'resources of a selection', { max: 500 }),
    ),
  ),
  ...cited(
    'firehose/latest/APIReference/API_CreateDeliveryStream.html',
    text('aws_kinesis_firehose_delivery_stream.name', 'the name of a delivery stream', { min: 1, max: 64, ...dotted }),
  ),
];
