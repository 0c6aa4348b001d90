/** Settings whose default is derived from others: a problem of such a default is reported at the setting it derives from. */
import type { SettingName } from './index.ts';

const name = ['name_prefix', 'environment', 'project_name'] as const;

/** The most telling setting comes first. Written by hand after resolve.ts; no test compares the two. */
export const followed: Readonly<Partial<Record<string, readonly SettingName[]>>> = {
  name_prefix: ['environment', 'project_name'],
  names: name,
  cognito_domain_prefix: name,
  state_bucket: ['project_name'],
  table_prefix: name,
  secret_prefix: ['environment', 'project_name'],
  db_max_gb: ['db_gb'],
  port_blue: ['container_port'],
  port_green: ['container_port'],
  job_queue: ['kind', 'container', 'weekend_only'],
  min_count: ['desired_count'],
  max_count: ['desired_count'],
  origin_domain_name: ['domain_name'],
  api_domain_name: ['domain_name'],
  hosted_zone_name: ['domain_name'],
  alb_internal: ['ingress_mode'],
  rest_facade: ['ingress_mode'],
  latency_routing: ['regions', 'home_region'],
  audit_archive: ['kind'],
  audit_export: ['audit_archive', 'container', 'kind'],
  backups: ['kind'],
  log_archive: ['audit_archive', 'kind'],
};
