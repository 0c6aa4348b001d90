/** `npm run cost:spike -- --environment prod`: days that cost more than usual, and what may be turned down at once. */

import { dailyOf } from './operate/cost/daily.ts';
import { type Period, plusDays } from './operate/cost/days.ts';
import { costExplorer, spentIn, USD_A_PAGE } from './operate/cost/explorer.ts';
import { type Lever, leversAgainst } from './operate/cost/levers.ts';
import { type Lowering, loweringsOf } from './operate/cost/lower-most.ts';
import { spikeText } from './operate/cost/report.ts';
import { type Spike, spikesIn, USUAL_DAYS } from './operate/cost/spikes.ts';
import { WEEK } from './operate/cost/window.ts';
import { refuseWhileOpen } from './operate/cutover/open-run.ts';
import { dayOf } from './operate/days.ts';
import { callingAws, checkOperator, type Operated, openOperated } from './operate/operated.ts';
import { table } from './operate/table.ts';
import { agree } from './platform/agree.ts';
import { defineCommand, type Host, type Running, runAsProgram } from './platform/command.ts';
import { exitCodes } from './platform/exit-codes.ts';
import { during, nowOf } from './platform/host.ts';
import { environment, json } from './platform/options.ts';
import { UsageProblem } from './platform/problem.ts';

/** Today and yesterday are not complete, but their costs so far are certain. */
const judgedOn = (now: Date): Period => {
  const end = plusDays(dayOf(now), 1);
  return { start: plusDays(end, -WEEK), end };
};

const spikesOf = async ({ settings }: Operated, now: Date): Promise<{ spikes: Spike[]; pages: number }> => {
  const judged = judgedOn(now);
  const asked = { start: plusDays(judged.start, -USUAL_DAYS), end: judged.end };
  const { spent, pages } = await spentIn(costExplorer(), asked, settings);
  const counted = settings.budget_scope === 'account';
  const ours = spent.filter((each) => counted || each.environment === settings.environment);
  return { spikes: spikesIn(dailyOf(ours), judged), pages };
};

const print = (
  host: Host,
  { environment: name, file }: Operated,
  spikes: readonly Spike[],
  levers: readonly Lever[],
) => {
  if (spikes.length === 0)
    host.out(`No day of the last ${WEEK} cost more than 5 USD and twice the median of the ${USUAL_DAYS} before it.`);
  for (const spike of spikes) host.out(spikeText(spike));
  if (spikes.length === 0) return;
  const how = ({ byCommand, name: lever }: Lever): string =>
    byCommand
      ? `npm run cost:spike -- --environment ${name} --apply ${lever}`
      : `${file}, npm run plan, npm run deploy`;
  host.out('');
  host.out(
    table(
      ['lever', 'now', 'then', 'how', 'effect'],
      levers.map((lever) => [lever.name, lever.now, lever.wanted, how(lever), lever.effect]),
    ),
  );
  host.out('For other remedies see docs/runbooks/cost-spike.md.');
};

interface Asked {
  readonly max: number | undefined;
  readonly yes: boolean | undefined;
  readonly dryRun: boolean | undefined;
}

/** Answers the exit code. */
const apply = async (host: Running, operated: Operated, asked: Asked): Promise<number> => {
  const { environment: name, deployments } = operated;
  // A cutover keeps counts and bounds, and puts them back.
  await refuseWhileOpen(deployments, 'Lowering max_count');
  const read = deployments.map((deployment) => loweringsOf(name, deployment, asked.max));
  const lowerings: Lowering[] = (await Promise.all(read)).flat();
  const told = lowerings.map(({ write: _, ...each }) => each);
  if (lowerings.length === 0) {
    host.out('Nothing to do: nothing that runs may scale any further.');
    host.report({ environment: name, outcome: 'unchanged', changes: [] });
    return exitCodes.done;
  }
  host.out(
    table(
      ['region', 'what', 'now', 'then'],
      told.map(({ region, name: what, before, after }) => [region, what, before, after]),
    ),
  );
  if (asked.dryRun === true) {
    host.report({ environment: name, outcome: 'planned', changes: told });
    return exitCodes.attention;
  }
  await agree(host, asked.yes);
  for (const { write } of lowerings) await write();
  const { weekend_only, scale_schedules } = operated.settings;
  if (weekend_only || Object.keys(scale_schedules).length > 0)
    host.out('Schedules set the bounds again at their next hour.');
  for (const { back } of told) host.out(`Changed. To go back: ${back}`);
  host.report({ environment: name, outcome: 'changed', changes: told });
  return exitCodes.done;
};

const mostOf = (given: string | undefined, applied: string | undefined): number | undefined => {
  if (given === undefined) return undefined;
  if (applied === undefined) throw new UsageProblem('--max goes with --apply max_count.');
  if (!/^[1-9]\d{0,2}$/.test(given)) throw new UsageProblem(`--max is a whole number from 1 to 999, not ${given}.`);
  return Number(given);
};

export const costSpike = defineCommand({
  name: 'cost:spike',
  summary: 'Finds days that cost over twice the median of 14 days and over 5 USD, and says what may be reduced.',
  notes: [
    'Today and yesterday count with what they have cost so far. A page of Cost Explorer costs 0.01 USD.',
    'Levers are max_count, lambda_reserved_concurrency, BUDGET_CALLS_PER_HOUR and log_level. Nothing that the audit log, sign-in,',
    'approvals or alarms need is a lever. Only what operators own is applied here; everything else is a setting and needs a plan.',
  ].join('\n'),
  exits: { 0: 'no spike, or the lever is applied', 2: 'a spike; with --dry-run: something would change' },
  options: {
    environment,
    apply: {
      type: 'string',
      value: 'LEVER',
      choices: ['max_count'],
      description: 'Applies this lever, whether there is a spike or not: Cost Explorer is a day late.',
    },
    max: {
      type: 'string',
      value: 'COUNT',
      description: 'Most tasks with --apply max_count. Default: as many as run now, so that none is added.',
    },
    json,
    yes: { type: 'boolean', description: 'Asks nothing.' },
    'dry-run': { type: 'boolean', description: 'With --apply: says what would change, and changes nothing.' },
  },
  run: async (values, host) => {
    const max = mostOf(values.max, values.apply);
    const operated = await openOperated(host, values);
    await checkOperator(host, operated);
    if (values.apply !== undefined)
      return callingAws(operated, () => apply(host, operated, { max, yes: values.yes, dryRun: values['dry-run'] }));
    const { spikes, pages } = await during(host, 'Asking Cost Explorer', () =>
      callingAws(operated, () => spikesOf(operated, nowOf(host))),
    );
    const levers = leversAgainst(
      operated.settings,
      spikes.flatMap(({ service }) => service ?? []),
    );
    print(host, operated, spikes, levers);
    host.report({ environment: operated.environment, spikes, levers, askingUsd: pages * USD_A_PAGE });
    return spikes.length === 0 ? exitCodes.done : exitCodes.attention;
  },
});

await runAsProgram(import.meta.main, costSpike);
