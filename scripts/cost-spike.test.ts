/** Days that cost more than usual, and what may be turned down, on a stand-in for AWS. */
import { ApplicationAutoScalingClient, RegisterScalableTargetCommand } from '@aws-sdk/client-application-auto-scaling';
import {
  CreateClusterCommand,
  CreateServiceCommand,
  ECSClient,
  RegisterTaskDefinitionCommand,
} from '@aws-sdk/client-ecs';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { ownershipOf } from '../contracts/settings/owned.ts';
import { settingsOf } from '../modules/testing/synthesized.ts';
import { costReview } from './cost-review.ts';
import { costRightSize } from './cost-right-size.ts';
import { costSpike } from './cost-spike.ts';
import { amountOf } from './operate/cost/amount.ts';
import { dailyOf } from './operate/cost/daily.ts';
import { plusDays } from './operate/cost/days.ts';
import { leversAgainst, leversOf } from './operate/cost/levers.ts';
import { spikesIn } from './operate/cost/spikes.ts';
import { type Cost, injectCosts } from './operate/cost/testing/injected.ts';
import { sampleRun } from './operate/cutover/sample.ts';
import { openStore } from './operate/cutover/store.ts';
import { dayOf } from './operate/days.ts';
import { onStandIn } from './operate/on-stand-in.ts';
import { openOperated } from './operate/operated.ts';
import { rehearse, step } from './operate/rehearsal.ts';
import { ecsDimension, resourceOf } from './operate/scale/scalable.ts';
import { readService, serviceClients } from './operate/scale/service.ts';
import { scale } from './scale.ts';

const LAST = '2026-11-20';
const judged = { start: LAST, end: plusDays(LAST, 1) };
/** Fourteen days, the newest last, and the day after them. */
const spent = (before: readonly string[], last: string, service = 'AWS Lambda') =>
  [...before, last].map((usd, index) => ({
    day: plusDays(LAST, index - before.length),
    service,
    environment: 'prod',
    amount: amountOf(usd),
  }));
const steady = (usd: string): string[] => Array.from({ length: 14 }, () => usd);

describe('a spike', () => {
  it.each([
    ['twice the median is none', steady('3'), '6', false],
    ['a cent more is one', steady('3'), '6.01', true],
    ['5 USD is none, however little is usual', steady('0.1'), '5', false],
    ['a cent over 5 USD is one', steady('2.5'), '5.01', true],
    ['more than twice, but below 5 USD, is none', steady('1'), '4.99', false],
    ['a median is not moved by one day of before', [...steady('3').slice(1), '100'], '6.01', true],
    [
      'of an even number of days the median is between two',
      [...steady('2').slice(7), ...steady('4').slice(7)],
      '6',
      false,
    ],
    ['and what is over twice that is one', [...steady('2').slice(7), ...steady('4').slice(7)], '6.000001', true],
    ['what cost nothing before is one over 5 USD', steady('0'), '5.01', true],
  ])('%s', (_, before, last, is) => {
    expect(spikesIn(dailyOf(spent(before, last)), judged).map(({ service }) => service)).toEqual(
      is ? [undefined, 'AWS Lambda'] : [],
    );
  });

  it('of one service is found under a total that is usual', () => {
    const daily = dailyOf([...spent(steady('100'), '100', 'Amazon DynamoDB'), ...spent(steady('1'), '8')]);
    expect(spikesIn(daily, judged)).toEqual([{ day: LAST, service: 'AWS Lambda', usd: 8, usualUsd: 1 }]);
  });
});

