/** A task's containers as ECS wants them: the service itself, and the collector of its traces. */

export interface ContainerProps {
  readonly name: string;
  /** With a tag or digest. */
  readonly image: string;
  readonly port: number;
  readonly environment: Readonly<Record<string, string>>;
  /** Variable to valueFrom: a secret's ARN, maybe with a JSON key. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Health check inside the container. Default: none. */
  readonly health?: HealthProps | undefined;
  readonly logs: LogDestination;
  /** User and group. Default: the image's own. */
  readonly user?: string | undefined;
  /** Only /tmp is writable. */
  readonly readonlyRoot: boolean;
  /** Seconds from SIGTERM to SIGKILL. */
  readonly stopTimeout: number;
  /** ECS Exec may be used: its agent needs folders to write to. */
  readonly exec: boolean;
  /** Sends traces to X-Ray through a collector beside it. */
  readonly xray: boolean;
}

export interface HealthProps {
  /** As in a task definition: CMD or CMD-SHELL and what to run. */
  readonly command: readonly string[];
  /** Seconds. */
  readonly interval: number;
  readonly timeout: number;
  readonly retries: number;
  readonly startPeriod: number;
}

export interface LogDestination {
  readonly group: string;
  readonly region: string;
  readonly streamPrefix: string;
}

export const collectorName = 'xray-collector';
/** AWS’s own OpenTelemetry collector, and its built-in configuration: OTLP on 4317 and 4318, out to X-Ray. */
export const collectorImage = 'public.ecr.aws/aws-observability/aws-otel-collector:v0.48.0';
export const collectorArguments = ['--config=/etc/ecs/ecs-xray.yaml'] as const;

// Sorted, so that a setting moved in its file is no new revision.
const sorted = (values: Readonly<Record<string, string>>): [name: string, value: string][] =>
  Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1));

const logging = ({ group, region, streamPrefix }: LogDestination) => ({
  logDriver: 'awslogs',
  options: {
    'awslogs-group': group,
    'awslogs-region': region,
    'awslogs-stream-prefix': streamPrefix,
    // The service must not stand still while CloudWatch Logs does.
    mode: 'non-blocking',
    'max-buffer-size': '25m',
  },
});

// Memory, not a volume: Fargate's bind mounts belong to root, and this user is not.
const scratch = (containerPath: string, size: number) => ({
  containerPath,
  size,
  mountOptions: ['rw', 'nosuid', 'nodev'],
});

const linuxParameters = ({ readonlyRoot, exec }: ContainerProps) => ({
  initProcessEnabled: true,
  ...(readonlyRoot && {
    tmpfs: [
      scratch('/tmp', 64),
      // The agent of ECS Exec keeps its state and log here, and does not start without.
      ...(exec ? [scratch('/var/lib/amazon', 16), scratch('/var/log/amazon', 16)] : []),
    ],
  }),
});

const collector = ({ logs }: ContainerProps) => ({
  name: collectorName,
  image: collectorImage,
  command: [...collectorArguments],
  // Without traces the service still serves.
  essential: false,
  // It keeps nothing and listens above 1024; its image has no user of its own.
  user: '10001:10001',
  readonlyRootFilesystem: true,
  environment: [],
  mountPoints: [],
  portMappings: [],
  systemControls: [],
  volumesFrom: [],
  healthCheck: { command: ['CMD', '/healthcheck'], interval: 30, timeout: 5, retries: 3, startPeriod: 10 },
  logConfiguration: logging({ ...logs, streamPrefix: 'xray' }),
});

const service = (props: ContainerProps) => ({
  name: props.name,
  image: props.image,
  essential: true,
  // Empty lists stand here because ECS answers them: the next plan finds nothing changed.
  mountPoints: [],
  systemControls: [],
  volumesFrom: [],
  portMappings: [{ containerPort: props.port, hostPort: props.port, protocol: 'tcp' }],
  environment: sorted(props.environment).map(([name, value]) => ({ name, value })),
  secrets: sorted(props.secrets).map(([name, valueFrom]) => ({ name, valueFrom })),
  ...(props.health !== undefined && { healthCheck: props.health }),
  ...(props.user !== undefined && { user: props.user }),
  readonlyRootFilesystem: props.readonlyRoot,
  linuxParameters: linuxParameters(props),
  stopTimeout: props.stopTimeout,
  logConfiguration: logging(props.logs),
  ...(props.xray && { dependsOn: [{ containerName: collectorName, condition: 'START' }] }),
});

/** The task definition's container_definitions, JSON with Terraform's references in it. */
export const containerDefinitions = (props: ContainerProps): string =>
  JSON.stringify([service(props), ...(props.xray ? [collector(props)] : [])]);
