/** Alarms on what runs: ECS services, instances, functions. */
import type { AlarmSpec } from './alarm.ts';
import { aws, type Metric } from './metric.ts';

const fiveMinutes = 300;

const busy = (kind: 'cpu' | 'memory', of: string, watched: Metric, threshold: number): AlarmSpec => ({
  kind,
  of,
  topic: 'ops',
  meaning: `${kind === 'cpu' ? 'CPU' : 'Memory'} of ${of} is over ${threshold} % for 10 minutes. Add tasks, then find out what takes it.`,
  watched,
  sounds: 'above',
  threshold,
  period: fiveMinutes,
  periods: 2,
  silence: 'fine',
});

export interface ServicesWatch {
  readonly cluster: string;
  /** Name of each service, by colour. */
  readonly services: Readonly<Record<string, string>>;
  /** Percent. */
  readonly cpu: number;
  readonly memory: number;
}

export const serviceAlarms = ({ cluster, services, cpu, memory }: ServicesWatch): AlarmSpec[] =>
  Object.entries(services).flatMap(([colour, ServiceName]) => {
    const of = (name: 'CPUUtilization' | 'MemoryUtilization') =>
      aws('AWS/ECS', name, 'Average', { ClusterName: cluster, ServiceName });
    return [busy('cpu', colour, of('CPUUtilization'), cpu), busy('memory', colour, of('MemoryUtilization'), memory)];
  });

/** Instances tell no memory without an agent. */
export const scalingGroupAlarms = (AutoScalingGroupName: string, cpu: number): AlarmSpec[] => [
  busy('cpu', 'instances', aws('AWS/EC2', 'CPUUtilization', 'Average', { AutoScalingGroupName }), cpu),
];

export interface FunctionWatch {
  /** What it does, for the alarm's name: service, authorizer. */
  readonly role: string;
  readonly name: string;
  /** Failed invocations in 5 minutes. */
  readonly errors: number;
  /** Executions it may have at once. Default: the account's limit, and no alarm on nearing it. */
  readonly reserved?: number | undefined;
}

export const functionAlarms = ({ role, name, errors, reserved }: FunctionWatch): AlarmSpec[] => {
  const FunctionName = name;
  const shared = { of: role, topic: 'ops', sounds: 'above', period: fiveMinutes, periods: 1, silence: 'fine' } as const;
  return [
    {
      ...shared,
      kind: 'function-errors',
      meaning: `Over ${errors} invocations of the ${role} function failed in 5 minutes: it crashed, ran out of memory or time. Read its log.`,
      watched: aws('AWS/Lambda', 'Errors', 'Sum', { FunctionName }),
      threshold: errors,
    },
    {
      ...shared,
      kind: 'function-throttles',
      meaning: `Invocations of the ${role} function are refused: its concurrency, or the account's, is used up. Raise it.`,
      watched: aws('AWS/Lambda', 'Throttles', 'Sum', { FunctionName }),
      threshold: 0,
    },
    ...(reserved === undefined
      ? []
      : [
          {
            ...shared,
            kind: 'function-concurrency',
            meaning: `The ${role} function uses over 80 % of its ${reserved} executions. Raise lambda_reserved_concurrency before it is throttled.`,
            watched: aws('AWS/Lambda', 'ConcurrentExecutions', 'Maximum', { FunctionName }),
            threshold: Math.floor(reserved * 0.8),
          },
        ]),
  ];
};
