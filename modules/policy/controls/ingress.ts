/**
 * Controls of what requests come in by. https://docs.aws.amazon.com/securityhub/latest/userguide/elb-controls.html and
 * the pages of API Gateway, CloudFront, ACM, Route 53 and WAF beside it.
 */
import { inner, inners, isTrue, type Resource } from '../view.ts';
import { type Control, on, onSome, refersTo } from './control.ts';

const redirects = ({ block }: Resource): boolean =>
  inners(block, 'default_action').every(({ type, redirect }) => type === 'redirect' && redirect !== undefined);

// ELB.17 names these and no others; those of the PQ series besides.
const recommendedPolicy =
  /^ELBSecurityPolicy-TLS13-1-(3-(FIPS-)?(2021-06|2023-04|PQ-2025-09)|2-Res-(FIPS-)?(2021-06|2023-04|PQ-2025-09))$/;

const several = (value: unknown): boolean => Array.isArray(value) && value.length > 1;
const instanceOrIp = ({ block }: Resource): boolean => block.target_type !== 'lambda' && block.target_type !== 'alb';

const balancer = 'aws_lb';

export const balancerControls: readonly Control[] = [
  onSome(
    'aws_lb_listener',
    ({ block }) => block.protocol === 'HTTP',
    'ELB.1',
    'Application Load Balancer should be configured to redirect all HTTP requests to HTTPS',
    redirects,
  ),
  on(balancer, 'ELB.4', 'Application Load Balancer should be configured to drop invalid http headers', ({ block }) =>
    isTrue(block.drop_invalid_header_fields),
  ),
  on(balancer, 'ELB.5', 'Application and Classic Load Balancers logging should be enabled', ({ block }) =>
    isTrue(inner(block, 'access_logs').enabled),
  ),
  on(
    balancer,
    'ELB.6',
    'Application, Gateway, and Network Load Balancers should have deletion protection enabled',
    ({ block }) => isTrue(block.enable_deletion_protection),
  ),
  on(
    balancer,
    'ELB.12',
    'Application Load Balancer should be configured with defensive or strictest desync mitigation mode',
    ({ block }) => ['defensive', 'strictest'].includes(String(block.desync_mitigation_mode)),
  ),
  on(
    balancer,
    'ELB.13',
    'Application, Network and Gateway Load Balancers should span multiple Availability Zones',
    ({ block }) => several(block.subnets),
  ),
  onSome(
    'aws_lb_listener',
    ({ block }) => block.protocol === 'HTTPS',
    'ELB.17',
    'Application and Network Load Balancers with listeners should use recommended security policies',
    ({ block }) => recommendedPolicy.test(String(block.ssl_policy)),
  ),
  on(
    'aws_lb_listener',
    'ELB.18',
    'Application and Network Load Balancer listeners should use secure protocols to encrypt data in transit',
    ({ block }) => block.protocol === 'HTTPS',
  ),
  onSome(
    'aws_lb_target_group',
    instanceOrIp,
    'ELB.21',
    'Application and Network Load Balancer target groups should use encrypted health check protocols',
    ({ block }) => inner(block, 'health_check').protocol === 'HTTPS',
  ),
  onSome(
    'aws_lb_target_group',
    instanceOrIp,
    'ELB.22',
    'ELB target groups should use encrypted transport protocols',
    ({ block }) => block.protocol === 'HTTPS',
  ),
];

export const apiControls: readonly Control[] = [
  on(
    'aws_apigatewayv2_route',
    'APIGateway.8',
    'API Gateway routes should specify an authorization type',
    ({ block }) => block.authorization_type !== undefined && block.authorization_type !== 'NONE',
  ),
  on(
    'aws_apigatewayv2_stage',
    'APIGateway.9',
    'Access logging should be configured for API Gateway V2 Stages',
    ({ block }) => inner(block, 'access_log_settings').destination_arn !== undefined,
  ),
  onSome(
    'aws_apigatewayv2_integration',
    ({ block }) => block.connection_type === 'VPC_LINK',
    'APIGateway.10',
    'API Gateway V2 integrations should use HTTPS for private connections',
    ({ block }) => inner(block, 'tls_config').server_name_to_verify !== undefined,
  ),
  on(
    'aws_apigatewayv2_domain_name',
    'APIGateway.11',
    'API Gateway domain names should use recommended security policies',
    ({ block }) => /_2025_/.test(String(inner(block, 'domain_name_configuration').security_policy)),
  ),
];

