/** Whole names of single resources, each held against what AWS takes for its kind. */
import { z } from 'zod';
import { textProblem } from '../limits/held.ts';
import { limitAt } from '../limits/index.ts';
import { didYouMean } from '../nearest.ts';
import { ofType } from './setting.ts';

/** Kinds of resources whose whole name can be given, and what is called so. */
const kinds = {
  api: 'aws_apigatewayv2_api.name',
  authorizer: 'aws_lambda_function.function_name',
  cache: 'aws_elasticache_replication_group.replication_group_id',
  cluster: 'aws_ecs_cluster.name',
  dashboard: 'aws_cloudwatch_dashboard.dashboard_name',
  database: 'aws_db_instance.identifier',
  'data-bucket': 'aws_s3_bucket.bucket',
  distribution: 'aws_cloudfront_function.name',
  'load-balancer': 'aws_lb.name',
  'log-group': 'aws_cloudwatch_log_group.name',
  repository: 'aws_ecr_repository.name',
  service: 'aws_ecs_service.name',
  'target-group': 'aws_lb_target_group.name',
  'task-family': 'aws_ecs_task_definition.family',
  'task-role': 'aws_iam_role.name',
  'user-pool': 'aws_cognito_user_pool.name',
  vpc: undefined,
} as const;
export type NameableKind = keyof typeof kinds;

export const nameableKinds = Object.keys(kinds) as readonly NameableKind[] as readonly [
  NameableKind,
  ...NameableKind[],
];

const endings: Partial<Record<NameableKind, (prefix: string) => string>> = {
  'load-balancer': (prefix) => `${prefix}-alb`,
  'log-group': (prefix) => `/aws/ecs/${prefix}`,
  'target-group': (prefix) => `${prefix}-tg`,
  'task-family': (prefix) => `${prefix}-task`,
};

export interface Named {
  readonly name_prefix: string;
  readonly names: Partial<Record<NameableKind, string>>;
}

/** What a resource is called: by its whole name, or else after `name_prefix`. */
export const wholeNameOf = ({ name_prefix: prefix, names }: Named, kind: NameableKind): string =>
  names[kind] ?? endings[kind]?.(prefix) ?? `${prefix}-${kind}`;

const name = z.string().regex(/^[\w./-]{2,128}$/, { error: 'must be 2 to 128 letters, digits and . _ / -' });

const problemOf = (kind: NameableKind, given: string): string | undefined => {
  const place = kinds[kind];
  if (place === undefined) return undefined;
  const { rule, what } = limitAt(place, 'text');
  return textProblem(rule.text, what, given);
};

const unknownKinds = (given: readonly string[]): string =>
  `has ${given.join(', ')}, which is no kind of resource${didYouMean(given[0] ?? '', nameableKinds) || '.'} Known are ${nameableKinds.join(', ')}`;

export const wholeNames = z
  .partialRecord(z.enum(nameableKinds), name, {
    error: (issue: { readonly code?: string; readonly keys?: readonly string[] }) =>
      issue.code === 'unrecognized_keys'
        ? unknownKinds(issue.keys ?? [])
        : ofType('a map such as { cluster = "marketing-mcp-cluster" }')(issue),
  })
  .superRefine((names, context) => {
    for (const [kind, given] of Object.entries(names) as [NameableKind, string][]) {
      const message = problemOf(kind, given);
      if (message !== undefined) context.addIssue({ code: 'custom', path: [kind], message });
    }
  })
  .default({});