describe('levers', () => {
  const names = async (environment: string, changes = {}, services: readonly string[] = []) => {
    const [settings] = await settingsOf(environment, changes);
    return settings === undefined ? [] : leversAgainst(settings, services).map(({ name, wanted }) => [name, wanted]);
  };

  it('suggests only levers that nothing safe depends on', async () => {
    expect(await names('examples/startup/prod')).toEqual([
      ['lambda_reserved_concurrency', 'lambda_reserved_concurrency = 10'],
      ['BUDGET_CALLS_PER_HOUR', 'BUDGET_CALLS_PER_HOUR = "50" in container_env'],
    ]);
    expect(await names('examples/tag-governance/prod', { log_level: 'debug' })).toEqual([
      ['max_count', 'max_count = 5'],
      ['BUDGET_CALLS_PER_HOUR', 'BUDGET_CALLS_PER_HOUR = "50" in container_env'],
      ['log_level', 'log_level = "info"'],
    ]);
  });

  it('leaves the log at info, because alarms read it, and functions that are kept warm', async () => {
    for (const log_level of ['info', 'warn'])
      expect((await names('examples/startup/prod', { log_level })).map(([name]) => name)).not.toContain('log_level');
    const variable = { container_env: { LOG_LEVEL: 'debug' } };
    expect(await names('examples/startup/prod', variable, ['AmazonCloudWatch'])).toContainEqual([
      'log_level',
      'LOG_LEVEL = "info" in container_env',
    ]);
    const warm = { lambda_provisioned_concurrency: 20, lambda_reserved_concurrency: 30 };
    expect((await names('examples/startup/prod', warm))[0]?.[1]).toBe('lambda_reserved_concurrency = 20');
  });

  it('are those against the service that costs more', async () => {
    expect((await names('dev', {}, ['AmazonCloudWatch'])).map(([name]) => name)).toEqual([
      'BUDGET_CALLS_PER_HOUR',
      'log_level',
    ]);
    expect(await names('examples/market-data/dev', {}, ['Amazon DynamoDB'])).toEqual([]);
  });

  it('are applied by command only where operations own the value', async () => {
    for (const name of ['examples/tag-governance/prod', 'examples/startup/staging', 'examples/marketing/prod']) {
      const [settings] = await settingsOf(name);
      if (settings === undefined) throw new Error('no region');
      const byCommand = leversOf(settings).filter((lever) => lever.byCommand);
      expect([name, byCommand.map((lever) => lever.name)]).toEqual([
        name,
        ownershipOf(settings).bounds ? ['max_count'] : [],
      ]);
    }
  });
});

