/**
 * How fast and how large a scan is. Two ways go side by side through the same cloud: paging its APIs and nothing else, and a scan
 * of the AWS estate as check_tag_compliance makes it, with costs, to its first page. Then the heap that is live during a scan
 * of a quarter of the resources and of all of them.
 *
 *   npm run bench:scan            10,000 resources
 *   npm run bench:scan -- 2000
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { DescribeInstancesCommand, EC2Client } from '@aws-sdk/client-ec2';
import { LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { GetResourcesCommand, ResourceGroupsTaggingAPIClient } from '@aws-sdk/client-resource-groups-tagging-api';
import { pino } from 'pino';
import { openAwsEstate } from '../../service/src/packs/tagging/aws/index.ts';
import type { Costs } from '../../service/src/packs/tagging/cost/costs.ts';
import { defaultPolicy, fixedPolicy } from '../../service/src/packs/tagging/policy/policy.ts';
import { ViolationTally, violationsOf } from '../../service/src/packs/tagging/reports/breakdown.ts';
import { createScanner } from '../../service/src/packs/tagging/scan/scan.ts';
import type { Metrics } from '../../service/src/ports/metrics.ts';
import { scanRegions } from './scan-shares.ts';

const ROUNDS = 5;
/** The service's own time for a resource, beside that of paging the same APIs. */
const GOAL_RATIO = 1.5;
/** MiB of live heap that three quarters of the resources may add while they are scanned. */
const GOAL_GROWTH = 10;
const ACCOUNT = '123456789012';
const TYPES = ['ec2:instance', 'lambda:function'] as const;

const wanted = Number(process.argv[2] ?? 10_000);
if (!Number.isInteger(wanted) || wanted < 100) throw new Error('usage: npm run bench:scan -- [number of resources]');
const collect = globalThis.gc;
if (collect === undefined) throw new Error('run it with npm run bench:scan, which lets it collect garbage');

const quiet: Metrics = { count: () => {}, observe: () => {}, set: () => {} };
const costs: Costs = {
  price: () => ({ requests: 0, charges: [] }),
  spend: async ({ period }) => ({
    period,
    lines: ['Amazon Elastic Compute Cloud - Compute', 'AWS Lambda'].map((service) => ({
      accountId: ACCOUNT,
      service,
      usd: 100_000,
    })),
    byResource: new Map(),
    byName: [],
    failures: [],
  }),
};
const context = { signal: new AbortController().signal, progress: async () => {}, log: pino({ level: 'silent' }) };

