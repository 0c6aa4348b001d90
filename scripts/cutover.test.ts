/** The command as operators run it, on a stand-in for AWS: real calls, a short pace. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  ApplicationAutoScalingClient,
  DescribeScheduledActionsCommand,
} from '@aws-sdk/client-application-auto-scaling';
import { CloudWatchClient, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { RegisterTaskDefinitionCommand, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { DeleteRuleCommand, ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Deployment } from '../modules/stacks/deployment.ts';
import { repository } from '../modules/testing/synthesized.ts';
import { cutover } from './cutover.ts';
import { deploy } from './deploy.ts';
import { maintenance } from './maintenance.ts';
import { migrate } from './migrate.ts';
import { openClients } from './operate/clients.ts';
import { type Balanced, deployColours, nightly, previewSecret, soundAlarm } from './operate/cutover/fargate/rig.ts';
import { refuseWhileOpen } from './operate/cutover/open-run.ts';
import type { Run } from './operate/cutover/run.ts';
import { sampleRun } from './operate/cutover/sample.ts';
import { goodManners, type Manners, serveManners } from './operate/cutover/smoke/server.ts';
import { openStore } from './operate/cutover/store.ts';
import { forgetMigration } from './operate/migrate/migrated.ts';
import { onStandIn } from './operate/on-stand-in.ts';
import { openOperated } from './operate/operated.ts';
import { ecsDimension, resourceOf } from './operate/scale/scalable.ts';
import { readService, serviceClients } from './operate/scale/service.ts';
import { type Host, runCommand } from './platform/command.ts';
import { scale } from './scale.ts';

const environment = 'examples/tag-governance/prod';
const region = 'us-east-1';
const cluster = 'tagging-mcp-cluster';
const names: Readonly<Record<string, string>> = { blue: 'tagging-mcp-server', green: 'tagging-mcp-server-green' };

describe('cutover', () => {
  const standIn = onStandIn(environment);
  const { said, lines, forget } = standIn;
  let deployment: Deployment;
  let balanced: Balanced;
  let manners: Manners;
  let server: Awaited<ReturnType<typeof serveManners>>;

  beforeEach(async () => {
    const { deployments } = await openOperated(standIn.hostWith(), { environment });
    const [first] = deployments;
    if (first === undefined) throw new Error('no region');
    deployment = first;
    balanced = await deployColours(deployment);
    manners = goodManners('https://mcp.finops.example.com/mcp');
    server = await serveManners(manners);
  });
  afterEach(() => server.close());

  const withToken = (): NodeJS.ProcessEnv => ({ ...process.env, COUNTERSIGN_SMOKE_TOKEN: 'token' });
  const run = (args: readonly string[], more: Partial<Host> = {}): Promise<number> => {
    const place = ['--environment', environment, '--url', server.url];
    return standIn.run(cutover, [...args, ...place], { env: withToken(), ...more });
  };
  const quick = ['--yes', '--bakes', '0,0,0', '--pace', 'poll=0.2,settle=0,twice=0,period=1,hold=0'];
  const record = async (): Promise<Run> => {
    const kept = await openStore(deployment).read();
    if (kept === undefined) throw new Error('no run');
    return kept.run;
  };
  const counts = (colour: string) => readService(serviceClients(region), cluster, names[colour] ?? '');
  const schedules = async (colour: string) => {
    const { ScheduledActions = [] } = await new ApplicationAutoScalingClient({ region }).send(
      new DescribeScheduledActionsCommand({ ...ecsDimension, ResourceId: resourceOf(cluster, names[colour] ?? '') }),
    );
    return ScheduledActions.map(({ Schedule, ScalableTargetAction }) => ({ Schedule, ...ScalableTargetAction }));
  };
  const until = async (isSo: () => Promise<boolean>): Promise<void> => {
    for (const end = Date.now() + 20_000; Date.now() < end; await sleep(100)) if (await isSo()) return;
    throw new Error(`it never was so: ${said()}`);
  };

  it('goes the whole way, keeps the crons, and says which setting follows', async () => {
    expect(await run(['start', ...quick])).toBe(0);
    expect(await balanced.weights()).toEqual({ blue: 0, green: 100 });
    expect(await counts('blue')).toEqual({ desired: 0, bounds: { min: 0, max: 10 } });
    expect(await counts('green')).toEqual({ desired: 2, bounds: { min: 2, max: 10 } });
    expect(await schedules('blue')).toEqual([{ Schedule: nightly, MinCapacity: 0, MaxCapacity: 0 }]);
    expect(await schedules('green')).toEqual([{ Schedule: nightly, MinCapacity: 1, MaxCapacity: 2 }]);
    expect(said()).toMatch(/Set active_colour = "green" in environments\/examples\/tag-governance\/prod\.tfvars/);
    expect(await record()).toMatchObject({ state: 'finished', environment, owner: expect.stringMatching(/^arn:aws/) });
    forget();
    expect(await run(['status'])).toBe(0);
    expect(said()).toMatch(/blue to green, finished/);
  });

  it('sends the preview header of the secret with every call of the smoke test, and never shows it', async () => {
    const headers = new Set<string | string[] | undefined>();
    manners.seen = (request) => headers.add(request.headers['x-mcp-preview']);
    expect(await run(['start', '--until', 'smoked', '--json', ...quick])).toBe(0);
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ outcome: 'reached', state: 'smoked', region });
    expect([...headers]).toEqual([`green:${previewSecret}`]);
    expect(said()).not.toContain(previewSecret);
    expect(JSON.stringify(await record())).not.toContain(previewSecret);
  });

  it('says what a dry run would do, and changes nothing', async () => {
    expect(await run(['start', '--dry-run'])).toBe(2);
    expect(said()).toMatch(/green +0 +0 between 0 and 10 +\S+finops-tag-compliance-mcp:v2\.0\.0/);
    expect(said()).toContain('10 % for 12 min, 50 % for 12 min, 100 % for 20 min');
    expect(said()).toContain('keeps blue at weight 0 for 1440 min');
    expect(await openStore(deployment).read()).toBeUndefined();
    expect(await counts('green')).toEqual({ desired: 0, bounds: { min: 0, max: 10 } });
    // What would be refused is not said to be done.
    await openStore(deployment).create(sampleRun({ state: 'finished', share: 100 }));
    for (const verb of ['resume', 'rollback', 'abort', 'finish'])
      expect([verb, await run([verb, '--dry-run'])]).toEqual([verb, 1]);
    expect(said()).not.toContain('Would');
  });

  it('begins only with the task definition that the store was migrated for, and says with which command', async () => {
    const command = `npm run migrate -- --environment ${environment} --region ${region} --colour green`;
    const migrated = () => run(['start', '--dry-run']);
    const { of, close } = openClients(region, undefined);
    await forgetMigration(deployment, of);
    close();
    expect(await migrated()).toBe(1);
    expect(said()).toContain(
      'The store was not migrated for tagging-mcp-server-green:1, which green is to run (it never',
    );
    expect(said()).toContain(command);
    const asked = ['--environment', environment, '--region', region, '--colour', 'green'];
    expect(await standIn.run(migrate, [...asked, '--dry-run'])).toBe(2);
    expect(await migrated()).toBe(1);
    await standIn.transition('ecs::task', 'immediate');
    expect(await standIn.run(migrate, [...asked, '--yes'])).toBe(0);
    expect(await migrated()).toBe(2);
    // What is deployed after a migration may need another.
    const ecs = serviceClients(region).ecs;
    const containerDefinitions = [
      { name: deployment.settings.container_name, image: deployment.settings.image_green, memory: 128 },
    ];
    await ecs.send(new RegisterTaskDefinitionCommand({ family: names.green, containerDefinitions }));
    await ecs.send(new UpdateServiceCommand({ cluster, service: names.green, taskDefinition: `${names.green}:2` }));
    expect(await run(['start', ...quick])).toBe(1);
    expect(said()).toContain(
      'tagging-mcp-server-green:2, which green is to run (it was last for tagging-mcp-server-green:1)',
    );
    expect(await openStore(deployment).read()).toBeUndefined();
    expect(await counts('green')).toMatchObject({ desired: 0 });
  });

  it('asks first, and takes no other answer than yes', async () => {
    expect(await run(['start', ...quick.slice(1)], { ask: async () => 'no' })).toBe(1);
    expect(await run(['start', ...quick.slice(1)])).toBe(1);
    expect(said()).toContain('There is no terminal to ask at');
    expect(await openStore(deployment).read()).toBeUndefined();
  });

  it('refuses a second start with the name of the first, and a deployment and other counts beside it', async () => {
    await run(['start', '--until', 'smoked', ...quick]);
    const { run: first } = await record();
    forget();
    expect(await run(['start', ...quick])).toBe(1);
    expect(said()).toContain(first);
    forget();
    expect(await standIn.run(deploy, ['--environment', environment, '--yes'])).toBe(1);
    expect(said()).toContain(`${first} of arn:aws`);
    expect(said()).toContain('deploy waits until it is over');
    for (const args of [
      ['--colour', 'green', '--desired', '0'],
      ['--colour', 'blue', '--desired', '9'],
    ]) {
      forget();
      expect(await standIn.run(scale, ['--environment', environment, '--yes', ...args])).toBe(1);
      expect(said()).toContain('scale waits until it is over');
    }
    expect(await counts('green')).toMatchObject({ desired: 2 });
    expect(
      await standIn.run(scale, ['--environment', environment, '--colour', 'all', '--desired', '4', '--dry-run']),
    ).toBe(2);
  });

  it('gives the weights back when an alarm is set off in a bake', async () => {
    await soundAlarm(deployment, 'sounded-before');
    const going = run(['start', '--yes', '--bakes', '1,1,1', '--pace', 'poll=0.2,settle=0,twice=0,period=1,hold=0']);
    await until(async () => (await balanced.weights()).green === 10);
    await soundAlarm(deployment, 'errors');
    expect(await going).toBe(3);
    expect(await balanced.weights()).toEqual({ blue: 100, green: 0 });
    expect(said()).toMatch(/Went back \(rolled-back\): green at 10 %: \S+-errors began to sound/);
    expect((await record()).baseline).toEqual([expect.stringContaining('sounded-before')]);
  });

  it('goes back on the 5xx of green’s own target group', async () => {
    const going = run(['start', '--yes', '--bakes', '1,1,1', '--pace', 'poll=0.2,settle=0,twice=0,period=1,hold=0']);
    await until(async () => (await balanced.weights()).green === 10);
    const { groups } = balanced;
    const { parts } = await record();
    const TargetGroup = groups.green?.replace(/^.*:/, '');
    const LoadBalancer = parts.loadBalancer?.replace(/^.*:loadbalancer\//, '');
    const Dimensions = [
      { Name: 'TargetGroup', Value: TargetGroup },
      { Name: 'LoadBalancer', Value: LoadBalancer },
    ];
    for (let second = 0; second < 3; second += 1) {
      const Timestamp = new Date();
      const data = { Dimensions, Timestamp };
      await new CloudWatchClient({ region }).send(
        new PutMetricDataCommand({
          Namespace: 'AWS/ApplicationELB',
          MetricData: [
            { ...data, MetricName: 'RequestCount', Value: 50 },
            { ...data, MetricName: 'HTTPCode_Target_5XX_Count', Value: 9 },
          ],
        }),
      );
      await sleep(1000);
    }
    expect(await going).toBe(3);
    expect(said()).toContain('9 of 50 and 9 of 50 requests of a minute with 5xx');
    expect(await balanced.weights()).toEqual({ blue: 100, green: 0 });
  });

  it('ends foreign where somebody sets the rule by hand, and touches it no more', async () => {
    const going = run(['start', '--yes', '--bakes', '1,1,1', '--pace', 'poll=0.2,settle=0,twice=0,period=1,hold=0']);
    await until(async () => (await balanced.weights()).green === 10);
    await balanced.set({ blue: 60, green: 40 });
    expect(await going).toBe(1);
    expect(await record()).toMatchObject({ state: 'foreign', was: 'baking' });
    expect(await run(['resume'])).toBe(1);
    expect(await run(['rollback'])).toBe(1);
    expect(await balanced.weights()).toEqual({ blue: 60, green: 40 });
    forget();
    expect(await run(['status'])).toBe(2);
    expect(said()).toContain('live: blue 60, green 40, which this run did not write');
  });

  it('is resumed after kill -9, by another process', async () => {
    const args = ['start', '--environment', environment, '--url', server.url, ...quick];
    const child = spawn(process.execPath, [join(repository, 'scripts/cutover.ts'), ...args], {
      env: withToken(),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    await until(async () => (await balanced.weights()).green === 50);
    child.kill('SIGKILL');
    expect((await record()).holder?.pid).toBe(child.pid);
    expect(await run(['resume'])).toBe(0);
    expect(await balanced.weights()).toEqual({ blue: 0, green: 100 });
    expect((await record()).state).toBe('finished');
  });

  it('rolls back on SIGTERM, and exits with 3', async () => {
    const slow = ['--yes', '--bakes', '1,1,1', '--pace', 'poll=0.2,settle=0,twice=0,period=1,hold=0'];
    const args = ['start', '--environment', environment, '--url', server.url, ...slow];
    const child = spawn(process.execPath, [join(repository, 'scripts/cutover.ts'), ...args], { env: withToken() });
    const code = new Promise((resolve) => child.once('close', resolve));
    await until(async () => (await balanced.weights()).green === 10);
    child.kill('SIGTERM');
    expect(await code).toBe(3);
    expect(await balanced.weights()).toEqual({ blue: 100, green: 0 });
    expect((await record()).state).toBe('rolled-back');
  });

  it('goes by hand: smoked, a share, back, and the new colour scaled in', async () => {
    expect(await run(['start', '--until', 'smoked', ...quick])).toBe(0);
    expect(await run(['finish'])).toBe(1);
    expect(await run(['shift', '25'])).toBe(0);
    expect(await balanced.weights()).toEqual({ blue: 75, green: 25 });
    expect(await run(['shift', '20'])).toBe(1);
    expect(await run(['abort'])).toBe(1);
    expect(said()).toContain('green has had traffic (baking(25)): use rollback.');
    expect(await run(['rollback'])).toBe(3);
    expect(await balanced.weights()).toEqual({ blue: 100, green: 0 });
    expect(await counts('green')).toMatchObject({ desired: 2 });
    expect(await run(['abort'])).toBe(0);
    expect(await counts('green')).toEqual({ desired: 0, bounds: { min: 0, max: 10 } });
    expect(await schedules('green')).toEqual([{ Schedule: nightly, MinCapacity: 0, MaxCapacity: 0 }]);
  });

  it('is aborted before the first shift, which leaves everything as it was', async () => {
    await run(['start', '--until', 'warm', ...quick]);
    expect(await counts('green')).toEqual({ desired: 2, bounds: { min: 2, max: 10 } });
    expect(await run(['abort'])).toBe(0);
    expect(await counts('green')).toEqual({ desired: 0, bounds: { min: 0, max: 10 } });
    expect(await schedules('green')).toEqual([{ Schedule: nightly, MinCapacity: 0, MaxCapacity: 0 }]);
    expect((await record()).state).toBe('aborted');
  });

  it('whose rule is gone is ended by abort, so that a deployment can make the rule anew', async () => {
    await run(['start', '--until', '10', ...quick]);
    const { parts } = await record();
    await new ElasticLoadBalancingV2Client({ region }).send(new DeleteRuleCommand({ RuleArn: parts.rule }));
    expect(await run(['resume'])).toBe(1);
    expect(said()).toContain('the rule is gone: abort ends the run');
    await expect(refuseWhileOpen([deployment], 'deploy')).rejects.toThrow('is foreign');
    expect(await run(['abort', '--dry-run'])).toBe(2);
    expect((await record()).state).toBe('foreign');
    expect(await run(['abort'])).toBe(0);
    expect((await record()).state).toBe('aborted');
    await refuseWhileOpen([deployment], 'deploy');
  });

  it('and maintenance keep apart, because a cutover would go back on the 503, until it only holds', async () => {
    const maintain = (verb: string) => standIn.run(maintenance, [verb, '--environment', environment, '--yes']);
    expect(await maintain('on')).toBe(0);
    expect(await run(['start', ...quick])).toBe(1);
    expect(said()).toContain('Maintenance is on, so that clients are answered 503');
    expect(await maintain('off')).toBe(0);
    await run(['start', '--until', '50', ...quick]);
    expect(await maintain('on')).toBe(1);
    expect(said()).toContain('It would take the 503 for a fault of the new version, and go back');
    expect(await run(['resume', '--until', 'holding'])).toBe(0);
    expect(await maintain('on')).toBe(0);
    expect(await run(['resume'])).toBe(0);
    expect((await record()).state).toBe('finished');
  });

  it('refuses to finish before the hold is over', async () => {
    await run([
      'start',
      '--until',
      'holding',
      '--yes',
      '--bakes',
      '0,0,0',
      '--pace',
      'poll=0.2,settle=0,twice=0,period=1',
    ]);
    forget();
    expect(await run(['finish'])).toBe(1);
    expect(said()).toMatch(/blue may still be answering calls, or is kept for going back: finish from 20/);
    expect(await run(['resume'])).toBe(75);
    expect(await counts('blue')).toMatchObject({ desired: 2 });
  });

  it('refuses to begin with split traffic, with stickiness, and where nothing runs', async () => {
    await balanced.set({ blue: 50, green: 50 });
    expect(await run(['start', ...quick])).toBe(1);
    expect(said()).toContain('Traffic is split already (blue 50, green 50)');
    expect(await run(['status'])).toBe(2);
    await balanced.set({ blue: 100 }, true);
    expect(await run(['start', ...quick])).toBe(1);
    expect(said()).toContain('stickiness between the target groups is on');
    await balanced.set({ blue: 100 });
    await serviceClients(region).ecs.send(new UpdateServiceCommand({ cluster, service: names.blue, desiredCount: 0 }));
    expect(await run(['start', ...quick])).toBe(1);
    expect(said()).toContain('blue takes traffic and is to run no task');
    expect(await run(['resume'])).toBe(1);
    expect(said()).toContain('There is no open cutover.');
    expect(await openStore(deployment).read()).toBeUndefined();
  });
});

/** What is refused before AWS is asked anything. */
const called = async (args: readonly string[], env: NodeJS.ProcessEnv = {}) => {
  const lines: string[] = [];
  const say = (line: string): void => {
    lines.push(line);
  };
  const host = { root: repository, env, out: say, err: say, ask: undefined };
  const code = await runCommand(cutover, [...args, '--environment', environment], host);
  return { code, said: lines.join('\n') };
};

