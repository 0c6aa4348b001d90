/** `npm run phase:check -- --environment prod --revenue 600`: whether the environment has outgrown its phase. */
import { openClients } from './operate/clients.ts';
import { callingAws, checkOperator, type Operated, openOperated } from './operate/operated.ts';
import { peopleSince } from './operate/phase/people.ts';
import { type Judged, judge, type Measured, phases, reachedOf, told } from './operate/phase/phases.ts';
import { requestsBetween } from './operate/phase/requests.ts';
import { table } from './operate/table.ts';
import { defineCommand, type Host, runAsProgram } from './platform/command.ts';
import { exitCodes } from './platform/exit-codes.ts';
import { during, nowOf, paintOf } from './platform/host.ts';
import { environment, json } from './platform/options.ts';
import { UsageProblem } from './platform/problem.ts';

const DAYS = 30;
const MS = 86_400_000;

interface Period {
  readonly from: Date;
  readonly to: Date;
}

const typedIn = (option: string, given: string | undefined): Measured | undefined => {
  if (given === undefined) return undefined;
  if (!/^\d{1,12}(\.\d{1,2})?$/.test(given))
    throw new UsageProblem(`--${option} is a number such as 600, not ${given}.`);
  return { value: Number(given) };
};

/** Of all regions together; unknown where one of them is. */
const sumOf = (parts: readonly Measured[]): Measured =>
  parts.find((part) => 'why' in part) ?? {
    value: parts.reduce((sum, part) => sum + ('value' in part ? part.value : 0), 0),
  };

const measuredOf = async (
  { deployments }: Operated,
  people: Measured | undefined,
  { from, to }: Period,
  standIn: string | undefined,
): Promise<{ readonly people: Measured; readonly requests: Measured }> => {
  const each = await Promise.all(
    deployments.map(async (deployment) => {
      const { of, close } = openClients(deployment.region, standIn);
      try {
        return {
          requests: await requestsBetween(deployment, of, { from, to }),
          // Every region has the same people, or refuses them.
          people: people ?? (deployment.primary ? await peopleSince(deployment, of, from) : undefined),
        };
      } finally {
        close();
      }
    }),
  );
  return {
    requests: sumOf(each.map(({ requests }) => requests)),
    people: each.find((one) => one.people !== undefined)?.people ?? { why: 'the primary region was not asked' },
  };
};

const numbers = new Intl.NumberFormat('en-US');
const textOf = (measured: Measured): string => ('why' in measured ? 'unknown' : numbers.format(measured.value));

const print = (host: Host, judged: readonly Judged[], period: string): void => {
  const paint = paintOf(host);
  const tones = { over: 'warning', below: 'good', unknown: 'dim' } as const;
  const rows = judged.map(({ phase, measure, measured, threshold, verdict }) => [
    phase,
    told[measure],
    textOf(measured),
    numbers.format(threshold),
    paint(tones[verdict], verdict),
    period,
  ]);
  host.out(table(['phase', 'metric', 'measured', 'threshold', 'it is', 'from and to'], rows));
  for (const why of new Set(
    judged.flatMap(({ measure, measured }) => ('why' in measured ? [`${told[measure]}: ${measured.why}`] : [])),
  ))
    host.out(why);
};

export const phaseCheck = defineCommand({
  name: 'phase:check',
  summary: 'Compares people, requests and revenue with the thresholds of the growth and scale phases. Changes nothing.',
  notes: phases
    .map(({ name, budgetUsd, examples }) => `${name}: ${budgetUsd} USD a month, as in ${examples.join(' and ')}.`)
    .join('\n'),
  exits: { 0: 'no threshold is passed', 2: 'a threshold is passed' },
  options: {
    environment,
    revenue: {
      type: 'string',
      value: 'USD',
      description: 'Revenue a month, which AWS does not know. Default: unknown.',
    },
    people: {
      type: 'string',
      value: 'COUNT',
      description: 'People of the last 30 days. Default: counted, where the store is DynamoDB.',
    },
    json,
  },
  run: async (values, host) => {
    const revenue = typedIn('revenue', values.revenue) ?? { why: 'pass --revenue' };
    const people = typedIn('people', values.people);
    const operated = await openOperated(host, values);
    await checkOperator(host, operated);
    const to = nowOf(host);
    const period = { from: new Date(to.getTime() - DAYS * MS), to };
    const counted = await during(host, 'Counting people and requests', () =>
      callingAws(operated, () => measuredOf(operated, people, period, host.env.AWS_ENDPOINT_URL)),
    );
    const judged = judge({ ...counted, revenue });
    const [from, until] = [period.from, to].map((time) => time.toISOString().slice(0, 10));
    print(host, judged, `${from} to ${until}`);
    const reached = reachedOf(judged);
    host.out(
      reached === undefined
        ? judged.some(({ verdict }) => verdict === 'unknown')
          ? 'No threshold is known to be passed.'
          : 'No threshold is passed: keep the settings.'
        : `The ${reached.name} phase is reached, for ${reached.budgetUsd} USD a month: take over the settings of ${reached.examples.map((name) => `environments/${name}.tfvars`).join(' and ')}, then npm run plan.`,
    );
    host.report({ environment: operated.environment, from, to: until, reached: reached?.name ?? null, checks: judged });
    return reached === undefined ? exitCodes.done : exitCodes.attention;
  },
});

await runAsProgram(import.meta.main, phaseCheck);
