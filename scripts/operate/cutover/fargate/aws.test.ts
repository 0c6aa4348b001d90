/** What is read of AWS for a cutover: figures of one colour, alarms, the end of the credentials. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { DeregisterScalableTargetCommand } from '@aws-sdk/client-application-auto-scaling';
import {
  CloudWatchClient,
  type MetricDatum,
  PutMetricAlarmCommand,
  PutMetricDataCommand,
  SetAlarmStateCommand,
} from '@aws-sdk/client-cloudwatch';
import { onStandIn } from '../../on-stand-in.ts';
import { openOperated } from '../../operated.ts';
import { runningNames } from '../../running.ts';
import { ecsDimension, resourceOf } from '../../scale/scalable.ts';
import { readService } from '../../scale/service.ts';
import { soundingAlarms } from '../alarms.ts';
import { sessionEnd } from '../credentials.ts';
import { sampleRun } from '../sample.ts';
import { type FargateClients, fargateClients } from './clients.ts';
import { figuresOf } from './figures.ts';
import { deployColours } from './rig.ts';
import { scaleService } from './services.ts';
import { fargateWay } from './way.ts';

const region = 'us-east-1';
const arn = 'arn:aws:elasticloadbalancing:us-east-1:111122223333:';
const run = sampleRun({
  parts: {
    loadBalancer: `${arn}loadbalancer/app/prod/1`,
    blue: `${arn}targetgroup/blue-1/2`,
    green: `${arn}targetgroup/green-1/3`,
  },
});
const LoadBalancer = { Name: 'LoadBalancer', Value: 'app/prod/1' };
const blue = [{ Name: 'TargetGroup', Value: 'targetgroup/blue-1/2' }, LoadBalancer];
const green = [{ Name: 'TargetGroup', Value: 'targetgroup/green-1/3' }, LoadBalancer];

const environment = 'examples/tag-governance/prod';
const whose = { name_prefix: 'app-prod', project_name: 'app', environment: 'prod' };

/** Clients that say which changing commands they send, and whose answers a test may change. */
const observed = (change: (output: object) => void = () => {}): { clients: FargateClients; sent: string[] } => {
  const clients = fargateClients(region);
  const sent: string[] = [];
  const note = (command = ''): void => {
    if (!command.startsWith('Describe')) sent.push(command);
  };
  clients.scaling.middlewareStack.add(
    (next, { commandName }) =>
      (args) => {
        note(commandName);
        return next(args);
      },
    { step: 'initialize' },
  );
  clients.ecs.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        note(commandName);
        const answer = await next(args);
        change(answer.output);
        return answer;
      },
    { step: 'initialize' },
  );
  return { clients, sent };
};

/** In the answer of DescribeServices. */
const changeService = (output: object, changed: object): void => {
  if ('services' in output && Array.isArray(output.services)) Object.assign(output.services[0] ?? {}, changed);
};

