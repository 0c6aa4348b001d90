/** Counts, bounds and weights that operations own: changed by command, and told by the doctor. On a stand-in for AWS. */
import {
  ApplicationAutoScalingClient,
  DescribeScheduledActionsCommand,
  PutScheduledActionCommand,
  RegisterScalableTargetCommand,
} from '@aws-sdk/client-application-auto-scaling';
import {
  CreateClusterCommand,
  CreateServiceCommand,
  ECSClient,
  RegisterTaskDefinitionCommand,
} from '@aws-sdk/client-ecs';
import { cutover } from './cutover.ts';
import { doctor } from './doctor.ts';
import type { Finding } from './operate/health/examine.ts';
import { onStandIn } from './operate/on-stand-in.ts';
import { rehearse, step } from './operate/rehearsal.ts';
import { wantedCounts } from './operate/scale/counts.ts';
import { ecsDimension, resourceOf } from './operate/scale/scalable.ts';
import { readService, serviceClients } from './operate/scale/service.ts';
import { scale } from './scale.ts';

const region = 'us-east-1';
const environment = 'examples/tag-governance/prod';
const cluster = 'tagging-mcp-cluster';
const [blue, green] = ['tagging-mcp-server', 'tagging-mcp-server-green'];

describe('what counts come to', () => {
  const live = { desired: 3, bounds: { min: 2, max: 10 } };

  it.each<[what: string, asked: Parameters<typeof wantedCounts>[1], desired: number, min: number, max: number]>([
    ['a count within the bounds leaves them', { desired: 5 }, 5, 2, 10],
    ['a count below them lowers the least', { desired: 0 }, 0, 0, 10],
    ['a count above them raises the most', { desired: 12 }, 12, 2, 12],
    ['a least above the count moves the count', { min: 6 }, 6, 6, 10],
    ['a most below the count moves the count', { max: 1 }, 1, 1, 1],
    ['all three are as they are asked for', { desired: 4, min: 3, max: 6 }, 4, 3, 6],
  ])('%s', (_, asked, desired, min, max) => {
    expect(wantedCounts(live, asked)).toEqual({ desired, bounds: { min, max } });
  });

  it('is refused where they contradict each other, or nothing has bounds', () => {
    expect(() => wantedCounts(live, { min: 4, max: 3 })).toThrow('--min 4 is above --max 3.');
    expect(() => wantedCounts(live, { desired: 1, min: 2 })).toThrow(
      '--desired 1 is not between --min 2 and --max 10.',
    );
    expect(() => wantedCounts({ desired: 3 }, { max: 4 })).toThrow('Nothing scales it');
    expect(wantedCounts({ desired: 3 }, { desired: 0 })).toEqual({ desired: 0 });
  });
});