const distribution = 'aws_cloudfront_distribution';
const behavioursOf = ({ block }: Resource) => [
  inner(block, 'default_cache_behavior'),
  ...inners(block, 'ordered_cache_behavior'),
];
const customOrigins = ({ block }: Resource) =>
  inners(block, 'origin')
    .map((origin) => inner(origin, 'custom_origin_config'))
    .filter((config) => Object.keys(config).length > 0);
const ownCertificate = ({ block }: Resource): boolean =>
  inner(block, 'viewer_certificate').acm_certificate_arn !== undefined;

export const edgeControls: readonly Control[] = [
  on(distribution, 'CloudFront.3', 'CloudFront distributions should require encryption in transit', (resource) =>
    behavioursOf(resource).every(({ viewer_protocol_policy }) => viewer_protocol_policy !== 'allow-all'),
  ),
  on(distribution, 'CloudFront.4', 'CloudFront distributions should have origin failover configured', ({ block }) =>
    inners(block, 'origin_group').some((group) => inners(group, 'member').length > 1),
  ),
  // Only the older kind of log counts, says the control.
  on(
    distribution,
    'CloudFront.5',
    'CloudFront distributions should have logging enabled',
    ({ block }) => inner(block, 'logging_config').bucket !== undefined,
  ),
  on(
    distribution,
    'CloudFront.6',
    'CloudFront distributions should have WAF enabled',
    ({ block }) => block.web_acl_id !== undefined,
  ),
  on(distribution, 'CloudFront.7', 'CloudFront distributions should use custom SSL/TLS certificates', ownCertificate),
  onSome(
    distribution,
    ownCertificate,
    'CloudFront.8',
    'CloudFront distributions should use SNI to serve HTTPS requests',
    ({ block }) => inner(block, 'viewer_certificate').ssl_support_method === 'sni-only',
  ),
  on(distribution, 'CloudFront.9', 'CloudFront distributions should encrypt traffic to custom origins', (resource) =>
    customOrigins(resource).every(({ origin_protocol_policy }) => origin_protocol_policy === 'https-only'),
  ),
  on(
    distribution,
    'CloudFront.10',
    'CloudFront distributions should not use deprecated SSL protocols between edge locations and custom origins',
    (resource) =>
      customOrigins(resource).every(
        ({ origin_ssl_protocols }) => !JSON.stringify(origin_ssl_protocols).includes('SSL'),
      ),
  ),
  onSome(
    distribution,
    ownCertificate,
    'CloudFront.15',
    'CloudFront distributions should use the recommended TLS security policy',
    ({ block }) =>
      ['TLSv1.2_2021', 'TLSv1.2_2025', 'TLSv1.3_2025'].includes(
        String(inner(block, 'viewer_certificate').minimum_protocol_version),
      ),
  ),
  on(
    'aws_acm_certificate',
    'ACM.2',
    'RSA certificates managed by ACM should use a key length of at least 2,048 bits',
    ({ block }) => block.key_algorithm !== 'RSA_1024',
  ),
  on('aws_route53_zone', 'Route53.2', 'Route 53 public hosted zones should log DNS queries', (zone, view) =>
    view.of('aws_route53_query_log').some(({ block }) => refersTo(block.zone_id, zone)),
  ),
  on(
    'aws_wafv2_web_acl',
    'WAF.10',
    'AWS WAF web ACLs should have at least one rule or rule group',
    ({ block }) => inners(block, 'rule').length > 0,
  ),
  on('aws_wafv2_web_acl', 'WAF.12', 'AWS WAF rules should have CloudWatch metrics enabled', ({ block }) =>
    inners(block, 'rule').every((rule) => isTrue(inner(rule, 'visibility_config').cloudwatch_metrics_enabled)),
  ),
];
