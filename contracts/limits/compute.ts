/** Containers, functions, their images, what scales and starts them. */
import { advised, bytes, cited, dotted, items, number, text, variables, worded } from './limit.ts';

const ecsName = { min: 1, max: 255, ...worded };
const lambda = 'lambda/latest/dg/gettingstarted-limits.html';

export const computeLimits = [
  ...cited(
    'AmazonECS/latest/APIReference/API_CreateCluster.html',
    text('aws_ecs_cluster.name', 'the name of a cluster', ecsName, 'names.cluster'),
  ),
  ...cited(
    'AmazonECS/latest/APIReference/API_CreateService.html',
    text('aws_ecs_service.name', 'the name of an ECS service', ecsName, 'names.service'),
  ),
  ...cited(
    'AmazonECS/latest/developerguide/service-quotas.html',
    items('aws_ecs_service.network_configuration.subnets', 'subnets of a service', { max: 16 }, 'availability_zones'),
    items('aws_ecs_service.network_configuration.security_groups', 'security groups of a service', { max: 5 }),
    items('aws_ecs_service.load_balancer', 'target groups of a service', { max: 5 }),
    items('aws_ecs_task_definition.container_definitions', 'containers of a task', { min: 1, max: 10 }),
    advised(
      'AWS counts the whole of it: keep large values in S3 or in a secret.',
      bytes(
        'aws_ecs_task_definition.container_definitions',
        'a task definition',
        65_536,
        ...variables,
        'health_check_command',
      ),
    ),
  ),
  ...cited(
    'AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html',
    text('aws_ecs_task_definition.family', 'the family of a task definition', ecsName, 'names.task-family'),
  ),
  ...cited(
    'AmazonECS/latest/APIReference/API_ContainerDefinition.html',
    text('aws_ecs_task_definition.container_definitions.name', 'the name of a container', ecsName, 'container_name'),
    text(
      'aws_ecs_task_definition.container_definitions.image',
      'the name of an image',
      { min: 1, max: 255 },
      'container_image',
      'image_blue',
      'image_green',
    ),
    number(
      'aws_ecs_task_definition.container_definitions.stopTimeout',
      'the time a task has to stop',
      { min: 2, max: 120 },
      'stop_timeout_seconds',
    ),
    number(
      'aws_ecs_task_definition.container_definitions.portMappings.containerPort',
      'a port',
      { min: 1, max: 65_535 },
      'container_port',
    ),
  ),
  ...cited(
    'AmazonECS/latest/APIReference/API_HealthCheck.html',
    number(
      'aws_ecs_task_definition.container_definitions.healthCheck.interval',
      'the time between checks',
      { min: 5, max: 300 },
      'container_check_interval_seconds',
    ),
    number(
      'aws_ecs_task_definition.container_definitions.healthCheck.timeout',
      'the time of a check',
      { min: 2, max: 60 },
      'health_check_timeout_seconds',
    ),
    number(
      'aws_ecs_task_definition.container_definitions.healthCheck.retries',
      'failed checks',
      { min: 1, max: 10 },
      'container_check_retries',
    ),
    number(
      'aws_ecs_task_definition.container_definitions.healthCheck.startPeriod',
      'the time to start',
      { min: 0, max: 300 },
      'health_check_start_seconds',
    ),
  ),
  ...cited(
    'autoscaling/application/APIReference/API_PutScalingPolicy.html',
    text('aws_appautoscaling_policy.name', 'the name of a scaling policy', { min: 1, max: 255 }),
  ),
  ...cited(
    'autoscaling/application/APIReference/API_PutScheduledAction.html',
    text(
      'aws_appautoscaling_scheduled_action.name',
      'the name of a scheduled action',
      { min: 1, max: 256, pattern: /^(?! )[^:/|]*(?<! )$/, be: 'characters other than : / |' },
      'scale_schedules',
    ),
  ),
  ...cited(
    'autoscaling/application/userguide/application-auto-scaling-limits.html',
    items(
      'aws_appautoscaling_scheduled_action per resource_id',
      'scheduled actions of a service',
      { max: 200 },
      'scale_schedules',
    ),
    items('aws_appautoscaling_policy per resource_id', 'scaling policies of a service', { max: 50 }),
  ),
  ...cited(
    'lambda/latest/api/API_CreateFunction.html',
    text(
      'aws_lambda_function.function_name',
      'the name of a function',
      { min: 1, max: 64, ...worded },
      'names.authorizer',
      'names.service',
    ),
    text('aws_lambda_function.description', 'the description of a function', { max: 256 }),
    items('aws_lambda_function.vpc_config.subnet_ids', 'subnets of a function', { max: 16 }, 'availability_zones'),
    items('aws_lambda_function.vpc_config.security_group_ids', 'security groups of a function', { max: 5 }),
  ),
  ...cited(
    'lambda/latest/api/API_CreateAlias.html',
    text('aws_lambda_alias.name', 'the name of an alias', { min: 1, max: 128, ...worded }),
    text('aws_lambda_alias.description', 'the description of an alias', { max: 256 }),
  ),
  ...cited(
    lambda,
    advised(
      'All variables of a function share it: shorten the longest, or run the service in containers (compute_mode fargate).',
      bytes('aws_lambda_function.environment.variables', 'all environment variables of a function', 4096, ...variables),
    ),
    bytes('aws_lambda_permission per function_name', 'all permissions to call a function', 20_480),
    number(
      'aws_lambda_function.memory_size',
      'the memory of a function',
      { min: 128, max: 10_240 },
      'lambda_memory_mb',
    ),
    number('aws_lambda_function.timeout', 'the time of a function', { min: 1, max: 900 }, 'lambda_timeout_seconds'),
  ),
  ...cited(
    'lambda/latest/dg/configuration-envvars.html',
    text(
      'aws_lambda_function.environment.variables.#',
      'a variable of a function',
      {
        pattern:
          /^(?!(?:_HANDLER|_X_AMZN_TRACE_ID|AWS_DEFAULT_REGION|AWS_REGION|AWS_EXECUTION_ENV|AWS_ACCESS_KEY|AWS_ACCESS_KEY_ID|AWS_SECRET_ACCESS_KEY|AWS_SESSION_TOKEN|LAMBDA_TASK_ROOT|LAMBDA_RUNTIME_DIR)$|AWS_LAMBDA_)[a-zA-Z][a-zA-Z0-9_]+$/,
        be: 'two or more letters, digits and _, beginning with a letter, and no name that Lambda sets itself, such as AWS_REGION',
      },
      'container_env',
      'container_secrets',
    ),
  ),
  ...cited(
    'AmazonECR/latest/APIReference/API_CreateRepository.html',
    text(
      'aws_ecr_repository.name',
      'the name of a repository',
      {
        min: 2,
        max: 256,
        pattern: /^[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(\/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*$/,
        be: 'lower-case letters and digits, with single . _ - or / between them',
      },
      'names.repository',
    ),
  ),
  ...cited(
    'AmazonECR/latest/APIReference/API_PutLifecyclePolicy.html',
    bytes('aws_ecr_lifecycle_policy.policy', 'a lifecycle policy', 30_720),
  ),
  ...cited(
    'scheduler/latest/APIReference/API_CreateSchedule.html',
    text('aws_scheduler_schedule.name', 'the name of a schedule', { min: 1, max: 64, ...dotted }),
    text('aws_scheduler_schedule.description', 'the description of a schedule', { max: 512 }),
    text('aws_scheduler_schedule.schedule_expression', 'when a schedule runs', { min: 1, max: 256 }),
    text('aws_scheduler_schedule.schedule_expression_timezone', 'a time zone', { min: 1, max: 50 }),
  ),
];