describe('on the stand-in', () => {
  const { hostWith } = onStandIn(environment);
  const client = () => new CloudWatchClient({ region });
  const begin = Date.parse('2026-11-30T09:00:00Z');
  const put = (minute: number, MetricName: string, Value: number, Dimensions: MetricDatum['Dimensions']) =>
    client().send(
      new PutMetricDataCommand({
        Namespace: 'AWS/ApplicationELB',
        MetricData: [{ MetricName, Value, Dimensions, Timestamp: new Date(begin + minute * 60_000 + 1000) }],
      }),
    );
  const read = (from: number, to: number) =>
    figuresOf(client(), run, new Date(begin + from * 60_000), new Date(begin + to * 60_000));

  it('gives a row a minute that is over, of the new colour alone; what is not reported did not happen', async () => {
    await put(0, 'RequestCount', 900, blue);
    await put(0, 'RequestCount', 90, green);
    await put(0, 'RequestCount', 10, green);
    await put(0, 'HTTPCode_Target_5XX_Count', 4, green);
    await put(0, 'HTTPCode_Target_5XX_Count', 40, blue);
    for (const seconds of [0.1, 0.2, 3]) await put(0, 'TargetResponseTime', seconds, green);
    await put(0, 'TargetResponseTime', 0.3, blue);
    await put(1, 'UnHealthyHostCount', 1, green);
    await put(1, 'UnHealthyHostCount', 9, blue);
    await put(1, 'HTTPCode_ELB_5XX_Count', 2, [LoadBalancer]);
    await put(2, 'RequestCount', 5, green);
    const at = (minute: number) => new Date(begin + minute * 60_000);
    expect(await read(0, 2.5)).toEqual([
      { at: at(0), requests: 100, errors: 4, p99: 3000, p99Old: 300, unhealthy: 0, balancerErrors: 0 },
      { at: at(1), requests: 0, errors: 0, p99: undefined, p99Old: undefined, unhealthy: 1, balancerErrors: 2 },
    ]);
  });

  it('leaves out the minute in which the figures began to count', async () => {
    await put(0, 'RequestCount', 7, green);
    await put(1, 'RequestCount', 8, green);
    expect((await read(0.5, 2)).map(({ requests }) => requests)).toEqual([8]);
    expect(await read(0.5, 1.5)).toEqual([]);
  });

  const deployed = async () => {
    const [deployment] = (await openOperated(hostWith(), { environment })).deployments;
    if (deployment === undefined) throw new Error('no region');
    await deployColours(deployment);
    const { cluster, services } = runningNames(deployment);
    return { deployment, green: { cluster, service: services.green ?? '' } };
  };

  it('sets schedules, then bounds, then the count, and makes no scalable target where there is none', async () => {
    const { green } = await deployed();
    const to = { desired: 2, bounds: { min: 2, max: 8 }, schedules: { night: { min: 1, max: 2 } }, image: '' };
    const { clients, sent } = observed();
    await scaleService(clients, green, to, 'at-least');
    expect(sent).toEqual(['PutScheduledActionCommand', 'RegisterScalableTargetCommand', 'UpdateServiceCommand']);
    const resource = { ...ecsDimension, ResourceId: resourceOf(green.cluster, green.service) };
    await clients.scaling.send(new DeregisterScalableTargetCommand(resource));
    sent.length = 0;
    await scaleService(clients, green, { ...to, desired: 3 }, 'at-least');
    expect(sent).toEqual(['UpdateServiceCommand']);
  });

  it('takes no task away, unless it is to be exactly as many', async () => {
    const { green } = await deployed();
    const { clients } = observed();
    const desired = async () => (await readService(clients, green.cluster, green.service))?.desired;
    const to = (count: number) => ({ desired: count, schedules: {}, image: '' });
    await scaleService(clients, green, to(5), 'at-least');
    await scaleService(clients, green, to(2), 'at-least');
    expect(await desired()).toBe(5);
    await scaleService(clients, green, to(2), 'exactly');
    expect(await desired()).toBe(2);
  });

  it('begins nothing over a service that is gone, or whose deployment is not through', async () => {
    const { deployment } = await deployed();
    const primary = { status: 'PRIMARY' };
    for (const [changed, says] of [
      [{ deployments: [primary, { status: 'ACTIVE' }] }, 'is being deployed'],
      [{ deployments: [{ ...primary, rolloutState: 'IN_PROGRESS', rolloutStateReason: 'wait' }] }, 'IN_PROGRESS: wait'],
      [{ deployments: [{ ...primary, rolloutState: 'FAILED' }] }, 'FAILED'],
      [{ status: 'INACTIVE' }, 'There is no service'],
    ] as const) {
      const { clients } = observed((output) => changeService(output, changed));
      await expect(fargateWay(deployment, clients).survey()).rejects.toThrow(says);
    }
  });

  it('begins nothing to an image that the settings do not say', async () => {
    const { deployment } = await deployed();
    const settings = { ...deployment.settings, image_green: 'service:3' };
    await expect(fargateWay({ ...deployment, settings }).survey()).rejects.toThrow('the settings say service:3');
  });

  it('is warm when as many run as are asked for, at least as many as must, and each has a healthy target', async () => {
    const { deployment } = await deployed();
    const { parts } = await fargateWay(deployment).survey();
    const begun = sampleRun({ parts });
    const reason = { status: 'PRIMARY', rolloutState: 'FAILED', rolloutStateReason: 'circuit breaker' };
    for (const [changed, warm] of [
      [{ runningCount: 2, desiredCount: 2 }, { warm: true }],
      [{ runningCount: 1, desiredCount: 2 }, { warm: false }],
      [{ runningCount: 1, desiredCount: 1 }, { warm: false }],
      // Two targets are registered.
      [{ runningCount: 3, desiredCount: 3 }, { warm: false }],
      [{ deployments: [reason] }, { failed: 'its deployment failed: circuit breaker' }],
    ] as const) {
      const { clients } = observed((output) => changeService(output, changed));
      expect(await fargateWay(deployment, clients).warmth(begun, 'green', 2)).toMatchObject(warm);
    }
  });

  it('hears alarms of the environment that sound, and none of another whose prefix begins as its own does', async () => {
    const metric = (AlarmName: string, tags: Readonly<Record<string, string>> = {}) =>
      client().send(
        new PutMetricAlarmCommand({
          AlarmName,
          Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
          MetricName: 'm',
          Namespace: 'n',
          Period: 60,
          EvaluationPeriods: 1,
          Threshold: 1,
          Statistic: 'Sum',
          ComparisonOperator: 'GreaterThanThreshold',
        }),
      );
    for (const name of ['app-prod-quiet', 'app-prod2-errors', 'app-prod-by-hand']) await metric(name);
    await metric('app-prod-errors', { Project: 'app', Environment: 'prod' });
    // Of the environment whose prefix is app-prod-eu.
    await metric('app-prod-eu-errors', { Project: 'app', Environment: 'prod-eu' });
    for (const AlarmName of ['app-prod-errors', 'app-prod-eu-errors', 'app-prod2-errors', 'app-prod-by-hand'])
      await client().send(new SetAlarmStateCommand({ AlarmName, StateValue: 'ALARM', StateReason: 'test' }));
    expect(await soundingAlarms(client(), whose)()).toEqual(['app-prod-by-hand', 'app-prod-errors']);
  });
});