/** A cloud of so many resources, in a process of its own. */
const cloudOf = async (count: number) => {
  const child = fork(new URL('cloud.ts', import.meta.url), [String(count)], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const [port] = await once(child, 'message');
  return { url: `http://127.0.0.1:${port}`, close: () => child.disconnect() };
};

const paged = async <A>(
  next: (token: string | undefined) => Promise<A>,
  read: (answer: A) => [number, string | undefined],
) => {
  let [count, token]: [number, string | undefined] = [0, undefined];
  do {
    const [more, following] = read(await next(token));
    count += more;
    token = following || undefined;
  } while (token !== undefined);
  return count;
};

/** Every page of the three APIs in each region, side by side. Returns how many resources they listed. */
const pagingOf = (endpoint: string) => {
  const clients = scanRegions.map((region) => {
    const config = { endpoint, region };
    return {
      ec2: new EC2Client(config),
      lambda: new LambdaClient(config),
      tagging: new ResourceGroupsTaggingAPIClient(config),
    };
  });
  return async (): Promise<number> => {
    const counts = await Promise.all(
      clients.flatMap(({ ec2, lambda, tagging }) => [
        paged(
          (NextToken) => ec2.send(new DescribeInstancesCommand({ MaxResults: 1000, NextToken })),
          (answer) => [answer.Reservations?.length ?? 0, answer.NextToken],
        ),
        paged(
          (Marker) => lambda.send(new ListFunctionsCommand({ MaxItems: 50, Marker })),
          (answer) => [answer.Functions?.length ?? 0, answer.NextMarker],
        ),
        paged(
          (PaginationToken) => tagging.send(new GetResourcesCommand({ ResourcesPerPage: 100, PaginationToken })),
          (answer) => [0, answer.PaginationToken],
        ),
      ]),
    );
    return counts.reduce((sum, count) => sum + count, 0);
  };
};

/** A scan, and the first look at its violations. A new estate each time: nothing is kept. */
const scanningOf = (endpoint: string) => async (): Promise<number> => {
  const now = () => new Date();
  const config = {
    AWS_REGION: 'us-east-1',
    AWS_ENDPOINT_URL: endpoint,
    ESTATE_ACCOUNTS: [],
    ESTATE_REGIONS: scanRegions,
    CROSS_ACCOUNT_ROLE_NAME: 'x',
  };
  const { estate } = openAwsEstate({ config, metrics: quiet, now });
  const scanner = createScanner({ estate, costs, policy: fixedPolicy(defaultPolicy()), metrics: quiet, now });
  const extent = { accounts: [ACCOUNT], regions: scanRegions, types: TYPES };
  const { scan } = await scanner.scan({ extent, named: new Set() }, { costs: true, fresh: true }, context);
  if (scan.quality !== 'complete') throw new Error(JSON.stringify(scan.failures.slice(0, 3)));
  const tally = new ViolationTally();
  for (const resource of scan.each())
    for (const finding of violationsOf(resource, 'all')) tally.add({ resource, finding });
  return scan.folded.seen;
};

const timed = async (work: () => Promise<number>, count: number): Promise<{ wall: number; cpu: number }> => {
  collect();
  const [began, used] = [performance.now(), process.cpuUsage()];
  const seen = await work();
  if (seen !== count) throw new Error(`${seen} resources were read, not ${count}`);
  const { user, system } = process.cpuUsage(used);
  return { wall: performance.now() - began, cpu: (user + system) / 1000 };
};

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

/** The most heap that is live at any time while work runs, above what was before. MiB. */
const liveHeap = async (work: () => Promise<number>): Promise<number> => {
  collect();
  const before = process.memoryUsage().heapUsed;
  let most = before;
  const timer = setInterval(() => {
    collect();
    most = Math.max(most, process.memoryUsage().heapUsed);
  }, 25);
  await work();
  clearInterval(timer);
  return (most - before) / 2 ** 20;
};

const rounded = (value: number, digits = 2): number => Number(value.toFixed(digits));

process.env.AWS_ACCESS_KEY_ID = 'testing';
process.env.AWS_SECRET_ACCESS_KEY = 'testing';
const quarter = Math.floor(wanted / 4);
const [large, small] = await Promise.all([cloudOf(wanted), cloudOf(quarter)]);
try {
  const [paging, scanning] = [pagingOf(large.url), scanningOf(large.url)];
  for (const warm of [paging, scanning]) await warm();
  const rounds: { paged: { wall: number; cpu: number }; scanned: { wall: number; cpu: number } }[] = [];
  for (let round = 0; round < ROUNDS; round++)
    rounds.push({ paged: await timed(paging, wanted), scanned: await timed(scanning, wanted) });
  const perResource = (of: 'paged' | 'scanned', what: 'wall' | 'cpu'): number =>
    (median(rounds.map((each) => each[of][what])) * 1000) / wanted;
  const ratio = perResource('scanned', 'cpu') / perResource('paged', 'cpu');
  const heaps = { quarter: await liveHeap(scanningOf(small.url)), all: await liveHeap(scanningOf(large.url)) };
  const growth = heaps.all - heaps.quarter;
  const figures = {
    resources: wanted,
    rounds: ROUNDS,
    pagingCpuMicrosecondsPerResource: rounded(perResource('paged', 'cpu'), 0),
    scanCpuMicrosecondsPerResource: rounded(perResource('scanned', 'cpu'), 0),
    ratio: rounded(ratio),
    ratioGoal: GOAL_RATIO,
    pagingWallMicrosecondsPerResource: rounded(perResource('paged', 'wall'), 0),
    scanWallMicrosecondsPerResource: rounded(perResource('scanned', 'wall'), 0),
    liveHeapMiBOfQuarter: rounded(heaps.quarter, 1),
    liveHeapMiBOfAll: rounded(heaps.all, 1),
    heapGrowthMiB: rounded(growth, 1),
    heapGrowthMiBGoal: GOAL_GROWTH,
  };
  console.log(JSON.stringify(figures, null, 2));
  const missed = [
    ...(ratio > GOAL_RATIO ? [`the ratio ${rounded(ratio)} is above ${GOAL_RATIO}`] : []),
    ...(growth > GOAL_GROWTH ? [`the heap grew by ${rounded(growth, 1)} MiB, more than ${GOAL_GROWTH}`] : []),
  ];
  if (missed.length > 0) {
    console.error(`Goals missed: ${missed.join('; ')}.`);
    process.exitCode = 1;
  }
} finally {
  for (const cloud of [large, small]) cloud.close();
}
