/** Rules of how requests come in, under which names. */
import { textProblem } from '../limits/held.ts';
import { limitAt } from '../limits/index.ts';
import type { Settings } from './resolve.ts';
import { rule } from './rule.ts';
import { shapeOf } from './shape.ts';

/** Host names that must be found in the hosted zone. */
const hostNames = (s: Settings): string[] => [
  ...new Set(
    [s.domain_name, ...(s.ingress_mode === 'edge' ? [s.origin_domain_name, s.api_domain_name] : [])].filter(
      (name) => name !== undefined,
    ),
  ),
];
const isIn = (name: string, zone: string | undefined): boolean => name === zone || name.endsWith(`.${zone}`);
const isBalancerName = (name: string): boolean => {
  const { rule: limit, what } = limitAt('aws_lb.name', 'text');
  return textProblem(limit.text, what, name) === undefined;
};

export const ingressRules = [
  rule(
    'ingress_mode',
    'must be api-gateway or edge with compute_mode lambda: there is no load balancer',
    (s) => s.compute_mode === 'lambda' && s.ingress_mode === 'alb',
  ),
  rule(
    'ingress_mode',
    'must be alb with compute_mode ec2',
    (s) => s.compute_mode === 'ec2' && s.ingress_mode !== 'alb',
  ),
  rule(
    'domain_record',
    'move needs domain_name, hosted_zone_id, ingress_mode alb, a public load balancer and one region',
    (s) =>
      s.domain_record === 'move' &&
      (s.domain_name === undefined ||
        s.hosted_zone_id === undefined ||
        s.ingress_mode !== 'alb' ||
        s.alb_internal ||
        s.regions.length > 1),
  ),
  rule('rest_facade', 'needs ingress_mode api-gateway or edge', (s) => s.rest_facade && s.ingress_mode === 'alb'),
  rule(
    'rest_facade',
    'must not be false with ingress_mode api-gateway or compute_mode lambda: nothing would be left to serve',
    (s) => !s.rest_facade && (s.ingress_mode === 'api-gateway' || s.compute_mode === 'lambda'),
  ),
  rule(
    'domain_name',
    'is required for Countersign: tokens are issued for the name clients type, over https only',
    (s) => s.container === 'countersign' && s.domain_name === undefined,
  ),
  rule(
    'domain_name',
    'is required with a VPC link: the HTTP API checks the load balancer’s certificate by name',
    (s) => shapeOf(s).vpcLink && s.domain_name === undefined,
  ),
  rule(
    'domain_name',
    'is required with destroy_albs_when_scaled_down: the load balancer’s own name changes every weekend',
    (s) => s.destroy_albs_when_scaled_down && s.domain_name === undefined,
  ),
  rule(
    'hosted_zone_id',
    'is required with domain_name, or create_hosted_zone = true',
    (s) => s.domain_name !== undefined && s.hosted_zone_id === undefined && !s.create_hosted_zone,
  ),
  rule(
    'create_hosted_zone',
    'needs domain_name, and no hosted_zone_id',
    (s) => s.create_hosted_zone && (s.domain_name === undefined || s.hosted_zone_id !== undefined),
  ),
  rule(
    'create_hosted_zone',
    'needs a single region: make the zone once and give hosted_zone_id',
    (s) => s.create_hosted_zone && s.regions.length > 1,
  ),
  rule(
    'hosted_zone_name',
    'must hold domain_name, and with ingress_mode edge origin_domain_name and api_domain_name',
    (s) => s.create_hosted_zone && hostNames(s).some((name) => !isIn(name, s.hosted_zone_name)),
  ),
  rule(
    'domain_name',
    'must have at most 64 characters: it is the name of the certificate',
    (s) => (s.domain_name ?? '').length > 64,
  ),
  rule(
    'origin_access',
    'must be public with several regions: the distribution finds the nearest load balancer by its name',
    (s) => s.origin_access === 'vpc-origin' && s.ingress_mode === 'edge' && s.regions.length > 1,
  ),
  rule(
    'names',
    'must give the load balancer a name of its own: by default it is <name_prefix>-alb, and AWS takes at most 32 letters, digits and hyphens',
    (s) => shapeOf(s).targetGroups && !isBalancerName(s.names['load-balancer'] ?? `${s.name_prefix}-alb`),
  ),
  rule(
    'latency_routing',
    'needs domain_name',
    (s) => s.latency_routing && s.domain_name === undefined && s.regions.length === 1,
  ),
  rule(
    'alb_internal',
    'must be true with ingress_mode api-gateway: the VPC link reaches a private load balancer',
    (s) => s.ingress_mode === 'api-gateway' && shapeOf(s).targetGroups && !s.alb_internal,
  ),
  rule(
    'alb_internal',
    'must be true with origin_access vpc-origin, and false with public',
    (s) =>
      s.ingress_mode === 'edge' && shapeOf(s).targetGroups && s.alb_internal !== (s.origin_access === 'vpc-origin'),
  ),
  rule(
    'alb_sources',
    'are for a public load balancer without CloudFront',
    (s) => s.alb_sources.length > 0 && (s.alb_internal || s.ingress_mode !== 'alb'),
  ),
  rule(
    'waf',
    'basic or full needs ingress_mode edge or a load balancer: an HTTP API takes no web ACL',
    // Between weekends there is none for a while.
    (s) => s.waf !== 'off' && !shapeOf(s).distribution && !shapeOf(s).targetGroups,
  ),
  rule(
    'waf_tool_rate_per_address',
    'must be at least waf_tool_rate_per_minute: every caller of an address counts towards it',
    (s) => s.waf_tool_rate_per_address < s.waf_tool_rate_per_minute,
  ),
  rule('waf_allowed_countries', 'need waf full', (s) => s.waf_allowed_countries.length > 0 && s.waf !== 'full'),
  rule('waf_allowed_cidrs', 'need waf full', (s) => s.waf_allowed_cidrs.length > 0 && s.waf !== 'full'),
  rule(
    'api_key_required',
    'needs the HTTP API and its authorizer: ingress_mode api-gateway, or rest_facade with edge, and auth other than none',
    (s) => s.api_key_required && !shapeOf(s).authorizer,
  ),
  rule(
    'employee_prefix',
    'needs employee_claim',
    (s) => s.employee_prefix !== undefined && s.employee_claim === undefined,
  ),
  rule(
    'sso_issuer',
    'and sso_client_id are required with auth sso',
    (s) => s.auth === 'sso' && (s.sso_issuer === undefined || s.sso_client_id === undefined),
  ),
  rule('sso_issuer', 'is for auth sso', (s) => s.auth !== 'sso' && s.sso_issuer !== undefined),
  rule(
    'auth_issuer',
    'is required with auth issuer, and for nothing else',
    (s) => (s.auth === 'issuer') !== (s.auth_issuer !== undefined),
  ),
  rule('auth_token_type', 'is for auth issuer', (s) => s.auth !== 'issuer' && s.auth_token_type !== undefined),
  rule(
    'auth',
    'must not be none with Countersign: choose cognito, sso or issuer',
    (s) => s.auth === 'none' && s.container === 'countersign',
  ),
  rule(
    'auth',
    'must not be issuer with Countersign yet: its pages need a sign-in of their own; choose cognito or sso',
    (s) => s.auth === 'issuer' && s.container === 'countersign',
  ),
  rule(
    'domain_name',
    'is required with auth cognito: people return to it after signing in',
    (s) => s.auth === 'cognito' && s.domain_name === undefined,
  ),
  rule(
    'auth',
    'must not be cognito with several regions: a user pool lives in one of them; choose sso',
    (s) => s.auth === 'cognito' && s.regions.length > 1,
  ),
  rule('cognito_callback_urls', 'need auth cognito', (s) => s.cognito_callback_urls.length > 0 && s.auth !== 'cognito'),
  rule('identity_pool', 'needs auth cognito', (s) => s.identity_pool && s.auth !== 'cognito'),
  rule('allow_unauthenticated', 'needs identity_pool', (s) => s.allow_unauthenticated && !s.identity_pool),
  rule(
    'cognito_saml_metadata_url',
    'needs auth cognito',
    (s) => s.cognito_saml_metadata_url !== undefined && s.auth !== 'cognito',
  ),
];
