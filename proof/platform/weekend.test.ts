/** Load balancers that come and go with the weekend, through the commands, on the stand-in: clocks of a whole week. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { ECSClient, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import {
  DescribeLoadBalancersCommand,
  DescribeTargetGroupsCommand,
  ElasticLoadBalancingV2Client,
  RegisterTargetsCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { repository } from '../../modules/testing/synthesized.ts';
import { deploy } from '../../scripts/deploy.ts';
import { doctor } from '../../scripts/doctor.ts';
import { drift } from '../../scripts/drift.ts';
import { type Emulator, startEmulator } from '../../scripts/emulator/moto.ts';
import { serveOn } from '../../scripts/emulator/served.ts';
import { openClients } from '../../scripts/operate/clients.ts';
import { openOperated } from '../../scripts/operate/operated.ts';
import { rehearse, step } from '../../scripts/operate/rehearsal.ts';
import { runningNames } from '../../scripts/operate/running.ts';
import { awaitHealthy, tasksText } from '../../scripts/operate/weekend/tasks.ts';
import { opsTopicArn } from '../../scripts/operate/weekend/told.ts';
import { plan } from '../../scripts/plan.ts';
import { type Command, type Host, type Options, runCommand } from '../../scripts/platform/command.ts';
import { weekend } from '../../scripts/weekend.ts';
import { describeWith } from '../../service/test/servers/programs.ts';
import type { Providers } from './provider/front.ts';
import { openRigProviders } from './rig.ts';

const nobodyAnswers = () => Promise.reject(new Error('nobody answers'));
const region = 'eu-west-1';
const example = 'environments/examples/market-data/weekend.tfvars';
/** 2026-11-28 is a Saturday. */
const clock = {
  friday: '2026-11-27T23:59:00Z',
  saturdayEarly: '2026-11-28T05:13:00Z',
  saturdayNoon: '2026-11-28T12:00:00Z',
  sundayNight: '2026-11-29T22:17:00Z',
  tuesday: '2026-12-01T12:00:00Z',
} as const;

