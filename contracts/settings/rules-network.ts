/** Rules of the network: CIDR blocks, zones, tiers, NAT. */
import { cidrContains, isCanonical, isPrivate, overlaps, prefixLength } from '../cidr.ts';
import { endpointsOfOneRegion } from '../endpoints.ts';
import type { Settings } from './resolve.ts';
import { rule } from './rule.ts';
import { natGateways, shapeOf } from './shape.ts';

const tiers = ['public_cidrs', 'private_cidrs', 'database_cidrs'] as const;
const subnets = (settings: Settings): string[] => tiers.flatMap((tier) => settings[tier]);
const inVpc = (settings: Settings): boolean => shapeOf(settings).vpc;

export const networkRules = [
  rule(
    'vpc_cidr',
    'is required: this environment has containers, a database or a cache',
    (s) => inVpc(s) && s.vpc_cidr === undefined,
  ),
  rule(
    'vpc_cidr',
    'must be private address space (RFC 1918: within 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16), such as 10.32.0.0/16',
    (s) => s.vpc_cidr !== undefined && !isPrivate(s.vpc_cidr),
  ),
  rule(
    'vpc_cidr',
    'must be /16 to /24, and start at the first address of its block',
    (s) =>
      s.vpc_cidr !== undefined &&
      (prefixLength(s.vpc_cidr) < 16 || prefixLength(s.vpc_cidr) > 24 || !isCanonical(s.vpc_cidr)),
  ),
  rule(
    'availability_zones',
    'must lie in the region: give zones whose name starts with it, per region through region_settings',
    (s) => s.availability_zones.some((zone) => zone.slice(0, -1) !== s.regions[0]),
  ),
  rule(
    'availability_zones',
    'must name at least two zones: a load balancer and a database need them',
    (s) => inVpc(s) && s.availability_zones.length < 2,
  ),
  ...tiers.flatMap((tier) => [
    rule(
      tier,
      'must have one CIDR block a zone, in the order of availability_zones, or none',
      (s) => inVpc(s) && s[tier].length > 0 && s[tier].length !== s.availability_zones.length,
    ),
    rule(tier, 'must lie inside vpc_cidr', (s) =>
      s[tier].some((cidr) => s.vpc_cidr !== undefined && !cidrContains(s.vpc_cidr, cidr)),
    ),
    rule(tier, 'must be blocks of /16 to /28 that start at their first address', (s) =>
      s[tier].some((cidr) => !isCanonical(cidr) || prefixLength(cidr) < 16 || prefixLength(cidr) > 28),
    ),
    rule(tier, 'must not overlap another subnet: give every subnet its own block', (s) =>
      s[tier].some((cidr) => subnets(s).filter((other) => overlaps(cidr, other)).length > 1),
    ),
  ]),
  rule(
    'public_cidrs',
    'are required for NAT gateways, a public load balancer, or tasks without NAT',
    (s) =>
      inVpc(s) &&
      s.public_cidrs.length === 0 &&
      (natGateways(s) > 0 || shapeOf(s).publicTasks || (shapeOf(s).loadBalancer && !s.alb_internal)),
  ),
  rule(
    'private_cidrs',
    'are required with NAT gateways or interface endpoints: they serve the private subnets',
    (s) => shapeOf(s).containers && s.private_cidrs.length === 0 && (natGateways(s) > 0 || s.vpc_endpoints.length > 0),
  ),
  rule(
    'private_cidrs',
    'are required for an internal load balancer',
    (s) => shapeOf(s).loadBalancer && s.alb_internal && s.private_cidrs.length === 0,
  ),
  rule(
    'database_cidrs',
    'or private_cidrs are required for a database or a cache',
    (s) =>
      (s.store_mode === 'postgres' || s.cache_enabled) && s.database_cidrs.length === 0 && s.private_cidrs.length === 0,
  ),
  rule('nat_mode', 'asks for more gateways than there are zones', (s) => natGateways(s) > s.availability_zones.length),
  rule(
    'nat_eip_allocation_ids',
    'must be one per NAT gateway, or none',
    (s) => s.nat_eip_allocation_ids.length > 0 && s.nat_eip_allocation_ids.length !== natGateways(s),
  ),
  // What tasks cannot do without is decided by what is synthesized: modules/policy/reach.ts.
  rule('vpc_endpoints', 'holds ce or organizations, which answer in us-east-1 alone: leave it out and use NAT', (s) =>
    s.vpc_endpoints.some((service) => (endpointsOfOneRegion.get(service) ?? s.regions[0]) !== s.regions[0]),
  ),
  rule(
    'task_egress_ports',
    'must be at most six: a network ACL takes twenty rules',
    (s) => s.task_egress_ports.length > 6,
  ),
  rule(
    'cloudfront_prefix_list_id',
    'is required with ingress_mode edge: it is all that the load balancer admits, also from a VPC origin',
    (s) => s.ingress_mode === 'edge' && shapeOf(s).targetGroups && s.cloudfront_prefix_list_id === undefined,
  ),
];
