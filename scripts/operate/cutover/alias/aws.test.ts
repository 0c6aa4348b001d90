/** The command as operators run it for a function: moto, and before it what moto's Lambda does not do. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CloudWatchClient, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { LambdaClient, UpdateAliasCommand } from '@aws-sdk/client-lambda';
import { originVerifyHeader } from '../../../../contracts/gateway.ts';
import type { Deployment } from '../../../../modules/stacks/deployment.ts';
import { repository } from '../../../../modules/testing/synthesized.ts';
import { HttpApiEvent } from '../../../../service/src/lambda/event.ts';
import { cutover } from '../../../cutover.ts';
import { destroy } from '../../../destroy.ts';
import { doctor } from '../../../doctor.ts';
import { imageBack } from '../../../image-back.ts';
import type { Host } from '../../../platform/command.ts';
import { onStandIn } from '../../on-stand-in.ts';
import { openOperated } from '../../operated.ts';
import { restart } from '../../restart.ts';
import { soundAlarm } from '../fargate/rig.ts';
import type { Run } from '../run.ts';
import { sampleRun } from '../sample.ts';
import { goodManners, type Manners, serveManners } from '../smoke/server.ts';
import { openStore } from '../store.ts';
import { figuresOf } from './figures.ts';
import { AliasMoved, functionOn } from './function.ts';
import { aliasOf, answerEvent, deployFunction, originSecret } from './rig.ts';
import { type LambdaStandIn, serveLambda } from './stand-in.ts';

const environment = 'examples/startup/prod';
const region = 'us-east-1';
const FunctionName = 'startup-mcp-prod-service';
const file = `environments/${environment}.tfvars`;

describe('a cutover of a function', () => {
  const standIn = onStandIn(environment);
  const { said } = standIn;
  let root: string;
  let deployment: Deployment;
  let manners: Manners;
  let version: Awaited<ReturnType<typeof serveManners>>;
  let lambda: LambdaStandIn;
  const events: { readonly version: string; readonly event: HttpApiEvent }[] = [];
  /** Why the version does not start. */
  let broken: Error | undefined;
  const client = () => new LambdaClient({ region });

  /** The version behind its number: what it is asked as an event, it answers as one. */
  const invoke = async (asked: string, given: unknown): Promise<unknown> => {
    const event = HttpApiEvent.parse(given);
    events.push({ version: asked, event });
    if (broken !== undefined) throw broken;
    if (event.headers[originVerifyHeader] !== originSecret) return { statusCode: 403, headers: {}, body: '{}' };
    return answerEvent(version.url, event);
  };

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'countersign-alias-'));
    await mkdir(join(root, `environments/examples/startup`), { recursive: true });
    const settings = await readFile(join(repository, file), 'utf8');
    const warm = settings.replace(/^lambda_provisioned_concurrency.*$/m, 'lambda_provisioned_concurrency = 2');
    await writeFile(join(root, file), `${warm}\nlambda_cutover = true\n`);
    lambda = await serveLambda({ behind: standIn.url, invoke });
  });
  afterAll(async () => {
    await lambda.close();
    await rm(root, { recursive: true });
  });
  beforeEach(async () => {
    process.env.AWS_ENDPOINT_URL_LAMBDA = lambda.url;
    events.length = 0;
    broken = undefined;
    for (const each of Object.keys(lambda.warm)) delete (lambda.warm as Record<string, number>)[each];
    (lambda.changes as string[]).length = 0;
    const { deployments } = await openOperated(standIn.hostWith({ root }), { environment });
    const [first] = deployments;
    if (first === undefined) throw new Error('no region');
    deployment = first;
    manners = goodManners('https://mcp.startup.example.com/mcp');
    manners.colour = undefined;
    version = await serveManners(manners);
    await deployFunction(deployment);
  });
  afterEach(async () => {
    delete process.env.AWS_ENDPOINT_URL_LAMBDA;
    await version.close();
  });

  const run = (args: readonly string[], more: Partial<Host> = {}): Promise<number> => {
    const env = { ...process.env, COUNTERSIGN_SMOKE_TOKEN: 'token' };
    return standIn.run(cutover, [...args, '--environment', environment], { root, env, ...more });
  };
  const pace = ['--pace', 'poll=0.2,settle=0,twice=0,period=1,hold=0'];
  const quick = ['--yes', '--bakes', '0,0,0', ...pace];
  const alias = () => aliasOf(deployment);
  const record = async (): Promise<Run> => {
    const kept = await openStore(deployment).read();
    if (kept === undefined) throw new Error('no run');
    return kept.run;
  };
  const until = async (isSo: () => Promise<boolean>): Promise<void> => {
    for (const end = Date.now() + 20_000; Date.now() < end; await sleep(100)) if (await isSo()) return;
    throw new Error(`it never was so: ${said()}`);
  };
  const atTen = async (): Promise<boolean> => JSON.stringify(await alias()) === '["1",{"2":0.1}]';

  it('keeps the new version warm, calls it by its number, and shifts the alias', async () => {
    expect(await run(['start', ...quick])).toBe(0);
    expect(lambda.changes).toEqual(['warm 2 2', '1 {"2":0.1}', '1 {"2":0.5}', '2 {}']);
    expect(await alias()).toEqual(['2', {}]);
    expect(new Set(events.map((each) => each.version))).toEqual(new Set(['2']));
    expect(events.map(({ event }) => event.rawPath)).toEqual(
      expect.arrayContaining(['/health', '/.well-known/oauth-protected-resource/mcp', '/mcp']),
    );
    expect(await record()).toMatchObject({
      state: 'finished',
      way: 'alias',
      variants: { old: 'version-1', new: 'version-2' },
    });
    expect(said()).not.toContain('active_colour');
    expect(said()).not.toContain(originSecret);
    expect(JSON.stringify(await record())).not.toContain(originSecret);
    expect(await run(['start', ...quick])).toBe(1);
    expect(said()).toContain('Version 2 of startup-mcp-prod-service takes all traffic and is the newest');
  });

  it('says what a dry run would do, and changes nothing', async () => {
    expect(await run(['start', '--dry-run'])).toBe(2);
    expect(said()).toMatch(/region +version +weight +kept warm +code/);
    expect(said()).toMatch(/version-2 +0 +0 +startup-mcp-prod-service:2/);
    expect(lambda.changes).toEqual([]);
    expect(await run(['start', '--dry-run', '--url', 'http://127.0.0.1:1'])).toBe(64);
  });

  it('is nothing to attend to while the version in service is the newest', async () => {
    await client().send(new UpdateAliasCommand({ FunctionName, Name: 'live', FunctionVersion: '2' }));
    expect(await run(['status'])).toBe(0);
    expect(said()).toContain('Version 2 of startup-mcp-prod-service takes all traffic and is the newest');
    expect(await run(['start', ...quick])).toBe(1);
    await client().send(new UpdateAliasCommand({ FunctionName, Name: 'live', FunctionVersion: '1' }));
    expect(await run(['status'])).toBe(0);
    expect(said()).toContain('version-1 takes all traffic: version-1 100, version-2 0');
  });

  it('is what the doctor asks for once a version waits for calls', async () => {
    const look = async () => {
      const place = ['--environment', environment, '--check', 'versions', '--json'];
      await standIn.run(doctor, place, { root });
      return JSON.stringify(JSON.parse(standIn.lines.at(-1) ?? ''));
    };
    expect(await look()).toContain('version-1 100; version 2 is deployed and has no calls: npm run cutover');
    const at = { FunctionName, Name: 'live' };
    const RoutingConfig = { AdditionalVersionWeights: { 2: 0.3 } };
    await client().send(new UpdateAliasCommand({ ...at, FunctionVersion: '1', RoutingConfig }));
    expect(await look()).toContain('version-1 70, version-2 30: without an open cutover');
    const all = { RoutingConfig: { AdditionalVersionWeights: {} } };
    await client().send(new UpdateAliasCommand({ ...at, FunctionVersion: '2', ...all }));
    expect(await look()).toContain('version-2 100, the newest');
  });

  it('gives all calls back when an alarm is set off in a bake', async () => {
    const going = run(['start', '--yes', '--bakes', '1,1,1', ...pace]);
    await until(atTen);
    await soundAlarm(deployment, 'errors');
    expect(await going).toBe(3);
    expect(await alias()).toEqual(['1', {}]);
    expect(said()).toMatch(/Went back \(rolled-back\): version-2 at 10 %: \S+-errors began to sound/);
    expect(lambda.warm).toEqual({ 2: 2 });
    expect(await run(['abort'])).toBe(0);
    expect(lambda.warm).toEqual({});
  });

  it('ends foreign where somebody sets the alias by hand, and touches it no more', async () => {
    const going = run(['start', '--yes', '--bakes', '1,1,1', ...pace]);
    await until(atTen);
    const RoutingConfig = { AdditionalVersionWeights: { 2: 0.4 } };
    await client().send(new UpdateAliasCommand({ FunctionName, Name: 'live', FunctionVersion: '1', RoutingConfig }));
    expect(await going).toBe(1);
    expect(await run(['rollback'])).toBe(1);
    expect(await alias()).toEqual(['1', { 2: 0.4 }]);
    expect(await run(['status'])).toBe(2);
    expect(said()).toContain('live: version-1 60, version-2 40, which this run did not write');
  });

  it('is aborted where the new version answers as it should not', async () => {
    manners.challenge = {};
    expect(await run(['start', ...quick])).toBe(3);
    expect(said()).toContain('401 without a WWW-Authenticate');
    expect(await alias()).toEqual(['1', {}]);
    expect(lambda.changes).toEqual(['warm 2 2', 'cold 2']);
    expect((await record()).state).toBe('aborted');
  });

  it('is aborted where the new version does not start, in its own words', async () => {
    broken = Object.assign(new Error('ENCRYPTION_KEY is missing'), { name: 'StartError' });
    expect(await run(['start', ...quick])).toBe(3);
    expect(said()).toContain('/health of version-2 does not answer: StartError ENCRYPTION_KEY is missing');
    expect(await alias()).toEqual(['1', {}]);
  });

  it('is not undone, nor begun, by commands beside it', async () => {
    await run(['start', '--until', 'smoked', ...quick]);
    const place = ['--environment', environment, '--yes'];
    expect(await standIn.run(imageBack, place, { root })).toBe(1);
    expect(said()).toContain('image:back waits until it is over');
    expect(await standIn.run(destroy, place, { root })).toBe(1);
    expect(said()).toContain('destroy waits until it is over');
    await expect(restart(deployment, { everyMs: 1 })).rejects.toThrow(
      'was deployed after version 1, which is in service',
    );
    expect(await run(['resume'])).toBe(0);
    expect((await restart(deployment, { everyMs: 1 })).what).toEqual([`function ${FunctionName}, version 3`]);
    expect((await alias())[0]).toBe('3');
  });

  it('is told by Lambda that the alias was changed meanwhile', async () => {
    const fn = functionOn(client(), FunctionName, 'live');
    const read = await fn.alias();
    await fn.update({ version: '1', others: { 2: 0.1 } }, read?.revision);
    await expect(fn.update({ version: '2', others: {} }, read?.revision)).rejects.toThrow(AliasMoved);
    expect(await alias()).toEqual(['1', { 2: 0.1 }]);
    expect((await fn.versions()).map((each) => each.version)).toEqual(['$LATEST', '1', '2']);
    expect(await fn.state('7')).toBeUndefined();
    expect(await functionOn(client(), 'nobody', 'live').alias()).toBeUndefined();
  });

  it('reads the figures of one version while both have weight, and of the alias once one has all', async () => {
    const begin = Date.parse('2026-11-30T09:00:00Z');
    const metrics = new CloudWatchClient({ region });
    const put = (MetricName: string, Value: number, ExecutedVersion?: string) =>
      metrics.send(
        new PutMetricDataCommand({
          Namespace: 'AWS/Lambda',
          MetricData: [
            {
              MetricName,
              Value,
              Timestamp: new Date(begin + 1000),
              Dimensions: [
                { Name: 'FunctionName', Value: FunctionName },
                { Name: 'Resource', Value: `${FunctionName}:live` },
                ...(ExecutedVersion === undefined ? [] : [{ Name: 'ExecutedVersion', Value: ExecutedVersion }]),
              ],
            },
          ],
        }),
      );
    await put('Invocations', 90, '1');
    await put('Invocations', 10, '2');
    await put('Errors', 3, '2');
    await put('Duration', 250, '2');
    await put('Duration', 200, '1');
    await put('Invocations', 100);
    await put('Duration', 300);
    const parts = { function: FunctionName, alias: 'live' };
    const variants = { old: 'version-1', new: 'version-2' };
    const rows = (share: number) =>
      figuresOf(metrics, sampleRun({ parts, variants, share }), new Date(begin), new Date(begin + 60_000));
    const row = { at: new Date(begin), unhealthy: 0, balancerErrors: 0 };
    expect(await rows(10)).toEqual([{ ...row, requests: 10, errors: 3, p99: 250, p99Old: 200 }]);
    expect(await rows(100)).toEqual([{ ...row, requests: 100, errors: 0, p99: 300, p99Old: undefined }]);
  });
});
