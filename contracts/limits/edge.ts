/** CloudFront, web ACLs, HTTP APIs. */
import { advised, bytes, cited, items, number, text, worded } from './limit.ts';

const webAcl = { min: 1, max: 128, ...worded };
const said = {
  min: 1,
  max: 256,
  pattern: /^[\w+=:#@/,.-][\w+=:#@/,.\s-]+[\w+=:#@/,.-]$/,
  be: 'three characters or more: letters, digits, spaces and _ + = : # @ / , . -, with no space at either end',
};
const waf = 'waf/latest/APIReference';
const api = 'apigateway/latest/developerguide';

export const edgeLimits = [
  ...cited(
    'AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html',
    items('aws_cloudfront_distribution.aliases', 'names of a distribution', { max: 100 }, 'domain_name'),
    items('aws_cloudfront_distribution.ordered_cache_behavior', 'behaviours of a distribution', { max: 74 }),
    items('aws_cloudfront_distribution.origin', 'origins of a distribution', { max: 100 }),
    items('aws_cloudfront_distribution.origin.custom_header', 'headers that CloudFront adds', { max: 30 }),
    text('aws_cloudfront_distribution.origin.custom_header.value', 'the value of a header that CloudFront adds', {
      max: 1783,
    }),
    advised(
      'Give fewer values in the preview secret.',
      text('aws_cloudfront_function.code', 'the code of a CloudFront function', { min: 1, max: 10_240, unit: 'bytes' }),
    ),
  ),
  ...cited(
    'cloudfront/latest/APIReference/API_DistributionConfig.html',
    text('aws_cloudfront_distribution.comment', 'the comment of a distribution', { max: 128 }, 'names.distribution'),
  ),
  ...cited(
    'cloudfront/latest/APIReference/API_CreateFunction.html',
    text(
      'aws_cloudfront_function.name',
      'the name of a CloudFront function',
      { min: 1, max: 64, ...worded },
      'names.distribution',
    ),
  ),
  ...cited(
    `${waf}/API_CreateWebACL.html`,
    text('aws_wafv2_web_acl.name', 'the name of a web ACL', webAcl),
    text('aws_wafv2_web_acl.description', 'the description of a web ACL', said),
    text('aws_wafv2_web_acl.rule.name', 'the name of a rule', webAcl),
    text('aws_wafv2_web_acl.visibility_config.metric_name', 'the name of a metric', {
      min: 1,
      max: 255,
      pattern: /^[\w#:./-]*$/,
      be: 'letters, digits and _ # : . / -',
    }),
  ),
  ...cited(
    `${waf}/API_CreateIPSet.html`,
    text('aws_wafv2_ip_set.name', 'the name of a set of addresses', webAcl),
    text('aws_wafv2_ip_set.description', 'the description of a set of addresses', said),
  ),
  ...cited(
    'waf/latest/developerguide/limits.html',
    items('aws_wafv2_ip_set.addresses', 'addresses of a set', { max: 10_000 }, 'waf_allowed_cidrs'),
    items('aws_wafv2_web_acl.custom_response_body', 'response bodies of a web ACL', { max: 50 }),
    items('aws_wafv2_web_acl_logging_configuration.log_destination_configs', 'log groups of a web ACL', { max: 1 }),
  ),
  ...cited(
    'waf/latest/APIReference/API_RateBasedStatement.html',
    number(
      'aws_wafv2_web_acl.rule.statement.rate_based_statement.limit',
      'requests one address may make',
      { min: 10, max: 2_000_000_000 },
      'waf_rate_per_minute',
      'waf_tool_rate_per_minute',
    ),
  ),
  ...cited(
    'waf/latest/developerguide/logging-cw-logs.html',
    text('aws_wafv2_web_acl_logging_configuration.log_destination_configs.->name', 'the log group of a web ACL', {
      pattern: /^aws-waf-logs-/,
      be: 'a name that begins with aws-waf-logs-',
    }),
  ),
  ...cited(
    'apigatewayv2/latest/api-reference/apis.html',
    text('aws_apigatewayv2_api.name', 'the name of an API', { min: 1, max: 128 }, 'names.api'),
    text('aws_apigatewayv2_api.description', 'the description of an API', { max: 1024 }),
    text('aws_apigatewayv2_authorizer.name', 'the name of an authorizer', { min: 1, max: 128 }, 'names.authorizer'),
    text('aws_apigatewayv2_vpc_link.name', 'the name of a VPC link', { min: 1, max: 128 }),
    number(
      'aws_apigatewayv2_integration.timeout_milliseconds',
      'how long an HTTP API waits',
      { min: 50, max: 30_000 },
      'api_timeout_ms',
    ),
  ),
  ...cited(
    'apigatewayv2/latest/api-reference/domainnames.html',
    text(
      'aws_apigatewayv2_domain_name.domain_name',
      'the domain name of an API',
      { min: 1, max: 512 },
      'domain_name',
      'api_domain_name',
    ),
  ),
  ...cited(
    'cloudfront/latest/APIReference/API_FunctionConfig.html',
    text('aws_cloudfront_function.comment', 'the comment of a CloudFront function', { max: 128 }),
  ),
  ...cited(
    `${api}/http-api-quotas.html`,
    items('aws_apigatewayv2_route per api_id', 'routes of an API', { max: 300 }),
    items('aws_apigatewayv2_integration per api_id', 'integrations of an API', { max: 300 }),
    items('aws_apigatewayv2_authorizer per api_id', 'authorizers of an API', { max: 10 }),
    items('aws_apigatewayv2_stage per api_id', 'stages of an API', { max: 10 }),
    bytes('aws_apigatewayv2_stage.access_log_settings.format', 'the format of an access log', 3072),
    items('aws_apigatewayv2_vpc_link.subnet_ids', 'subnets of a VPC link', { max: 10 }, 'availability_zones'),
  ),
];
