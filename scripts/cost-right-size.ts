/** `npm run cost:right-size -- --environment prod`: whether tasks, database, cache and NAT are too large or too small for what is used. */
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import type { Settings } from '../contracts/settings/resolve.ts';
import { natGateways } from '../contracts/settings/shape.ts';
import type { Deployment } from '../modules/stacks/deployment.ts';
import { fromSettings } from './cost/from-settings.ts';
import { total } from './cost/line.ts';
import { callingAws, checkOperator, type Operated, openOperated } from './operate/operated.ts';
import { runningNames } from './operate/running.ts';
import { judge, together, type Verdict } from './operate/size/judge.ts';
import { type JudgedNat, natIn, wantedNat } from './operate/size/nat.ts';
import type { Size } from './operate/size/pair.ts';
import { type JudgedStore, storesIn, wantedStores } from './operate/size/stores.ts';
import { type Period, USAGE_DAYS, usageOf } from './operate/size/usage.ts';
import { table } from './operate/table.ts';
import { defineCommand, type Host, runAsProgram } from './platform/command.ts';
import { exitCodes } from './platform/exit-codes.ts';
import { during, nowOf } from './platform/host.ts';
import { environment, json, region } from './platform/options.ts';
import { OperatorProblem } from './platform/problem.ts';

interface Judged extends Verdict {
  readonly region: string;
  readonly service: string;
}

const sizeOf = ({ task_cpu: cpu, task_memory: memory }: Settings): Size => ({ cpu, memory });

const judgedIn = async (deployment: Deployment, period: Period): Promise<Judged[]> => {
  const { region: at, settings } = deployment;
  if (settings.compute_mode !== 'fargate') return [];
  const { cluster, services } = runningNames(deployment);
  const client = new CloudWatchClient({ region: at });
  return Promise.all(
    Object.values(services).map(async (service) => {
      const usage = await usageOf(client, { cluster, service }, period);
      return { region: at, service, ...judge(usage, sizeOf(settings)) };
    }),
  );
};

/** Of all regions, a month by the price list. */
const changeUsd = (regions: readonly Settings[], { cpu, memory }: Size): number => {
  const costs = (all: readonly Settings[]): number =>
    total(all.flatMap((settings) => fromSettings(settings).lines.filter(({ item }) => item === 'Tasks')));
  return costs(regions.map((settings) => ({ ...settings, task_cpu: cpu, task_memory: memory }))) - costs(regions);
};

const printNat = (host: Host, file: string, nat: readonly JudgedNat[]): void => {
  if (nat.length === 0) return;
  const rows = nat.map(({ region: at, gateways, hours, gb, usd, verdict, why }) =>
    [at, gateways, hours, gb.toFixed(1), usd.now.toFixed(2), verdict, why].map(String),
  );
  host.out(table(['region', 'NAT gateways', 'hours', 'GB a month', 'USD a month', 'verdict', 'because'], rows));
  const wanted = wantedNat(nat);
  if (wanted !== undefined)
    host.out(
      `In ${file}: nat_mode = "${wanted}". Then npm run plan: addresses of gateways that go are given back, so partners must not have allow-listed them.`,
    );
};

const percent = (value: number | undefined): string => (value === undefined ? '-' : value.toFixed(1));

const print = (
  host: Host,
  { settings, file }: Operated,
  {
    judged,
    stores,
    nat,
  }: {
    readonly judged: readonly Judged[];
    readonly stores: readonly JudgedStore[];
    readonly nat: readonly JudgedNat[];
  },
  wanted: Size | undefined,
  usd: number,
) => {
  const rows = [...judged, ...stores.map(({ name: service, ...each }) => ({ ...each, service }))].map((each) => [
    each.region,
    each.service,
    String(each.minutes),
    percent(each.cpuP95),
    percent(each.memoryMax),
    each.verdict,
    each.why,
  ]);
  if (rows.length > 0)
    host.out(table(['region', 'what', 'minutes', 'CPU p95, %', 'memory max, %', 'verdict', 'because'], rows));
  for (const [setting, size] of Object.entries(wantedStores(stores)))
    host.out(`In ${file}: ${setting} = "${size}". Then npm run plan: it says what that interrupts.`);
  printNat(host, file, nat);
  if (settings.compute_mode !== 'fargate') return;
  const { cpu, memory } = sizeOf(settings);
  if (wanted === undefined) return host.out(`Leave task_cpu = ${cpu} and task_memory = ${memory} as they are.`);
  return host.out(
    `In ${file}: task_cpu = ${wanted.cpu} and task_memory = ${wanted.memory} instead of ${cpu} and ${memory}, ${usd > 0 ? '+' : ''}${usd.toFixed(2)} USD a month. Then npm run plan: it rolls the tasks.`,
  );
};

export const costRightSize = defineCommand({
  name: 'cost:right-size',
  summary: `Compares tasks, database, cache and NAT gateways with what was used in ${USAGE_DAYS} days, and suggests less or more. Changes nothing.`,
  notes: [
    'Half: 95 % of all minutes are below 30 % of the CPU, and all are below 50 % of the memory. Twice: over 70 % of either.',
    'Tasks of Fargate, databases of the classes t3 and t4g, and caches: AWS measures no memory of instances and functions by itself.',
    'NAT: what one gateway, one per zone and an instance would cost for the bytes that went through. In prod fewer are never suggested.',
  ].join('\n'),
  exits: { 0: 'the size is right, or nothing is known', 2: 'another size is suggested' },
  options: { environment, region, json },
  run: async (values, host) => {
    const operated = await openOperated(host, values);
    const { deployments, settings } = operated;
    const judgeable =
      settings.compute_mode === 'fargate' ||
      settings.store_mode === 'postgres' ||
      settings.cache_enabled ||
      natGateways(settings) > 0;
    if (!judgeable)
      throw new OperatorProblem(
        `compute_mode is ${settings.compute_mode}, of which AWS measures no memory by itself. See the CPU or the duration on the dashboard, and npm run cost for what another size costs.`,
      );
    await checkOperator(host, operated);
    const to = nowOf(host);
    const period = { from: new Date(to.getTime() - USAGE_DAYS * 86_400_000), to };
    const [judged, stores, nat] = await during(host, `Reading ${USAGE_DAYS} days of minutes`, () =>
      callingAws(operated, async () => [
        (await Promise.all(deployments.map((each) => judgedIn(each, period)))).flat(),
        (await Promise.all(deployments.map((each) => storesIn(each, period)))).flat(),
        (await Promise.all(deployments.map((each) => natIn(each, period)))).flat(),
      ]),
    );
    const wanted = together(judged);
    const usd =
      wanted === undefined
        ? 0
        : changeUsd(
            deployments.map((each) => each.settings),
            wanted,
          );
    const natMode = wantedNat(nat);
    print(host, operated, { judged, stores, nat }, wanted, usd);
    host.report({
      environment: operated.environment,
      size: sizeOf(settings),
      wanted,
      changeUsd: usd,
      services: judged,
      stores,
      nat,
      settings: { ...wantedStores(stores), ...(natMode !== undefined && { nat_mode: natMode }) },
    });
    return wanted === undefined && natMode === undefined && Object.keys(wantedStores(stores)).length === 0
      ? exitCodes.done
      : exitCodes.attention;
  },
});

await runAsProgram(import.meta.main, costRightSize);
