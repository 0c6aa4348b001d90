/** The setting that decides whether a control holds, so that who breaks one is told which line to change. */
import type { SettingName } from '../../../contracts/settings/index.ts';

/** What has no setting here holds whatever the settings, or has the platform's reason. */
export const controlSettings: Readonly<Record<string, SettingName>> = {
  'CloudFront.6': 'waf',
  'CloudTrail.1': 'cloudtrail',
  'Cognito.2': 'allow_unauthenticated',
  'Cognito.4': 'cognito_threat_protection',
  'Cognito.5': 'cognito_mfa',
  'Cognito.6': 'deletion_protection',
  'DynamoDB.6': 'deletion_protection',
  'EC2.6': 'flow_logs',
  'ECS.2': 'nat_mode',
  'ECS.5': 'readonly_root',
  'ECS.12': 'container_insights',
  'ECS.20': 'container_user',
  'ELB.1': 'domain_name',
  'ELB.5': 'alb_logs',
  'ELB.6': 'deletion_protection',
  'ElastiCache.1': 'cache_snapshot_days',
  'ElastiCache.3': 'cache_nodes',
  'GuardDuty.1': 'guardduty',
  'RDS.5': 'db_multi_az',
  'RDS.6': 'db_insights',
  'RDS.8': 'deletion_protection',
  'RDS.11': 'db_backup_days',
  'RDS.13': 'db_engine_version',
};