describe('the command', () => {
  const environment = 'examples/tag-governance/prod';
  const region = 'us-east-1';
  const cluster = 'tagging-mcp-cluster';
  const [blue, green] = ['tagging-mcp-server', 'tagging-mcp-server-green'];
  const standIn = onStandIn(environment);
  const { said, lines, forget } = standIn;
  const run = (...args: string[]) => standIn.run(costSpike, ['--environment', environment, ...args]);
  const counts = (service: string) => readService(serviceClients(region), cluster, service);

  /** Blue runs four of two to ten, green none. */
  const serve = async () => {
    const ecs = new ECSClient({ region });
    await ecs.send(new CreateClusterCommand({ clusterName: cluster }));
    const containerDefinitions = [{ name: 'mcp-server', image: 'i:1', memory: 128 }];
    await ecs.send(new RegisterTaskDefinitionCommand({ family: 'f', containerDefinitions }));
    for (const [serviceName, desiredCount, MinCapacity] of [
      [blue, 4, 2],
      [green, 0, 0],
    ] as const) {
      await ecs.send(new CreateServiceCommand({ cluster, serviceName, taskDefinition: 'f', desiredCount }));
      const ResourceId = resourceOf(cluster, serviceName);
      await new ApplicationAutoScalingClient({ region }).send(
        new RegisterScalableTargetCommand({ ...ecsDimension, ResourceId, MinCapacity, MaxCapacity: 10 }),
      );
    }
  };

  it('names the day and the service, and the lever with its command, and changes nothing', async () => {
    await serve();
    const today = dayOf(new Date());
    const costs: Cost[] = Array.from({ length: 21 }, (_, ago) => [
      plusDays(today, -ago),
      'Amazon Elastic Container Service',
      'prod',
      ago === 1 ? '19.50' : '4.80',
    ]);
    await injectCosts(standIn.url(), '111122223333', [costs]);
    expect(await run()).toBe(2);
    expect(said()).toContain(`${plusDays(today, -1)} Amazon Elastic Container Service: 19.50, and 4.80 is usual`);
    expect(said()).toMatch(
      /max_count +max_count = 10 +max_count = 5 +npm run cost:spike -- --environment \S+ --apply max_count/,
    );
    expect(said()).toMatch(
      /BUDGET_CALLS_PER_HOUR .* environments\/examples\/tag-governance\/prod\.tfvars, npm run plan/,
    );
    expect(await counts(blue)).toEqual({ desired: 4, bounds: { min: 2, max: 10 } });
  });

  it('and what its runbook names are rehearsed', async () => {
    await serve();
    const today = dayOf(new Date());
    const costs = Array.from(
      { length: 21 },
      (_, ago): Cost => [
        plusDays(today, -ago),
        'Amazon Elastic Container Service',
        'prod',
        ago === 1 ? '19.50' : '4.80',
      ],
    );
    await injectCosts(standIn.url(), '111122223333', [costs, costs]);
    const on = ['--environment', environment];
    const stopped = ['--colour', 'all', '--desired', '0', '--yes'];
    await rehearse(
      'cost-spike.md',
      [
        step('cost:spike', [2], () => run()),
        step('cost:review', [0, 2], () => standIn.run(costReview, on)),
        step('cost:spike --apply max_count', [0], () => run('--apply', 'max_count', '--yes')),
        step('scale to 0', [0], () => standIn.run(scale, [...on, ...stopped])),
        step('cost:right-size', [0, 2], () => standIn.run(costRightSize, on)),
      ],
      standIn,
    );
  });

  it('says so where no day is a spike', async () => {
    expect(await run('--json')).toBe(0);
    expect(JSON.parse(lines.at(-1) ?? '{}')).toMatchObject({ spikes: [], askingUsd: 0.01 });
  });

  it('applies max_count after an answer, as many as run now, and says how to go back, which works', async () => {
    await serve();
    expect(await run('--apply', 'max_count', '--dry-run')).toBe(2);
    expect(await run('--apply', 'max_count')).toBe(1);
    expect(await counts(blue)).toEqual({ desired: 4, bounds: { min: 2, max: 10 } });
    expect(await run('--apply', 'max_count', '--yes')).toBe(0);
    expect(await counts(blue)).toEqual({ desired: 4, bounds: { min: 2, max: 4 } });
    expect(await counts(green)).toEqual({ desired: 0, bounds: { min: 0, max: 10 } });
    const [, back = ''] = /To go back: npm run scale -- (.*)/.exec(said()) ?? [];
    forget();
    expect(await run('--apply', 'max_count', '--yes')).toBe(0);
    expect(said()).toContain('Nothing to do');
    expect(await standIn.run(scale, [...back.split(' '), '--yes'])).toBe(0);
    expect(await counts(blue)).toEqual({ desired: 4, bounds: { min: 2, max: 10 } });
  });

  it('goes as low as it is told, and never below the least', async () => {
    await serve();
    expect(await run('--apply', 'max_count', '--max', '3', '--yes')).toBe(0);
    expect(await counts(blue)).toEqual({ desired: 3, bounds: { min: 2, max: 3 } });
    expect(await run('--apply', 'max_count', '--max', '1', '--yes')).toBe(1);
    expect(said()).toContain('--max 1 is below the lower bound of service tagging-mcp-server, 2');
  });

  it('refuses while a cutover is open, because that sets its own bounds back', async () => {
    await serve();
    const [deployment] = (await openOperated(standIn.hostWith(), { environment })).deployments;
    if (deployment === undefined) throw new Error('no region');
    const s3 = new S3Client({ region, forcePathStyle: true });
    await s3.send(new CreateBucketCommand({ Bucket: deployment.settings.state_bucket }));
    await openStore(deployment).create(sampleRun());
    expect(await run('--apply', 'max_count', '--yes')).toBe(1);
    expect(said()).toContain('Lowering max_count waits until it is over');
    expect(await counts(blue)).toEqual({ desired: 4, bounds: { min: 2, max: 10 } });
  });

  it.each([
    [['--max', '3'], 64, '--max goes with --apply max_count.'],
    [['--apply', 'max_counts'], 64, 'did you mean max_count?'],
    [['--apply', 'alarms'], 64, 'It takes max_count.'],
  ])('refuses %j', async (args, code, problem) => {
    expect(await run(...args)).toBe(code);
    expect(said()).toContain(problem);
  });

  it('applies nothing that Terraform owns', async () => {
    const args = ['--environment', 'examples/marketing/prod', '--apply', 'max_count', '--yes'];
    expect(await standIn.run(costSpike, args)).toBe(1);
    expect(said()).toContain('Terraform owns max_count here');
  });
});
