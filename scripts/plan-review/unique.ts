/** What makes a resource unique to AWS: two with the same values cannot stand at once, whatever Terraform calls them. */

/** Attributes by type. Each is of one account and region, so neither is among them. */
const keys: Readonly<Record<string, readonly string[]>> = {
  aws_apigatewayv2_api_mapping: ['domain_name', 'api_mapping_key'],
  aws_apigatewayv2_domain_name: ['domain_name'],
  aws_apigatewayv2_route: ['api_id', 'route_key'],
  aws_apigatewayv2_stage: ['api_id', 'name'],
  aws_appautoscaling_policy: ['resource_id', 'scalable_dimension', 'name'],
  aws_appautoscaling_scheduled_action: ['resource_id', 'scalable_dimension', 'name'],
  aws_appautoscaling_target: ['resource_id', 'scalable_dimension'],
  aws_autoscaling_group: ['name'],
  aws_backup_plan: ['name'],
  aws_backup_vault: ['name'],
  aws_budgets_budget: ['name'],
  aws_cloudfront_function: ['name'],
  aws_cloudtrail: ['name'],
  aws_cloudwatch_composite_alarm: ['alarm_name'],
  aws_cloudwatch_dashboard: ['dashboard_name'],
  aws_cloudwatch_event_rule: ['event_bus_name', 'name'],
  aws_cloudwatch_log_delivery_destination: ['name'],
  aws_cloudwatch_log_delivery_source: ['resource_arn', 'log_type'],
  aws_cloudwatch_log_group: ['name'],
  aws_cloudwatch_log_metric_filter: ['log_group_name', 'name'],
  aws_cloudwatch_log_subscription_filter: ['log_group_name', 'name'],
  aws_cloudwatch_metric_alarm: ['alarm_name'],
  aws_cognito_resource_server: ['user_pool_id', 'identifier'],
  aws_cognito_user_group: ['user_pool_id', 'name'],
  aws_cognito_user_pool_domain: ['user_pool_id'],
  aws_db_instance: ['identifier'],
  aws_db_parameter_group: ['name'],
  aws_db_subnet_group: ['name'],
  aws_dynamodb_table: ['name'],
  aws_ecr_repository: ['name'],
  aws_ecs_cluster: ['name'],
  aws_ecs_service: ['cluster', 'name'],
  aws_elasticache_parameter_group: ['name'],
  aws_elasticache_replication_group: ['replication_group_id'],
  aws_elasticache_subnet_group: ['name'],
  aws_iam_instance_profile: ['name'],
  aws_iam_openid_connect_provider: ['url'],
  aws_iam_policy: ['name'],
  aws_iam_role: ['name'],
  aws_iam_role_policy: ['role', 'name'],
  aws_kinesis_firehose_delivery_stream: ['name'],
  aws_kms_alias: ['name'],
  aws_lambda_alias: ['function_name', 'name'],
  aws_lambda_function: ['function_name'],
  aws_launch_template: ['name'],
  aws_lb: ['name'],
  aws_lb_listener: ['load_balancer_arn', 'port'],
  aws_lb_listener_rule: ['listener_arn', 'priority'],
  aws_lb_target_group: ['name'],
  // An address is that of one gateway.
  aws_nat_gateway: ['allocation_id'],
  aws_route: ['route_table_id', 'destination_cidr_block'],
  aws_route53_record: ['zone_id', 'name', 'type', 'set_identifier'],
  aws_s3_bucket: ['bucket'],
  aws_scheduler_schedule: ['group_name', 'name'],
  aws_secretsmanager_secret: ['name'],
  aws_security_group: ['vpc_id', 'name'],
  aws_service_discovery_private_dns_namespace: ['vpc', 'name'],
  aws_service_discovery_service: ['namespace_id', 'name'],
  aws_sesv2_configuration_set: ['configuration_set_name'],
  aws_sesv2_email_identity: ['email_identity'],
  aws_sns_topic: ['name'],
  aws_sqs_queue: ['name'],
  aws_subnet: ['vpc_id', 'cidr_block'],
  aws_wafv2_ip_set: ['scope', 'name'],
  aws_wafv2_web_acl: ['scope', 'name'],
  aws_wafv2_web_acl_association: ['resource_arn'],
  aws_xray_group: ['group_name'],
  aws_xray_sampling_rule: ['rule_name'],
};

/**
 * The key of a resource, as a text that no other type shares. Undefined for a type without one, and where a part is not
 * known yet: AWS then makes it, and it is new.
 */
export const uniqueKey = (type: string, values: Readonly<Record<string, unknown>> | null): string | undefined => {
  const names = keys[type];
  if (names === undefined || values === null) return undefined;
  const parts = names.map((name) => values[name] ?? '');
  if (parts.every((part) => part === '') || names.some((name, index) => isOpen(name, values, parts[index]))) return;
  return JSON.stringify([type, ...parts]);
};

/** Optional parts may be empty in a plan; the others are not known yet when they are. */
const optional = new Set(['set_identifier', 'api_mapping_key', 'event_bus_name', 'group_name']);
const isOpen = (name: string, values: Readonly<Record<string, unknown>>, part: unknown): boolean =>
  !optional.has(name) && (part === '' || !Object.hasOwn(values, name));
