/** `npm run scale -- --environment prod --colour blue --desired 3`: how many run now, which Terraform leaves to operations. */
import { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import { ownershipOf } from '../contracts/settings/owned.ts';
import type { Deployment } from '../modules/stacks/deployment.ts';
import { refuseWhileOpen } from './operate/cutover/open-run.ts';
import { callingAws, checkOperator, type Operated, openOperated } from './operate/operated.ts';
import { runningNames } from './operate/running.ts';
import { type Asked, countsText, sameCounts, wantedCounts } from './operate/scale/counts.ts';
import { scalableGroup } from './operate/scale/group.ts';
import { type Scalable, servicesOf } from './operate/scale/scalable.ts';
import { reschedule } from './operate/scale/schedule.ts';
import { scalableService, serviceClients } from './operate/scale/service.ts';
import { table } from './operate/table.ts';
import { agree } from './platform/agree.ts';
import { defineCommand, type Host, runAsProgram } from './platform/command.ts';
import { environment, json, region } from './platform/options.ts';
import { OperatorProblem, UsageProblem } from './platform/problem.ts';

/** One thing that would become something else. */
interface Change {
  readonly region: string;
  readonly name: string;
  readonly before: string;
  readonly after: string;
  readonly write: () => Promise<void>;
}

const countOf = (option: string, given: string | undefined): number | undefined => {
  if (given === undefined) return undefined;
  if (!/^\d{1,3}$/.test(given) || Number(given) > 500)
    throw new UsageProblem(`--${option} is a whole number from 0 to 500, not ${given}.`);
  return Number(given);
};

const colourOf = (deployment: Deployment, given: string | undefined): string => {
  const { colours } = deployment.shape;
  if (given === undefined && colours.length > 1)
    throw new UsageProblem(`Say which colour: --colour ${[...colours, 'all'].join(', or --colour ')}.`);
  if (given !== undefined && given !== 'all' && !colours.some((colour) => colour === given))
    throw new UsageProblem(`There is no colour ${given}: there are ${colours.join(', ')}.`);
  return given ?? 'all';
};

const scalablesOf = (deployment: Deployment, colour: string | undefined): readonly Scalable[] => {
  const { cluster, scalingGroup } = runningNames(deployment);
  switch (deployment.settings.compute_mode) {
    case 'fargate': {
      const clients = serviceClients(deployment.region);
      return servicesOf(deployment, colourOf(deployment, colour)).map(([, service]) =>
        scalableService(clients, cluster, service),
      );
    }
    case 'ec2':
      return [scalableGroup(new AutoScalingClient({ region: deployment.region }), scalingGroup)];
    case 'lambda':
      throw new OperatorProblem(
        'A function scales by itself, up to lambda_reserved_concurrency. To stop it now: aws lambda put-function-concurrency --reserved-concurrent-executions 0',
      );
  }
};

const changesOf = async (deployment: Deployment, colour: string | undefined, asked: Asked): Promise<Change[]> => {
  const read = scalablesOf(deployment, colour).map(async (scalable) => {
    const before = await scalable.read();
    if (before === undefined) throw new OperatorProblem(`There is no ${scalable.name}: npm run deploy`);
    const after = wantedCounts(before, asked);
    if (sameCounts(before, after)) return [];
    const [was, is] = [countsText(before), countsText(after)];
    return [
      { region: deployment.region, name: scalable.name, before: was, after: is, write: () => scalable.write(after) },
    ];
  });
  return (await Promise.all(read)).flat();
};

const rescheduled = async (
  deployment: Deployment,
  colour: string | undefined,
  schedule: string,
  asked: Asked,
): Promise<Change[]> => {
  if (deployment.settings.compute_mode !== 'fargate')
    throw new OperatorProblem('Only services on Fargate have schedules.');
  const clients = serviceClients(deployment.region);
  const { cluster } = runningNames(deployment);
  const read = servicesOf(deployment, colourOf(deployment, colour)).map(async ([, service]) => {
    const made = await reschedule(clients, { cluster, service }, schedule, asked);
    return { region: deployment.region, name: `schedule ${schedule} of ${service}`, ...made };
  });
  return (await Promise.all(read)).filter(({ before, after }) => before !== after);
};

/** What happens to it later, because somebody else sets it too. */
const warn = (host: Host, { deployments, file }: Operated, asked: Asked, schedule: string | undefined): void => {
  const [deployment] = deployments;
  if (deployment === undefined) return;
  const owns = ownershipOf(deployment.settings);
  const { weekend_only, scale_schedules } = deployment.settings;
  const terraforms =
    schedule === undefined
      ? [
          ...(asked.desired !== undefined && !owns.count ? ['desired_count'] : []),
          ...((asked.min !== undefined || asked.max !== undefined) && !owns.bounds ? ['min_count', 'max_count'] : []),
        ]
      : owns.schedules
        ? []
        : ['scale_schedules'];
  if (terraforms.length > 0)
    host.err(
      `Terraform owns ${terraforms.join(', ')} here: the next deployment goes back to ${file}. Change it there too.`,
    );
  const schedules = [...(weekend_only ? ['weekend-up', 'weekend-down'] : []), ...Object.keys(scale_schedules)];
  if (schedule === undefined && schedules.length > 0)
    host.err(`${schedules.join(', ')} set the bounds again at their next hour.`);
};

export const scale = defineCommand({
  name: 'scale',
  summary: 'Changes how many tasks or instances run now, and between which bounds. Deployments leave both alone.',
  notes: [
    'Refused while a cutover is open: it holds the counts of both colours until it is over.',
    'Bounds are set before the count. Without --min and --max they widen as far as the count needs.',
    'What the settings say stays as it is in the file: see docs/runbooks/counts-and-weights.md.',
  ].join('\n'),
  exits: { 0: 'done, or nothing to do', 2: 'with --dry-run: something would change' },
  options: {
    environment,
    region,
    colour: {
      type: 'string',
      value: 'COLOUR',
      choices: ['blue', 'green', 'all'],
      description: 'blue, green or all. Needed with blue_green.',
    },
    desired: { type: 'string', value: 'COUNT', description: 'How many are to run.' },
    min: { type: 'string', value: 'COUNT', description: 'Fewest, for scaling.' },
    max: { type: 'string', value: 'COUNT', description: 'Most, for scaling.' },
    schedule: { type: 'string', value: 'NAME', description: 'Changes --min and --max that this schedule sets.' },
    json,
    yes: { type: 'boolean', description: 'Asks nothing.' },
    'dry-run': { type: 'boolean', description: 'Says what would change, and changes nothing.' },
  },
  run: async (values, host) => {
    const asked: Asked = {
      desired: countOf('desired', values.desired),
      min: countOf('min', values.min),
      max: countOf('max', values.max),
    };
    if (Object.values(asked).every((count) => count === undefined))
      throw new UsageProblem('Say what to change: --desired, --min or --max.');
    const { schedule, colour } = values;
    if (schedule !== undefined && asked.desired !== undefined)
      throw new UsageProblem('A schedule has bounds and no count: pass --min and --max with --schedule.');
    const operated = await openOperated(host, values);
    await checkOperator(host, operated);
    return callingAws(operated, async () => {
      // A cutover warms one colour by the counts of the other, and scales one in by what it saved.
      if (values['dry-run'] !== true) await refuseWhileOpen(operated.deployments, 'scale');
      const read = operated.deployments.map((deployment) =>
        schedule === undefined
          ? changesOf(deployment, colour, asked)
          : rescheduled(deployment, colour, schedule, asked),
      );
      const changes = (await Promise.all(read)).flat();
      if (changes.length === 0) {
        host.out('It is so already.');
        host.report({ environment: operated.environment, outcome: 'unchanged', changes: [] });
        return 0;
      }
      host.out(
        table(
          ['region', 'what', 'now', 'then'],
          changes.map(({ region: at, name, before, after }) => [at, name, before, after]),
        ),
      );
      warn(host, operated, asked, schedule);
      const told = changes.map(({ region: at, name, before, after }) => ({ region: at, name, before, after }));
      if (values['dry-run'] === true) {
        host.report({ environment: operated.environment, outcome: 'planned', changes: told });
        return 2;
      }
      await agree(host, values.yes);
      for (const { write } of changes) await write();
      host.out('Changed. npm run doctor shows when it is reached.');
      host.report({ environment: operated.environment, outcome: 'changed', changes: told });
      return 0;
    });
  },
});

await runAsProgram(import.meta.main, scale);