it('hears composite alarms too, on every page of the answer', async () => {
  // moto makes no composite alarm. Shapes: API_DescribeAlarms of the CloudWatch API reference.
  const asked: unknown[] = [];
  const server = createServer(async (request, response) => {
    const body = JSON.parse(await text(request)) as { readonly NextToken?: string };
    asked.push(body);
    const page =
      body.NextToken === undefined
        ? { MetricAlarms: [{ AlarmName: 'app-prod-errors', StateValue: 'OK' }], CompositeAlarms: [], NextToken: '2' }
        : { MetricAlarms: [], CompositeAlarms: [{ AlarmName: 'app-prod-any', StateValue: 'ALARM' }] };
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' }).end(JSON.stringify(page));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const credentials = { accessKeyId: 'any', secretAccessKey: 'any' };
  const client = new CloudWatchClient({ region, endpoint: `http://127.0.0.1:${port}`, credentials });
  expect(await soundingAlarms(client, whose)()).toEqual(['app-prod-any']);
  expect(asked).toHaveLength(2);
  expect(asked[0]).toMatchObject({ AlarmNamePrefix: 'app-prod-', AlarmTypes: ['MetricAlarm', 'CompositeAlarm'] });
  client.destroy();
  server.close();
});

it('knows when the credentials of the session end, and that some do not', async () => {
  const { AWS_CREDENTIAL_EXPIRATION: before } = process.env;
  const end = new Date(Date.now() + 3_600_000);
  try {
    Object.assign(process.env, {
      AWS_ACCESS_KEY_ID: 'any',
      AWS_SECRET_ACCESS_KEY: 'any',
      AWS_CREDENTIAL_EXPIRATION: end.toISOString(),
    });
    expect(await sessionEnd(region)(new Date(end.getTime() - 1))).toEqual(end);
    expect(await sessionEnd(region)(new Date(end.getTime() + 1))).toEqual(end);
    delete process.env.AWS_CREDENTIAL_EXPIRATION;
    expect(await sessionEnd(region)(new Date())).toBeUndefined();
  } finally {
    if (before !== undefined) process.env.AWS_CREDENTIAL_EXPIRATION = before;
  }
});