await describeWith(['terraform', 'moto_server'], 'a load balancer of weekends', () => {
  const before = { ...process.env };
  const heard: string[] = [];
  let root: string;
  let emulator: Emulator;
  let providers: Providers;
  let receiver: Server;
  let env: NodeJS.ProcessEnv;
  let lines: string[] = [];

  const hostAt = (time: keyof typeof clock): Host => ({
    root,
    env,
    out: (line) => lines.push(line),
    err: (line) => lines.push(line),
    ask: undefined,
    now: () => new Date(clock[time]),
  });
  const run = async <O extends Options>(time: keyof typeof clock, command: Command<O>, ...args: readonly string[]) => {
    lines = [];
    const code = await runCommand(command, ['--environment', 'weekend', ...args], hostAt(time));
    return { code, said: lines.join('\n') };
  };
  const at = { region, maxAttempts: 1 };
  const balancing = () => new ElasticLoadBalancingV2Client(at);
  const balancers = async () => (await balancing().send(new DescribeLoadBalancersCommand({}))).LoadBalancers?.length;
  const targetGroups = async () => (await balancing().send(new DescribeTargetGroupsCommand({}))).TargetGroups ?? [];
  const deploymentOf = async () => {
    const [deployment] = (await openOperated(hostAt('tuesday'), { environment: 'weekend' })).deployments;
    if (deployment === undefined) throw new Error('no region');
    return deployment;
  };
  /** What the scheduled action does. */
  const ask = async (desiredCount: number) => {
    const { cluster, services } = runningNames(await deploymentOf());
    await new ECSClient(at).send(new UpdateServiceCommand({ cluster, service: services.blue, desiredCount }));
  };

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'countersign-weekends-'));
    await mkdir(join(root, 'environments'));
    const given = await readFile(join(repository, example), 'utf8');
    const changed = given.replace(/^destroy_albs_when_scaled_down = false$/m, 'destroy_albs_when_scaled_down = true');
    expect(changed).not.toBe(given);
    const more =
      'domain_name = "weekend.example.com"\nhosted_zone_id = "Z0123456789YOURS"\nops_emails = ["ops@example.com"]\n';
    await writeFile(join(root, 'environments/weekend.tfvars'), changed + more);
    env = process.env;
    const { deployments } = await openOperated(hostAt('tuesday'), { environment: 'weekend' });
    emulator = await startEmulator(deployments.map(({ settings }) => settings));
    const { variables } = await serveOn(hostAt('tuesday'), emulator, 'weekend', join(root, 'served'));
    Object.assign(process.env, variables);
    providers = await openRigProviders();
    Object.assign(process.env, providers.variables);
    receiver = createServer(async (request, response) => {
      heard.push(await text(request));
      response.end();
    }).listen(0, '127.0.0.1');
  }, 120_000);
  afterAll(async () => {
    await providers.stop();
    await emulator.stop();
    receiver.close();
    for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
    Object.assign(process.env, before);
    await rm(root, { recursive: true, force: true });
  });

  it('is there for the first deployment, which is refused between weekends and says from when on it is not', async () => {
    for (const refused of [await run('friday', plan), await run('friday', deploy, '--yes')]) {
      expect(refused.code).toBe(1);
      expect(refused.said).toContain(
        'would be made now, between weekends, and AWS makes no service for a target group',
      );
      expect(refused.said).toContain('from 2026-11-28T05:00Z on. Or set destroy_albs_when_scaled_down = false');
    }
    expect(await targetGroups()).toEqual([]);
    expect((await run('saturdayEarly', deploy, '--yes')).said).toContain('weekend is deployed.');
    expect(await balancers()).toBe(1);
    // The first count is the setting's, whatever the day; the next scheduled action sets its own.
    await ask(0);
  }, 300_000);

  it('is waited for until the tasks are healthy, which takes until the first scheduled minute', async () => {
    const deployment = await deploymentOf();
    const { of: client, close } = openClients(region, emulator.url);
    const waiting = { everyMs: 1, patienceMs: 5 };
    await expect(awaitHealthy(client, deployment, waiting)).rejects.toThrow(
      'eu-west-1 has its load balancer, and its tasks are not healthy (0 asked for, 0 running, after 0 s)',
    );
    await ask(2);
    const Targets = [{ Id: '10.0.0.1' }, { Id: '10.0.0.2' }];
    for (const { TargetGroupArn } of await targetGroups())
      await balancing().send(new RegisterTargetsCommand({ TargetGroupArn, Targets }));
    expect(tasksText(await awaitHealthy(client, deployment, waiting))).toBe(
      '2 asked for, 2 running, 2 targets healthy',
    );
    close();
  });

  it('is not taken down while tasks are asked for, and the topic of operators is told', async () => {
    const Endpoint = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`;
    const TopicArn = opsTopicArn(await deploymentOf());
    await new SNSClient(at).send(new SubscribeCommand({ TopicArn, Protocol: 'http', Endpoint }));
    const { code, said } = await run('sundayNight', weekend, 'apply', '--yes');
    expect(said).toContain('eu-west-1 still asks for tasks (2 asked for');
    expect(said).toContain('Operators were told.');
    expect(code).toBe(1);
    expect(heard.join('\n')).toContain('still asks for tasks');
    expect(await balancers()).toBe(1);
    // Whoever is asked sees it.
    expect((await run('sundayNight', weekend, 'apply')).said).not.toContain('Operators');
  }, 300_000);

  it('goes on Sunday night with what hangs on it, and groups and services stay', async () => {
    await ask(0);
    const { code, said } = await run('sundayNight', weekend, 'apply', '--yes');
    expect(said).toMatch(/aws_lb\.\S+\n +because no longer in the configuration/);
    expect(said).not.toMatch(/[-~] +(aws_lb_target_group|aws_ecs_service)\./);
    expect(code).toBe(0);
    expect(await balancers()).toBe(0);
    expect(await targetGroups()).toHaveLength(1);
  }, 300_000);

  it('is neither planned nor missed on Tuesday, nor by a plan of Tuesday on Saturday', async () => {
    expect((await run('tuesday', plan)).code).toBe(0);
    expect((await run('tuesday', drift)).code).toBe(0);
    const { code, said } = await run('saturdayNoon', deploy, '--yes');
    expect(said).toContain(
      'was made for a time without a load balancer in eu-west-1, and this is a time with load balancers',
    );
    expect(code).toBe(1);
  }, 300_000);

  it('is made early on the next Saturday as the runbook rehearses', async () => {
    const early = async (pattern: RegExp, ...args: readonly string[]) => {
      const { code, said } = await run('saturdayEarly', weekend, ...args);
      expect(said).toMatch(pattern);
      return code;
    };
    const absent = /eu-west-1 +absent +active +0 asked for, 0 running, 2 targets healthy +in 0 h 47 min/;
    const made = /The load balancers are as they should be now\./;
    const network = { resolve: async () => [], handshake: nobodyAnswers, get: nobodyAnswers };
    const examined = () => runCommand(doctor, ['--environment', 'weekend'], { ...hostAt('saturdayEarly'), network });
    await rehearse(
      'weekend.md',
      [
        step('weekend status', [2], () => early(absent, 'status')),
        step('weekend apply', [0], () => early(made, 'apply', '--yes')),
        step('doctor', [0, 1, 2], examined),
      ],
      { forget: () => {}, said: () => lines.join('\n') },
    );
    expect(await balancers()).toBe(1);
  }, 300_000);
});
