/** What the stack starts the service with. */
import { z } from 'zod';
import { instanceEnvironment } from './instance.ts';
import { inject, type ReadSecret } from './secret.ts';
import { type Block, referenceIn, type Stack } from './stack.ts';

/** The service behind a load balancer, as its process is handed it. */
export interface Workload {
  readonly variables: Readonly<Record<string, string>>;
  /** Ports that the stack names: of the container, of what registers it, of the target group. They must be one. */
  readonly ports: readonly number[];
  /** Name of the target group's block. */
  readonly targetGroup: string;
  readonly health: TargetGroup['health_check'];
  /** The check inside the container, as ECS runs it. */
  readonly check?: readonly string[] | undefined;
}

const TargetGroup = z.object({
  port: z.number(),
  protocol: z.literal('HTTP'),
  health_check: z.object({ path: z.string(), matcher: z.string(), protocol: z.literal('HTTP') }),
});
type TargetGroup = z.infer<typeof TargetGroup>;

const Container = z.object({
  name: z.string(),
  portMappings: z.array(z.object({ containerPort: z.number(), protocol: z.literal('tcp') })),
  environment: z.array(z.object({ name: z.string(), value: z.string() })).default([]),
  secrets: z.array(z.object({ name: z.string(), valueFrom: z.string() })).default([]),
  healthCheck: z.object({ command: z.array(z.string()) }).optional(),
});
const Registered = z.object({ container_name: z.string(), container_port: z.number(), target_group_arn: z.string() });

const taskOf = async (stack: Stack, service: Block, read: ReadSecret): Promise<Workload> => {
  const registered = Registered.parse(z.array(z.unknown()).parse(service.load_balancer)[0]);
  const definition = stack.at(service.task_definition);
  const containers = z.array(z.unknown()).parse(JSON.parse(stack.text(definition.block.container_definitions)));
  const own = containers.find(
    (container) => z.looseObject({ name: z.string() }).parse(container).name === registered.container_name,
  );
  const container = Container.parse(own);
  const secrets = container.secrets.map(async ({ name, valueFrom }) => [name, await inject(valueFrom, read)] as const);
  const targetGroup = stack.at(registered.target_group_arn);
  const { port, health_check } = TargetGroup.parse(targetGroup.block);
  return {
    variables: {
      ...Object.fromEntries(container.environment.map(({ name, value }) => [name, value])),
      ...Object.fromEntries(await Promise.all(secrets)),
    },
    ports: [...container.portMappings.map(({ containerPort }) => containerPort), registered.container_port, port],
    targetGroup: targetGroup.name,
    health: health_check,
    check: container.healthCheck?.command,
  };
};

const instanceOf = async (stack: Stack, group: Block, read: ReadSecret): Promise<Workload> => {
  const template = stack.at(z.object({ id: z.string() }).parse(group.launch_template).id);
  const targetGroup = stack.at(z.array(z.string()).parse(group.target_group_arns)[0]);
  const { port, health_check } = TargetGroup.parse(targetGroup.block);
  return {
    variables: await instanceEnvironment(stack.text(template.block.user_data), read),
    ports: [port],
    targetGroup: targetGroup.name,
    health: health_check,
  };
};

/** Of the target group that gets the most of what the listener's rule passes on. */
const liveTargetGroup = (stack: Stack): string => {
  const rules = stack.all('aws_lb_listener_rule').filter(([name]) => name === 'live');
  const Action = z.object({
    forward: z.object({ target_group: z.array(z.object({ arn: z.string(), weight: z.number() })) }),
  });
  const [action] = rules.flatMap(([, { action }]) => z.array(Action).parse(action));
  const [heaviest] = (action?.forward.target_group ?? []).toSorted((a, b) => b.weight - a.weight);
  return referenceIn(heaviest?.arn).name;
};

/** @throws when no target group is served, as with a function */
export const workloadOf = async (stack: Stack, read: ReadSecret): Promise<Workload> => {
  const live = liveTargetGroup(stack);
  const tasks = stack.all('aws_ecs_service').map(([, service]) => taskOf(stack, service, read));
  const instances = stack.all('aws_autoscaling_group').map(([, group]) => instanceOf(stack, group, read));
  const workload = (await Promise.all([...tasks, ...instances])).find(({ targetGroup }) => targetGroup === live);
  if (workload === undefined) throw new Error(`nothing serves the target group ${live}`);
  return workload;
};
