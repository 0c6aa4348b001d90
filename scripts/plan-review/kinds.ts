/** What a reviewer must look at first, by type of resource. */

/** Holds data, or people, or keys to data: destroying one loses what no plan brings back. */
export const statefulTypes: ReadonlySet<string> = new Set([
  'aws_backup_vault',
  'aws_cloudwatch_log_group',
  'aws_cognito_identity_pool',
  'aws_cognito_user_pool',
  'aws_db_instance',
  'aws_dynamodb_table',
  'aws_ecr_repository',
  'aws_elasticache_replication_group',
  'aws_kms_key',
  'aws_rds_cluster',
  'aws_route53_zone',
  'aws_s3_bucket',
  'aws_secretsmanager_secret',
  'aws_sqs_queue',
]);

export type Kind = 'access' | 'network' | 'other';

// Who may do what.
const access = /^aws_(iam_|kms_key$|kms_grant|lambda_permission|cognito_identity_pool_roles|.*_policy$|.*_permission$)/;
// What can reach what.
const network =
  /^aws_(security_group|default_security_group|vpc_security_group|network_acl|default_network_acl|route$|route_table|subnet|vpc$|vpc_endpoint|nat_gateway|internet_gateway|eip|wafv2_|lb_listener|s3_bucket_public_access_block)/;
// Named like policies of access, but they are not.
const neither = /^aws_(appautoscaling_policy|autoscaling_policy|ecr_lifecycle_policy|cloudfront_.*_policy)$/;

export const kindOf = (type: string): Kind => {
  if (neither.test(type)) return 'other';
  if (access.test(type)) return 'access';
  return network.test(type) ? 'network' : 'other';
};
