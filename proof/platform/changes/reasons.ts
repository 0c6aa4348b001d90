/** Kinds that AWS does not let stand twice, so that a replacement goes first. Their constructs cite where it says so. */
export const destroyedFirst: ReadonlyMap<string, string> = new Map([
  ['aws_backup_selection', 'AWS does not say that a plan takes two of one name'],
  ['aws_cloudcontrolapi_resource', 'the style of a sign-in page goes with its domain'],
  ['aws_cloudwatch_log_delivery', 'it goes with its source'],
  ['aws_cloudwatch_log_delivery_source', 'a distribution has one for a type of log'],
  ['aws_cognito_user_pool_domain', 'a user pool has one with a prefix'],
  ['aws_route53_record', 'a record with a latency cannot stand beside one without'],
  ['aws_wafv2_web_acl_association', 'a load balancer has one, and destroying it takes off whichever is there'],
]);