it.each<[args: string[], code: number, says: string]>([
  [['start', '--yes'], 1, 'COUNTERSIGN_SMOKE_TOKEN'],
  [['strat'], 64, 'did you mean start?'],
  [['shift'], 64, 'shift takes a share from 1 to 100'],
  [['shift', '0'], 64, 'None at all is rollback.'],
  [['resume', 'now'], 64, 'resume takes no further word'],
  [['start', '--until', 'smokd'], 64, '--until takes warm, smoked'],
  [['start', '--shares', '50,10,100'], 64, '--shares are whole and rise to 100'],
  [['start', '--shares', '10.5,100'], 64, '--shares are whole and rise to 100'],
  [['start', '--bakes', '0x10,1e9,-1'], 64, '--bakes takes numbers with commas between'],
  [['start', '--pace', 'hold=1e20'], 64, '--pace takes poll=<seconds>'],
  [['start', '--pace', 'poll=Infinity'], 64, '--pace takes poll=<seconds>'],
  [['start', '--pace', 'poll=1=2'], 64, '--pace takes poll=<seconds>'],
  [['start', '--url', 'mcp.example.com'], 64, '--url is an origin such as https://mcp.example.com'],
  [['start', '--url', 'https://mcp.example.com/mcp'], 64, '--url is an origin'],
  [['start', '--bakes', '1,2'], 64, '--bakes needs as many minutes'],
  [['start', '--pace', 'polls=1'], 64, '--pace takes poll=<seconds>'],
  // The stand-in's pace, on AWS itself.
  [['start', '--pace', 'hold=1'], 64, '--pace hold=1 is too short: calls of the old colour may last, hold 86400 s.'],
])('refuses %j', async (args, code, says) => {
  expect(await called(args)).toEqual({ code, said: expect.stringContaining(says) });
});
