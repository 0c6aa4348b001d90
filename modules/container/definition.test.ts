import { type ContainerProps, containerDefinitions } from './definition.ts';

const props: ContainerProps = {
  name: 'mcp-server',
  image: 'example/app:v1',
  port: 8001,
  environment: { B: 'b', A: 'a' },
  secrets: { KEY: 'arn:aws:secretsmanager:us-east-1:1:secret:a:key::' },
  logs: { group: '/ecs/app', region: 'eu-west-1', streamPrefix: 'ecs' },
  readonlyRoot: true,
  stopTimeout: 120,
  exec: false,
  xray: false,
};
const made = (changes: Partial<ContainerProps> = {}) =>
  JSON.parse(containerDefinitions({ ...props, ...changes })) as Record<string, unknown>[];
const [own] = made();

describe('the container', () => {
  it('listens on its port', () => {
    expect(own?.portMappings).toEqual([{ containerPort: 8001, hostPort: 8001, protocol: 'tcp' }]);
  });

  it('has its variables and secrets in an order of their own', () => {
    expect(own?.environment).toEqual([
      { name: 'A', value: 'a' },
      { name: 'B', value: 'b' },
    ]);
    expect(own?.secrets).toEqual([{ name: 'KEY', valueFrom: props.secrets.KEY }]);
  });

  it('logs without waiting for the log', () => {
    expect(own?.logConfiguration).toEqual({
      logDriver: 'awslogs',
      options: {
        'awslogs-group': '/ecs/app',
        'awslogs-region': 'eu-west-1',
        'awslogs-stream-prefix': 'ecs',
        mode: 'non-blocking',
        'max-buffer-size': '25m',
      },
    });
  });

  const writable = (changes: Partial<ContainerProps>) => {
    const [container] = made(changes);
    const { tmpfs = [] } = { ...(container?.linuxParameters as { tmpfs?: { containerPath: string }[] } | undefined) };
    return { root: container?.readonlyRootFilesystem, paths: tmpfs.map(({ containerPath }) => containerPath) };
  };

  it('writes to /tmp only, and with ECS Exec where its agent does', () => {
    expect(writable({})).toEqual({ root: true, paths: ['/tmp'] });
    expect(writable({ exec: true })).toEqual({ root: true, paths: ['/tmp', '/var/lib/amazon', '/var/log/amazon'] });
    expect(writable({ readonlyRoot: false })).toEqual({ root: false, paths: [] });
  });

  it('runs under an init process, as the user it is told, and may take its time to stop', () => {
    expect(own).toMatchObject({ linuxParameters: { initProcessEnabled: true }, stopTimeout: 120 });
    expect(own).not.toHaveProperty('user');
    expect(made({ user: '1000:1000' })[0]).toMatchObject({ user: '1000:1000' });
  });

  it('has no health check of its own unless one is given', () => {
    expect(own).not.toHaveProperty('healthCheck');
  });
});

describe('the collector of traces', () => {
  it('stands beside it only when asked, is pinned, and may fail', () => {
    expect(made()).toHaveLength(1);
    const [service, collector] = made({ xray: true });
    expect(service?.dependsOn).toEqual([{ containerName: 'xray-collector', condition: 'START' }]);
    expect(collector).toMatchObject({ name: 'xray-collector', essential: false, readonlyRootFilesystem: true });
    expect(collector?.image).toMatch(/^public\.ecr\.aws\/aws-observability\/aws-otel-collector:v\d+\.\d+\.\d+$/);
  });
});
