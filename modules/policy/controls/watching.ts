/**
 * Controls of who watches an account. https://docs.aws.amazon.com/securityhub/latest/userguide/cloudtrail-controls.html and
 * https://docs.aws.amazon.com/securityhub/latest/userguide/guardduty-controls.html
 */
import { type Block, inners, isTrue, type Resource, type StackView } from '../view.ts';
import { type Control, on } from './control.ts';

/** The stack that has the alarms is the one that would have a trail and a detector. */
const watchingStack = (view: StackView): readonly Resource[] => view.of('aws_cloudwatch_metric_alarm').slice(0, 1);

const trail = 'aws_cloudtrail';
const recordsManagement = ({ block }: Resource): boolean =>
  isTrue(block.is_multi_region_trail) &&
  inners(block, 'event_selector').every(({ read_write_type = 'All' }) => read_write_type === 'All');

export const trailControls: readonly Control[] = [
  {
    id: 'CloudTrail.1',
    title:
      'CloudTrail should be enabled and configured with at least one multi-Region trail that includes read and write management events',
    // One trail of all regions is enough, and the primary region has it.
    about: (view) => (view.primary ? watchingStack(view) : []),
    holds: (_, view) => view.of(trail).some(recordsManagement),
  },
  on(
    trail,
    'CloudTrail.2',
    'CloudTrail should have encryption at-rest enabled',
    ({ block }) => block.kms_key_id !== undefined,
  ),
  on(trail, 'CloudTrail.4', 'CloudTrail log file validation should be enabled', ({ block }) =>
    isTrue(block.enable_log_file_validation),
  ),
  on(
    trail,
    'CloudTrail.5',
    'CloudTrail trails should be integrated with Amazon CloudWatch Logs',
    ({ block }) => block.cloud_watch_logs_group_arn !== undefined,
  ),
];

const detector = 'aws_guardduty_detector';
const featuresOf = (view: StackView, name: string): readonly Block[] =>
  view
    .of('aws_guardduty_detector_feature')
    .map(({ block }) => block)
    .filter((block) => block.name === name);

/**
 * A detector begins with every plan but Runtime Monitoring.
 * https://docs.aws.amazon.com/guardduty/latest/APIReference/API_CreateDetector.html
 */
const plan = (id: string, title: string, feature: string): Control =>
  on(detector, id, title, (_, view) => featuresOf(view, feature).every(({ status }) => status === 'ENABLED'));

const runtime = (id: string, title: string, agent?: string): Control =>
  on(detector, id, title, (_, view) =>
    featuresOf(view, 'RUNTIME_MONITORING').some(
      (feature) =>
        feature.status === 'ENABLED' &&
        (agent === undefined ||
          inners(feature, 'additional_configuration').some(
            ({ name, status }) => name === agent && status === 'ENABLED',
          )),
    ),
  );

export const threatControls: readonly Control[] = [
  {
    id: 'GuardDuty.1',
    title: 'GuardDuty should be enabled',
    about: watchingStack,
    holds: (_, view) => view.of(detector).some(({ block }) => isTrue(block.enable)),
  },
  plan('GuardDuty.5', 'GuardDuty EKS Audit Log Monitoring should be enabled', 'EKS_AUDIT_LOGS'),
  plan('GuardDuty.6', 'GuardDuty Lambda Protection should be enabled', 'LAMBDA_NETWORK_LOGS'),
  runtime('GuardDuty.7', 'GuardDuty EKS Runtime Monitoring should be enabled', 'EKS_ADDON_MANAGEMENT'),
  plan('GuardDuty.8', 'GuardDuty Malware Protection for EC2 should be enabled', 'EBS_MALWARE_PROTECTION'),
  plan('GuardDuty.9', 'GuardDuty RDS Protection should be enabled', 'RDS_LOGIN_EVENTS'),
  plan('GuardDuty.10', 'GuardDuty S3 Protection should be enabled', 'S3_DATA_EVENTS'),
  runtime('GuardDuty.11', 'GuardDuty Runtime Monitoring should be enabled'),
  runtime('GuardDuty.12', 'GuardDuty ECS Runtime Monitoring should be enabled', 'ECS_FARGATE_AGENT_MANAGEMENT'),
  runtime('GuardDuty.13', 'GuardDuty EC2 Runtime Monitoring should be enabled', 'EC2_AGENT_MANAGEMENT'),
];
