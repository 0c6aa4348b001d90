/** For the tests of settings: an environment that breaks no rule, and changes of it. */
import { parseSettings, type RawSettings } from '../parse.ts';
import type { Settings } from '../resolve.ts';

/** A small environment that breaks no rule. */
export const small: RawSettings = {
  project_name: 'shop',
  environment: 'dev',
  account_id: '111122223333',
  regions: ['us-east-1'],
  vpc_cidr: '10.0.0.0/16',
  availability_zones: ['us-east-1a', 'us-east-1b'],
  public_cidrs: ['10.0.1.0/24', '10.0.2.0/24'],
  private_cidrs: ['10.0.11.0/24', '10.0.12.0/24'],
  database_cidrs: ['10.0.21.0/24', '10.0.22.0/24'],
  nat_mode: 'single',
  container_image: 'registry.example.com/shop:v1',
  domain_name: 'mcp.example.com',
  hosted_zone_id: 'Z0123456789',
};

export const problems = (changes: RawSettings): string[] => {
  const parsed = parseSettings({ ...small, ...changes });
  return parsed.ok ? [] : parsed.problems.map(({ setting, problem }) => `${setting} ${problem}`);
};
export const parsed = (changes: RawSettings = {}): Settings => {
  const result = parseSettings({ ...small, ...changes });
  const [settings] = result.ok ? result.regions : [];
  if (settings === undefined) throw new Error(problems(changes).join('\n'));
  return settings;
};

export const lambda = { compute_mode: 'lambda', ingress_mode: 'edge', container_image: undefined } as const;
export const custom = { container: 'custom' } as const;
export const edge = { ingress_mode: 'edge', cloudfront_prefix_list_id: 'pl-3b927c52' } as const;
export const sso = { auth: 'sso', sso_issuer: 'https://login.example.com', sso_client_id: 'shop' } as const;
export const west = {
  vpc_cidr: '10.9.0.0/16',
  availability_zones: ['us-west-2a', 'us-west-2b'],
  public_cidrs: ['10.9.1.0/24', '10.9.2.0/24'],
  private_cidrs: ['10.9.11.0/24', '10.9.12.0/24'],
  database_cidrs: ['10.9.21.0/24', '10.9.22.0/24'],
};
export const both = { ...sso, regions: ['us-east-1', 'us-west-2'], region_settings: { 'us-west-2': west } } as const;
export const shared = { ...both, home_region: 'us-east-1' } as const;
export const weekendOnly = { weekend_only: true } as const;

export const accounts = (count: number) => Array.from({ length: count }, (_, index) => String(100_000_000_000 + index));
