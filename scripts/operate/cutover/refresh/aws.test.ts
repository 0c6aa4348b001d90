/** Cutovers of a group of instances, as the command makes them against a stand-in for AWS. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  AutoScalingClient,
  DescribeInstanceRefreshesCommand,
  StartInstanceRefreshCommand,
} from '@aws-sdk/client-auto-scaling';
import type { Deployment } from '../../../../modules/stacks/deployment.ts';
import { repository } from '../../../../modules/testing/synthesized.ts';
import { cutover } from '../../../cutover.ts';
import { doctor } from '../../../doctor.ts';
import type { Host } from '../../../platform/command.ts';
import { onStandIn } from '../../on-stand-in.ts';
import { openOperated } from '../../operated.ts';
import { restart } from '../../restart.ts';
import { soundAlarm } from '../fargate/rig.ts';
import type { Run } from '../run.ts';
import { goodManners, type Manners, serveManners } from '../smoke/server.ts';
import { openStore } from '../store.ts';
import { autoScalingGroup } from './aws.ts';
import { Irreversible, RefreshBusy } from './group.ts';
import { deployInstances, type Instanced } from './rig.ts';

const environment = 'examples/startup/staging';
const region = 'us-east-1';
const file = `environments/${environment}.tfvars`;
const next = '111122223333.dkr.ecr.us-east-1.amazonaws.com/countersign:v0.1.0';

describe('a cutover of instances', () => {
  const standIn = onStandIn(environment);
  const { said } = standIn;
  let root: string;
  let deployment: Deployment;
  let instances: Instanced;
  let manners: Manners;
  let server: Awaited<ReturnType<typeof serveManners>>;

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'countersign-refresh-'));
    await mkdir(dirname(join(root, file)), { recursive: true });
    await writeFile(join(root, file), `${await readFile(join(repository, file), 'utf8')}\ninstance_cutover = true\n`);
  });
  afterAll(() => rm(root, { recursive: true }));
  beforeEach(async () => {
    const { deployments } = await openOperated(standIn.hostWith({ root }), { environment });
    const [first] = deployments;
    if (first === undefined) throw new Error('no region');
    deployment = first;
    instances = await deployInstances(deployment, ['registry.example.com/countersign:v0.0.9', next]);
    manners = { ...goodManners('https://mcp.staging.startup.example.com/mcp'), version: '0.1.0', colour: undefined };
    server = await serveManners(manners);
  });
  afterEach(() => server.close());

  const run = (args: readonly string[], more: Partial<Host> = {}): Promise<number> => {
    const env = { ...process.env, COUNTERSIGN_SMOKE_TOKEN: 'token' };
    const url = args.includes('status') ? [] : ['--url', server.url];
    return standIn.run(cutover, [...args, '--environment', environment, ...url], { root, env, ...more });
  };
  const pace = ['--pace', 'poll=0.1,settle=0,twice=0,period=1,hold=0'];
  const quick = ['--yes', '--bakes', '0,0,0', ...pace];
  const record = async (): Promise<Run> => {
    const kept = await openStore(deployment).read();
    if (kept === undefined) throw new Error('no run');
    return kept.run;
  };
  const until = async (isSo: () => Promise<boolean>): Promise<void> => {
    for (const end = Date.now() + 20_000; Date.now() < end; await sleep(50)) if (await isSo()) return;
    throw new Error(`it never was so: ${said()}`);
  };

  it('replaces them by one refresh per share, and looks at the new version once it answers alone', async () => {
    expect(await run(['start', ...quick])).toBe(0);
    expect(await instances.refreshes()).toEqual(['2 100 Successful', '2 50 Cancelled', '2 25 Cancelled']);
    expect([await instances.versions(), await instances.starts()]).toEqual([['2', '2', '2', '2'], '2']);
    expect(await record()).toMatchObject({
      state: 'finished',
      way: 'instance-refresh',
      variants: { old: 'template-1', new: 'template-2' },
      pace: { shares: [25, 50, 100] },
    });
    expect(said()).toContain('template-2 before its first share: an instance takes calls as soon as it is healthy');
    expect(said()).toContain('Smoke test of template-2 at http://');
    expect(said()).not.toContain('active_colour');
    expect(await run(['start', ...quick])).toBe(1);
    expect(said()).toMatch(/Version 2 of the launch template of \S+ runs on all instances and is the newest/);
  });

  it('says what a dry run would do, and changes nothing', async () => {
    expect(await run(['start', '--dry-run'])).toBe(2);
    expect(said()).toMatch(/region +launch template +percent +instances +image/);
    expect(said()).toMatch(/template-2 +0 +0 between 1 and 4 +\S+countersign:v0\.1\.0/);
    expect(said()).toContain('25 % for 12 min, 50 % for 12 min, 100 % for 20 min;');
    expect(await instances.refreshes()).toEqual([]);
  });

  it('goes back where an alarm that AWS watches sounds in a bake', async () => {
    const going = run(['start', '--yes', '--bakes', '1,1,1', ...pace]);
    await until(async () => (await instances.refreshes())[0] === '2 25 Baking');
    await soundAlarm(deployment, 'alb-5xx', 'AWS/ApplicationELB');
    expect(await going).toBe(3);
    expect([await instances.versions(), await instances.starts()]).toEqual([['1', '1', '1', '1'], '1']);
    expect((await record()).state).toBe('rolled-back');
    expect(said()).toMatch(/Next: deploy what is to come next/);
  });

  it('gives AWS the alarms of the load balancer to watch, and no other environment’s', async () => {
    const quiet = (name: string, tags = {}) =>
      soundAlarm(deployment, name, 'AWS/ApplicationELB', { tags, state: 'OK' });
    await quiet('alb-5xx');
    await quiet('eu-alb-5xx', { Project: 'startup-mcp', Environment: 'staging-eu' });
    expect(await run(['start', '--until', '25', ...quick])).toBe(0);
    const told = await new AutoScalingClient({ region }).send(
      new DescribeInstanceRefreshesCommand({
        AutoScalingGroupName: 'startup-mcp-staging-service',
      }),
    );
    expect(told.InstanceRefreshes?.[0]?.Preferences).toEqual({
      MinHealthyPercentage: 100,
      MaxHealthyPercentage: 200,
      SkipMatching: true,
      CheckpointPercentages: [25],
      CheckpointDelay: 0,
      BakeTime: 172_800,
      AutoRollback: true,
      AlarmSpecification: { Alarms: ['startup-mcp-staging-alb-5xx'] },
    });
  });

  it('goes back by rollback from where it was stopped', async () => {
    expect(await run(['start', '--until', '50', ...quick])).toBe(0);
    expect(await instances.versions()).toEqual(['1', '1', '2', '2']);
    expect(await run(['status'])).toBe(0);
    expect(said()).toContain('live: template-1 50, template-2 50; 2 of 4 instances run template-2, Baking');
    expect(await run(['rollback'])).toBe(3);
    expect([await instances.versions(), await instances.starts()]).toEqual([['1', '1', '1', '1'], '1']);
    // The second refresh is taken back, and what the first has replaced is replaced again.
    expect(await instances.refreshes()).toEqual(['1 100 Successful', '2 50 RollbackSuccessful', '2 25 Cancelled']);
  });

  it('goes back where the new version answers as it should not, once it alone answers', async () => {
    manners.version = '0.0.9';
    expect(await run(['start', ...quick])).toBe(3);
    expect(said()).toContain('/health says version 0.0.9, not 0.1.0');
    expect(await instances.versions()).toEqual(['1', '1', '1', '1']);
  });

  it('touches nothing where somebody else began a refresh', async () => {
    await run(['start', '--until', '25', ...quick]);
    const client = new AutoScalingClient({ region });
    const group = autoScalingGroup(region, 'startup-mcp-staging-service', { minimum: 100, maximum: 200 });
    await group.cancel();
    await group.refreshes('');
    await client.send(new StartInstanceRefreshCommand({ AutoScalingGroupName: group.name }));
    expect(await run(['resume'])).toBe(1);
    expect(said()).toMatch(/the instance refresh \S+ was not begun by this run/);
    // Without a desired configuration AWS cannot take it back.
    await expect(group.rollBack()).rejects.toThrow(Irreversible);
  });

  it('is told by AWS that a refresh is under way, or that there is none', async () => {
    const group = autoScalingGroup(region, 'startup-mcp-staging-service', { minimum: 50, maximum: 200 });
    await expect(group.cancel()).rejects.toThrow(RefreshBusy);
    await expect(group.rollBack()).rejects.toThrow(RefreshBusy);
    const template = (await group.read())?.template ?? '';
    const beginning = { template, version: '2', share: 50, bakeSeconds: 60, goesBack: true, alarms: [] };
    await group.begin(beginning);
    await expect(group.begin(beginning)).rejects.toThrow(RefreshBusy);
    const [only] = await group.refreshes('');
    expect(only).toMatchObject({ version: '2', share: 50 });
    expect(await group.refreshes(only?.id ?? '')).toEqual([]);
    expect([await group.newest(template), await group.image(template, '2')]).toEqual(['2', next]);
    expect(await group.image(template, '9')).toBeUndefined();
    const none = autoScalingGroup(region, 'none', { minimum: 100, maximum: 200 });
    expect(await none.read()).toBeUndefined();
  });

  it('is what the doctor asks for once a version has no instances, and secrets are read again without it', async () => {
    const look = async () => {
      const place = ['--environment', environment, '--check', 'versions', '--json'];
      await standIn.run(doctor, place, { root });
      return JSON.stringify(JSON.parse(standIn.lines.at(-1) ?? ''));
    };
    expect(await look()).toContain('template-1 100; version 2 is deployed and runs nowhere: npm run cutover');
    const restarted = await restart(deployment, { everyMs: 1 });
    expect(await restarted.steady()).toBe(true);
    expect(await instances.versions()).toEqual(['1', '1', '1', '1']);
    await run(['start', '--until', '50', ...quick]);
    await run(['resume']);
    expect(await look()).toContain('template-2 100, the newest');
  });

  it('needs instance_cutover: else a deployment replaces the instances', async () => {
    const host = { env: { ...process.env, COUNTERSIGN_SMOKE_TOKEN: 'token' } };
    expect(await standIn.run(cutover, ['start', '--environment', environment, '--yes'], host)).toBe(1);
    expect(said()).toContain('A deployment replaces the instances at once: set instance_cutover = true, and deploy.');
  });
});