describe('on services', () => {
  const standIn = onStandIn(environment);
  const { lines, said, forget } = standIn;
  const run: typeof standIn.run = (command, args, more) =>
    standIn.run(command, ['--environment', environment, ...args], more);
  const counts = (service: string) => readService(serviceClients(region), cluster, service);

  /** As Terraform makes it: blue with two to ten tasks, green with none. */
  beforeEach(async () => {
    const ecs = new ECSClient({ region });
    const scaling = new ApplicationAutoScalingClient({ region });
    await ecs.send(new CreateClusterCommand({ clusterName: cluster }));
    const containerDefinitions = [{ name: 'mcp-server', image: 'i:1', memory: 128 }];
    await ecs.send(new RegisterTaskDefinitionCommand({ family: 'f', containerDefinitions }));
    for (const [serviceName, desiredCount] of [
      [blue, 2],
      [green, 0],
    ] as const) {
      await ecs.send(new CreateServiceCommand({ cluster, serviceName, taskDefinition: 'f', desiredCount }));
      const ResourceId = resourceOf(cluster, serviceName);
      await scaling.send(
        new RegisterScalableTargetCommand({ ...ecsDimension, ResourceId, MinCapacity: desiredCount, MaxCapacity: 10 }),
      );
      await scaling.send(
        new PutScheduledActionCommand({
          ...ecsDimension,
          ResourceId,
          ScheduledActionName: `${serviceName}-night`,
          Schedule: 'cron(0 20 ? * * *)',
          Timezone: 'UTC',
          ScalableTargetAction: { MinCapacity: 1, MaxCapacity: 2 },
        }),
      );
    }
  });

  it('asks first, shows both, and changes bounds and count of the one colour', async () => {
    const ask = async () => 'yes';
    expect(await run(scale, ['--colour', 'green', '--desired', '3'], { ask })).toBe(0);
    expect(said()).toMatch(/us-east-1 +service tagging-mcp-server-green +0 between 0 and 10 +3 between 0 and 10/);
    expect(await counts(green)).toEqual({ desired: 3, bounds: { min: 0, max: 10 } });
    expect(await counts(blue)).toEqual({ desired: 2, bounds: { min: 2, max: 10 } });
    forget();
    expect(await run(scale, ['--colour', 'green', '--desired', '3'])).toBe(0);
    expect(lines.at(-1)).toBe('It is so already.');
  });

  it('stops everything at once: all colours to zero, the bounds with them', async () => {
    expect(await run(scale, ['--colour', 'all', '--desired', '0', '--yes'])).toBe(0);
    for (const service of [blue, green])
      expect(await counts(service)).toMatchObject({ desired: 0, bounds: { min: 0 } });
  });

  it('and what their runbook names are rehearsed', async () => {
    const scaled = (...args: string[]) => run(scale, [...args, '--yes']);
    await rehearse(
      'counts-and-weights.md',
      [
        step('scale --desired', [0], () => scaled('--colour', 'blue', '--desired', '4')),
        step('scale --min --max', [0], () => scaled('--colour', 'blue', '--min', '2', '--max', '8')),
        step('scale --schedule', [0], () =>
          scaled('--colour', 'blue', '--schedule', 'night', '--min', '1', '--max', '2'),
        ),
        step('scale to 0', [0], () => scaled('--colour', 'all', '--desired', '0')),
        step('doctor --check weights', [0, 1, 2], () => run(doctor, ['--check', 'weights'])),
        step('cutover status', [0, 1, 2], () => run(cutover, ['status'])),
      ],
      standIn,
    );
  });

  it('changes nothing without an answer, or on a dry run', async () => {
    expect(await run(scale, ['--colour', 'blue', '--desired', '5'])).toBe(1);
    expect(said()).toContain('There is no terminal to ask at');
    expect(await run(scale, ['--colour', 'blue', '--desired', '5'], { ask: async () => 'no' })).toBe(1);
    expect(await run(scale, ['--colour', 'blue', '--desired', '5', '--dry-run'])).toBe(2);
    expect(await counts(blue)).toEqual({ desired: 2, bounds: { min: 2, max: 10 } });
  });

  it('changes what a schedule sets, and keeps its time', async () => {
    expect(await run(scale, ['--colour', 'blue', '--schedule', 'night', '--max', '4', '--yes'])).toBe(0);
    const { ScheduledActions } = await new ApplicationAutoScalingClient({ region }).send(
      new DescribeScheduledActionsCommand({ ...ecsDimension, ResourceId: resourceOf(cluster, blue) }),
    );
    expect(ScheduledActions).toMatchObject([
      { Schedule: 'cron(0 20 ? * * *)', Timezone: 'UTC', ScalableTargetAction: { MinCapacity: 1, MaxCapacity: 4 } },
    ]);
  });

  it.each<[args: string[], problem: string, code?: number]>([
    [['--colour', 'blue'], 'Say what to change'],
    [['--desired', '3'], 'Say which colour: --colour blue, or --colour green, or --colour all.'],
    [['--colour', 'blue', '--desired', 'three'], '--desired is a whole number from 0 to 500, not three.'],
    [
      ['--colour', 'blue', '--schedule', 'noon', '--min', '1'],
      'tagging-mcp-server has no schedule noon: it has night.',
      1,
    ],
  ])('refuses %j', async (args, problem, code = 64) => {
    expect(await run(scale, [...args, '--yes'])).toBe(code);
    expect(said()).toContain(problem);
  });

  it('is told by the doctor: the live counts against the settings, and the command', async () => {
    const told = async () => {
      forget();
      await run(doctor, ['--json', '--check', 'counts']);
      const findings = JSON.parse(lines.at(-1) ?? '[]') as Finding[];
      return findings.map(({ subject, verdict, says }) => [subject, verdict, says]);
    };
    expect(await told()).toEqual([
      [blue, 'ok', '2 between 2 and 10 asked for, as the settings say'],
      [green, 'ok', '0 between 0 and 10 asked for, as the settings say'],
    ]);
    await run(scale, ['--colour', 'blue', '--desired', '5', '--yes']);
    await run(scale, ['--colour', 'green', '--desired', '3', '--min', '3', '--yes']);
    expect(await told()).toEqual([
      [
        blue,
        'ok',
        expect.stringContaining(
          '5 between 2 and 10 asked for; the settings say 2 between 2 and 10, from which scaling',
        ),
      ],
      [
        green,
        'ok',
        expect.stringContaining('npm run scale -- --environment <name> --colour green --desired 0 --min 0 --max 10'),
      ],
    ]);
    await run(scale, ['--colour', 'blue', '--max', '20', '--yes']);
    expect((await told())[0]).toEqual([
      blue,
      'attention',
      expect.stringMatching(
        /5 between 2 and 20 asked for; the settings say 2 between 2 and 10, which no deployment brings about: npm run scale .*, or correct the settings$/,
      ),
    ]);
  });
});
