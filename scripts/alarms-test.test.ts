/** Alarms that are set off and heard, on a stand-in for AWS with a real webhook behind its topics. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  PutMetricAlarmCommand,
  SetAlarmStateCommand,
  type StateValue,
} from '@aws-sdk/client-cloudwatch';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { alarmsTest } from './alarms-test.ts';
import { heardBy, type Tried } from './operate/alarms/judge.ts';
import { onStandIn } from './operate/on-stand-in.ts';
import { openOperated } from './operate/operated.ts';

const region = 'us-east-1';
const environment = 'examples/startup/staging';
const standIn = onStandIn(environment);
const run = (args: readonly string[], more: Parameters<typeof standIn.run>[2] = {}) =>
  standIn.run(alarmsTest, ['--environment', environment, ...args], more);
const tried = (): [string, string][] =>
  (JSON.parse(standIn.lines.at(-1) ?? '').alarms as Tried[]).map(({ alarm, verdict }) => [alarm, verdict]);
const cloudwatch = () => new CloudWatchClient({ region });
const sns = () => new SNSClient({ region });
const prefix = 'startup-mcp-staging';

let receiver: Server;
let heard: string[];
beforeAll(async () => {
  receiver = createServer(async (request, response) => {
    const { Type, Message } = JSON.parse(await text(request));
    if (Type === 'Notification') heard.push(JSON.parse(Message).AlarmName);
    response.end();
  }).listen(0, '127.0.0.1');
  await once(receiver, 'listening');
});
afterAll(() => receiver.close());

const alarm = (name: string, AlarmActions: string[], ActionsEnabled = true) =>
  cloudwatch().send(
    new PutMetricAlarmCommand({
      AlarmName: name,
      AlarmActions,
      ActionsEnabled,
      ComparisonOperator: 'GreaterThanThreshold',
      EvaluationPeriods: 1,
      Threshold: 1,
      MetricName: 'm',
      Namespace: 'n',
      Period: 60,
      Statistic: 'Sum',
    }),
  );
const set = (AlarmName: string, state: StateValue, StateReason = 'r') =>
  cloudwatch().send(new SetAlarmStateCommand({ AlarmName, StateValue: state, StateReason }));
const states = async () =>
  Object.fromEntries(
    ((await cloudwatch().send(new DescribeAlarmsCommand({}))).MetricAlarms ?? []).map((each) => [
      each.AlarmName?.slice(prefix.length + 1),
      each.StateValue,
    ]),
  );
const topic = async (name: string) =>
  (await sns().send(new CreateTopicCommand({ Name: `${prefix}-${name}` }))).TopicArn ?? '';

beforeEach(async () => {
  heard = [];
  const { settings } = await openOperated(standIn.hostWith(), { environment });
  await new S3Client({ region: settings.state_region, endpoint: standIn.url(), forcePathStyle: true }).send(
    new CreateBucketCommand({
      Bucket: settings.state_bucket,
      ...(settings.state_region !== 'us-east-1' && {
        CreateBucketConfiguration: { LocationConstraint: settings.state_region as 'eu-west-1' },
      }),
    }),
  );
  const ops = await topic('ops');
  const Endpoint = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/key-of-the-pager`;
  await sns().send(new SubscribeCommand({ TopicArn: ops, Protocol: 'http', Endpoint }));
  await alarm(`${prefix}-errors`, [ops]);
  await alarm(`${prefix}-latency`, [ops]);
  await set(`${prefix}-errors`, 'OK');
  await set(`${prefix}-latency`, 'INSUFFICIENT_DATA');
});

it('reaches the receiver of each alarm, and restores the state of each', async () => {
  await alarm('another-environment', [await topic('ops')]);
  expect(await run(['--yes', '--json'])).toBe(0);
  expect(tried()).toEqual([
    [`${prefix}-errors`, 'reached'],
    [`${prefix}-latency`, 'reached'],
  ]);
  expect(heard.toSorted()).toEqual([`${prefix}-errors`, `${prefix}-latency`]);
  expect(await states()).toMatchObject({ errors: 'OK', latency: 'INSUFFICIENT_DATA' });
  // A webhook's path is its key.
  expect(standIn.said()).not.toContain('key-of-the-pager');
});

it('names alarms that reach nobody: without a receiver, without an action, switched off', async () => {
  const admin = await topic('admin');
  await alarm(`${prefix}-lonely`, [admin]);
  await alarm(`${prefix}-none`, []);
  await alarm(`${prefix}-off`, [admin], false);
  expect(await run(['--yes', '--json'])).toBe(1);
  expect(tried().filter(([, verdict]) => verdict === 'unheard')).toEqual([
    [`${prefix}-lonely`, 'unheard'],
    [`${prefix}-none`, 'unheard'],
    [`${prefix}-off`, 'unheard'],
  ]);
  expect(heardBy([{ protocol: 'email', place: 'a@example.com', confirmed: false }])).toMatchObject({
    verdict: 'unheard',
    says: expect.stringContaining('not confirmed: email a@example.com'),
  });
});

it('says of a topic that is gone that CloudWatch could not tell it', async () => {
  await alarm(`${prefix}-broken`, [`arn:aws:sns:${region}:111122223333:${prefix}-gone`]);
  await set(`${prefix}-broken`, 'OK');
  expect(await run(['--yes', '--json', '--alarm', `${prefix}-broken`])).toBe(1);
  expect(tried()).toEqual([[`${prefix}-broken`, 'silent']]);
  expect(standIn.said()).toContain(`CloudWatch did not tell ${prefix}-gone: see the policy and the key of the topic`);
  expect(await states()).toMatchObject({ broken: 'OK' });
});

it('leaves alarms alone that are in ALARM already, or do more than send', async () => {
  await set(`${prefix}-errors`, 'ALARM', 'a threshold was crossed');
  await alarm(`${prefix}-scales`, [`arn:aws:autoscaling:${region}:111122223333:scalingPolicy:p`]);
  heard = [];
  expect(await run(['--yes', '--json'])).toBe(2);
  expect(tried()).toEqual([
    [`${prefix}-errors`, 'alone'],
    [`${prefix}-latency`, 'reached'],
    [`${prefix}-scales`, 'alone'],
  ]);
  expect(heard).toEqual([`${prefix}-latency`]);
  expect(await states()).toMatchObject({ errors: 'ALARM' });
});

it('restores states when it is interrupted, and the next run restores what a killed one left', async () => {
  const stop = new AbortController();
  const progress = {
    during: <T>(what: string, work: (tell: (line: string) => void) => Promise<T>): Promise<T> => {
      if (what.startsWith('Setting off')) setTimeout(() => stop.abort(), 0);
      return work(() => {});
    },
  };
  expect(await run(['--yes'], { stop: stop.signal, progress })).toBe(1);
  expect(standIn.said()).toContain('Interrupted');
  expect(await states()).toMatchObject({ errors: 'OK', latency: 'INSUFFICIENT_DATA' });

  const left = 'npm run alarms:test set this off, and it was INSUFFICIENT_DATA. Nothing is wrong.';
  await set(`${prefix}-latency`, 'ALARM', left);
  expect(await run(['--yes'])).toBe(0);
  expect(standIn.said()).toContain(`${prefix}-latency was left in alarm by a run that was killed.`);
  expect(await states()).toMatchObject({ latency: 'INSUFFICIENT_DATA' });
});

it('sets off none on a dry run, without an answer, and for a slip in a name', async () => {
  expect(await run(['--dry-run'])).toBe(2);
  expect(await run([])).toBe(1);
  expect(await run(['--alarm', `${prefix}-error`, '--yes'])).toBe(64);
  expect(standIn.said()).toContain(`There is no alarm ${prefix}-error; did you mean ${prefix}-errors?`);
  expect(heard).toEqual([]);
});
