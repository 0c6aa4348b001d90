/** The store's migration as a task of its own, on a stand-in for AWS whose tasks end after a few looks. */
import {
  CreateClusterCommand,
  CreateServiceCommand,
  DescribeTasksCommand,
  ECSClient,
  ListTasksCommand,
  RegisterTaskDefinitionCommand,
} from '@aws-sdk/client-ecs';
import type { Settings } from '../contracts/settings/resolve.ts';
import { migrate } from './migrate.ts';
import { checkMigrated } from './operate/migrate/migrated.ts';
import { migrateOnce, migration, problemOf } from './operate/migrate/one-off.ts';
import { onStandIn } from './operate/on-stand-in.ts';
import { openOperated } from './operate/operated.ts';

describe('a task that has stopped', () => {
  const task = (more: object) => ({
    containers: [
      { name: 'sidecar', exitCode: 0 },
      { name: 'app', ...more },
    ],
  });

  it('has migrated where the service’s own container ended with 0', () => {
    expect(problemOf(task({ exitCode: 0 }), 'app')).toBeUndefined();
  });

  it.each<[object, string]>([
    [task({ exitCode: 1 }), 'ended with 1'],
    [task({ exitCode: 137, reason: 'OutOfMemoryError: container killed' }), 'ended with 137 (OutOfMemoryError'],
    [{ ...task({}), stoppedReason: 'CannotPullContainerError: no such tag' }, 'did not run (CannotPullContainerError'],
    [{ stoppedReason: 'ResourceInitializationError' }, 'did not run (ResourceInitializationError)'],
    [{}, 'did not run'],
  ])('has not: %j', (stopped, says) => {
    expect(problemOf(stopped, 'app')).toContain(says);
  });
});

describe('npm run migrate', () => {
  const environment = 'examples/tag-governance/prod';
  const region = 'us-east-1';
  const cluster = 'tagging-mcp-cluster';
  const standIn = onStandIn(environment);
  const run = (args: readonly string[], more = {}) =>
    standIn.run(migrate, ['--environment', environment, ...args], more);
  const ecs = () => new ECSClient({ region });
  const tasks = async () => {
    const { taskArns = [] } = await ecs().send(new ListTasksCommand({ cluster, startedBy: 'countersign-migrate' }));
    if (taskArns.length === 0) return [];
    return (await ecs().send(new DescribeTasksCommand({ cluster, tasks: taskArns }))).tasks ?? [];
  };

  beforeEach(async () => {
    await ecs().send(new CreateClusterCommand({ clusterName: cluster }));
    const containerDefinitions = [{ name: 'mcp-server', image: 'i:2', memory: 128 }];
    for (const family of ['blue', 'green'])
      await ecs().send(new RegisterTaskDefinitionCommand({ family, containerDefinitions }));
    for (const [serviceName, taskDefinition] of [
      ['tagging-mcp-server', 'blue'],
      ['tagging-mcp-server-green', 'green'],
    ])
      await ecs().send(new CreateServiceCommand({ cluster, serviceName, taskDefinition, desiredCount: 0 }));
  });

  it('starts the idle colour’s task with the command that migrates, and nothing else of it changes', async () => {
    const operated = await openOperated(standIn.hostWith(), { environment });
    const [deployment] = operated.deployments;
    if (deployment === undefined) throw new Error('no region');
    const waiting = { everyMs: 5, patienceMs: 5000 };
    expect(await migrateOnce(ecs(), deployment, 'green', waiting)).toMatchObject({
      service: 'tagging-mcp-server-green',
      taskDefinition: expect.stringMatching(/task-definition\/green:1$/),
    });
    const [task, ...others] = await tasks();
    expect(others).toEqual([]);
    expect(task).toMatchObject({
      taskDefinitionArn: expect.stringMatching(/task-definition\/green:1$/),
      launchType: 'FARGATE',
      overrides: { containerOverrides: [{ name: 'mcp-server', command: [...migration] }] },
    });
  });

  it('says where the log is of a task that takes too long or whose service is not there', async () => {
    const { deployments } = await openOperated(standIn.hostWith(), { environment });
    const [deployment] = deployments;
    if (deployment === undefined) throw new Error('no region');
    await expect(migrateOnce(ecs(), deployment, 'green', { everyMs: 1, patienceMs: 0 })).rejects.toThrow(
      /^The migration’s task \w{8}-\S+ still runs, and goes on\. Its log is the stream ecs\/mcp-server\/\w{8}-/,
    );
    await expect(migrateOnce(ecs(), deployment, 'purple')).rejects.toThrow('There is no colour purple.');
    await fetch(`${standIn.url()}/moto-api/reset`, { method: 'POST' });
    await expect(migrateOnce(ecs(), deployment, 'green')).rejects.toThrow(
      'There is no service tagging-mcp-server-green: npm run deploy',
    );
  });

  it('wants to know the colour, asks first, and starts nothing on a dry run', async () => {
    expect(await run(['--yes'])).toBe(64);
    expect(standIn.said()).toContain('Say which colour: --colour blue, or --colour green.');
    expect(await run(['--colour', 'green', '--dry-run', '--json'])).toBe(2);
    expect(JSON.parse(standIn.lines.at(-1) ?? '')).toMatchObject({ outcome: 'planned' });
    expect(await run(['--colour', 'green'])).toBe(1);
    expect(await run(['--colour', 'green'], { ask: async () => 'no' })).toBe(1);
    expect(await tasks()).toEqual([]);
  });

  it('is asked for by a cutover of Countersign’s own image on Fargate alone, in words that name the colour', async () => {
    const [deployment] = (await openOperated(standIn.hostWith(), { environment })).deployments;
    if (deployment === undefined) throw new Error('no region');
    const checked = (changes: Partial<Settings>, taskDefinition?: string) =>
      checkMigrated(
        { ...deployment, settings: { ...deployment.settings, ...changes } },
        environment,
        'green',
        taskDefinition,
      );
    await checked({ container: 'custom' });
    await checked({ compute_mode: 'ec2' });
    await expect(checked({})).rejects.toThrow(
      'The store was not migrated for green, which green is to run (it never was)',
    );
    await expect(checked({}, 'arn:x/green:7')).rejects.toThrow(
      'The store was not migrated for green:7, which green is to',
    );
  });

  it('says where a store is migrated otherwise', async () => {
    expect(await standIn.run(migrate, ['--environment', 'examples/startup/staging', '--yes'])).toBe(1);
    expect(standIn.said()).toMatch(/migrates in its own way|Only services on Fargate/);
  });
});
