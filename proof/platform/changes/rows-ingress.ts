import type { ChangeRow } from './row.ts';

const RENAME =
  'A load balancer cannot become internal or public: give the new one a name in the same change, `names = { load-balancer = "..." }`.';

export const ingressChanges: readonly ChangeRow[] = [
  {
    setting: 'ingress_mode',
    what: 'edge becomes api-gateway',
    environment: 'staging',
    plan: 'c',
    changes: { ingress_mode: 'api-gateway', waf: 'off' },
    outage: '-',
    note: RENAME,
  },
  {
    setting: 'ingress_mode',
    what: 'api-gateway becomes alb',
    environment: 'dev',
    plan: 'a',
    changes: { ingress_mode: 'alb' },
    outage: '-',
    note: RENAME,
    unordered: { aws_route53_record: 'the new record waits for the new load balancer, the old one for nothing' },
  },
  {
    setting: 'ingress_mode',
    what: 'edge becomes api-gateway, before a function',
    environment: 'examples/startup/prod',
    plan: 'a',
    changes: { ingress_mode: 'api-gateway' },
    outage: 'minutes: the name moves from the distribution to the API',
  },
  {
    setting: 'rest_facade',
    what: 'off',
    environment: 'staging',
    plan: 'a',
    changes: { rest_facade: false },
    outage: 'callers of the facade',
  },
  {
    setting: 'domain_name',
    what: 'another',
    environment: 'examples/startup/staging',
    plan: 'a',
    changes: { domain_name: 'mcp.other.example.com' },
    outage: 'the old name: it no longer answers',
    note: 'Clients must be told the new address, and people sign in anew.',
  },
  {
    setting: 'waf',
    what: 'off, behind CloudFront',
    environment: 'staging',
    plan: 'a',
    changes: { waf: 'off' },
    outage: 'none',
  },
  {
    setting: 'waf',
    what: 'on, at a load balancer',
    environment: 'examples/startup/staging',
    plan: 'a',
    changes: { waf: 'basic' },
    outage: 'none',
  },
  {
    setting: 'waf_allowed_cidrs',
    what: 'none',
    environment: 'examples/marketing/prod',
    plan: 'a',
    changes: { waf_allowed_cidrs: [] },
    outage: 'offices outside the allowed countries',
  },
  {
    setting: 'alb_logs',
    what: 'off',
    environment: 'staging',
    plan: 'b',
    changes: { alb_logs: false },
    outage: 'none',
  },
];
