/** Controls of containers and functions. https://docs.aws.amazon.com/securityhub/latest/userguide/ecs-controls.html */
import { type Block, inner, inners, isTrue, type Resource } from '../view.ts';
import { type Control, on, onSome } from './control.ts';
import { attached, isPublic } from './documents.ts';

const task = 'aws_ecs_task_definition';

/** Definitions are JSON, with references of Terraform inside its strings. */
const containersOf = ({ block }: Resource): readonly Block[] => {
  try {
    return JSON.parse(String(block.container_definitions)) as Block[];
  } catch {
    return [];
  }
};

const isRoot = (user: unknown): boolean => user === undefined || /^(0|root)(:|$)/.test(String(user));
const keysInTheClear = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'ECS_ENGINE_AUTH_DATA'];

// https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html
const supportedRuntime =
  /^(nodejs2[024]\.x|python3\.(9|1[0-4])|java(8\.al2|11|17|21|25)|dotnet(8|10)|ruby3\.[2-4]|provided\.al20?23?)$/;

export const computeControls: readonly Control[] = [
  onSome(
    'aws_ecs_service',
    ({ block }) => Object.keys(inner(block, 'network_configuration')).length > 0,
    'ECS.2',
    'ECS services should not have public IP addresses assigned to them automatically',
    ({ block }) => !isTrue(inner(block, 'network_configuration').assign_public_ip),
  ),
  on(
    task,
    'ECS.3',
    "ECS task definitions should not share the host's process namespace",
    ({ block }) => block.pid_mode !== 'host',
  ),
  on(task, 'ECS.4', 'ECS containers should run as non-privileged', (resource) =>
    containersOf(resource).every(({ privileged }) => !isTrue(privileged)),
  ),
  on(
    task,
    'ECS.5',
    'ECS task definitions should configure containers to be limited to read-only access to root filesystems',
    (resource) => containersOf(resource).every(({ readonlyRootFilesystem }) => isTrue(readonlyRootFilesystem)),
  ),
  on(task, 'ECS.8', 'Secrets should not be passed as container environment variables', (resource) =>
    containersOf(resource).every((container) =>
      inners(container, 'environment').every(({ name }) => !keysInTheClear.includes(String(name))),
    ),
  ),
  on(task, 'ECS.9', 'ECS task definitions should have a logging configuration', (resource) =>
    containersOf(resource).every((container) => inner(container, 'logConfiguration').logDriver !== undefined),
  ),
  onSome(
    'aws_ecs_service',
    ({ block }) => block.platform_version !== undefined,
    'ECS.10',
    'ECS Fargate services should run on the latest Fargate platform version',
    ({ block }) => ['LATEST', '1.4.0'].includes(String(block.platform_version)),
  ),
  on('aws_ecs_cluster', 'ECS.12', 'ECS clusters should use Container Insights', ({ block }) =>
    inners(block, 'setting').some(({ name, value }) => name === 'containerInsights' && value !== 'disabled'),
  ),
  on(
    task,
    'ECS.20',
    'ECS Task Definitions should configure non-root users in Linux container definitions',
    (resource) => containersOf(resource).every(({ user }) => !isRoot(user)),
  ),
  on('aws_ecr_repository', 'ECR.1', 'ECR private repositories should have image scanning configured', ({ block }) =>
    isTrue(inner(block, 'image_scanning_configuration').scan_on_push),
  ),
  on('aws_ecr_repository', 'ECR.2', 'ECR private repositories should have tag immutability configured', ({ block }) =>
    String(block.image_tag_mutability).startsWith('IMMUTABLE'),
  ),
  on(
    'aws_ecr_repository',
    'ECR.3',
    'ECR repositories should have at least one lifecycle policy configured',
    ({ address }, view) =>
      view.of('aws_ecr_lifecycle_policy').some(({ block }) => String(block.repository).includes(`\${${address}.`)),
  ),
  on(
    'aws_lambda_permission',
    'Lambda.1',
    'Lambda function policies should prohibit public access',
    ({ block }) => block.principal !== '*',
  ),
  onSome(
    'aws_lambda_function',
    ({ block }) => block.package_type !== 'Image',
    'Lambda.2',
    'Lambda functions should use supported runtimes',
    ({ block }) => supportedRuntime.test(String(block.runtime)),
  ),
  onSome(
    'aws_lambda_function',
    ({ block }) => Object.keys(inner(block, 'vpc_config')).length > 0,
    'Lambda.5',
    'VPC Lambda functions should operate in multiple Availability Zones',
    ({ block }) => {
      const { subnet_ids } = inner(block, 'vpc_config');
      return Array.isArray(subnet_ids) && subnet_ids.length > 1;
    },
  ),
  on(
    'aws_sqs_queue',
    'SQS.1',
    'Amazon SQS queues should be encrypted at rest',
    ({ block }) => isTrue(block.sqs_managed_sse_enabled) || block.kms_master_key_id !== undefined,
  ),
  on('aws_sqs_queue', 'SQS.3', 'SQS queue access policies should not allow public access', (queue, view) =>
    attached(view, queue, 'aws_sqs_queue_policy', 'queue_url').every((statement) => !isPublic(statement)),
  ),
  on('aws_sns_topic', 'SNS.4', 'SNS topic access policies should not allow public access', (topic, view) =>
    attached(view, topic, 'aws_sns_topic_policy', 'arn').every((statement) => !isPublic(statement)),
  ),
  on(
    'aws_sesv2_configuration_set',
    'SES.3',
    'SES configuration sets should have TLS enabled for sending emails',
    ({ block }) => inner(block, 'delivery_options').tls_policy === 'REQUIRE',
  ),
  on(
    'aws_kinesis_firehose_delivery_stream',
    'DataFirehose.1',
    'Firehose delivery streams should be encrypted at rest',
    ({ block }) => isTrue(inner(block, 'server_side_encryption').enabled),
  ),
];
