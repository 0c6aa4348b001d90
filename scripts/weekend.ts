/** `npm run weekend -- apply --environment x`: load balancers that are there on weekends only, made and removed as the time asks. */

import { asleepAt, earlyMinutes, minutesToServing, servingAt } from '../contracts/settings/weekend.ts';
import type { Deployment } from '../modules/stacks/deployment.ts';
import { type ClientOf, openClients } from './operate/clients.ts';
import { refuseWhileOpen } from './operate/cutover/open-run.ts';
import { findLoadBalancer } from './operate/health/front.ts';
import { callingAws, checkOperator, type Operated, openOperated } from './operate/operated.ts';
import { table } from './operate/table.ts';
import { untilTrue, type Waiting } from './operate/waiting.ts';
import { type Brought, bring } from './operate/weekend/bring.ts';
import { awaitHealthy, awaitNone, readTasks, tasksText } from './operate/weekend/tasks.ts';
import { tellOperators } from './operate/weekend/told.ts';
import { defineCommand, type Host, type Running, runAsProgram } from './platform/command.ts';
import { confirm } from './platform/confirm.ts';
import { exitCodes } from './platform/exit-codes.ts';
import { during, nowOf } from './platform/host.ts';
import { environment, json, region, verbose } from './platform/options.ts';
import { OperatorProblem, UsageProblem } from './platform/problem.ts';

interface Wanted {
  readonly client: ClientOf;
  readonly region: string | undefined;
  readonly yes: boolean | undefined;
  readonly dryRun: boolean;
  readonly verbose: boolean | undefined;
  /** Longest time for tasks to end or to become healthy, and for the load balancer to serve. */
  readonly patience: Waiting;
}

/** Regions whose load balancer comes and goes. @throws OperatorProblem where there is none */
const comingAndGoing = ({ environment: name, file, deployments }: Operated): readonly Deployment[] => {
  const found = deployments.filter(({ settings }) => settings.weekend_only && settings.destroy_albs_when_scaled_down);
  if (found.length > 0) return found;
  throw new OperatorProblem(
    `${name} keeps its load balancers all week: set weekend_only and destroy_albs_when_scaled_down in ${file}.`,
  );
};

const stateOfBalancer = async (client: ClientOf, deployment: Deployment): Promise<string> => {
  const found = await findLoadBalancer({ client: (Client, at = deployment.region) => client(Client, at), deployment });
  return found?.State?.Code ?? 'absent';
};

const hoursAndMinutes = (minutes: number): string =>
  `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;

const statusOf = async (client: ClientOf, deployment: Deployment, now: Date) => {
  const { settings } = deployment;
  return {
    region: deployment.region,
    wanted: asleepAt(settings, now) ? 'absent' : 'active',
    loadBalancer: await stateOfBalancer(client, deployment),
    tasks: tasksText(await readTasks(client, deployment)),
    serving: servingAt(settings, now),
    minutesToServing: minutesToServing(settings, now),
  };
};

const status = async (host: Running, client: ClientOf, deployments: readonly Deployment[]): Promise<number> => {
  const found = await Promise.all(deployments.map((each) => statusOf(client, each, nowOf(host))));
  host.out(
    table(
      ['region', 'load balancer', 'now wanted', 'tasks', 'next tasks'],
      found.map((each) => [
        each.region,
        each.loadBalancer,
        each.wanted,
        each.tasks,
        each.serving ? 'now' : `in ${hoursAndMinutes(each.minutesToServing)}`,
      ]),
    ),
  );
  host.report(found);
  return found.every(({ loadBalancer, wanted }) => loadBalancer === wanted) ? exitCodes.done : exitCodes.attention;
};

/** What made the load balancer is to be true of it, whoever made it. */
const awaitBalancer = async (client: ClientOf, deployment: Deployment, patience: Waiting): Promise<void> => {
  let last = '';
  const active = await untilTrue(async () => {
    last = await stateOfBalancer(client, deployment);
    return last === 'active';
  }, patience);
  if (!active) throw new OperatorProblem(`The load balancer of ${deployment.region} is ${last}, but should be active.`);
};

/** Tasks that are to be there within so many minutes are waited for; the run before that leaves them to the next one. */
const WAIT_FROM_MINUTES = 40;

const awake = async (host: Host, deployment: Deployment, { client, patience }: Wanted): Promise<void> => {
  await during(host, `Waiting for the load balancer of ${deployment.region}`, () =>
    awaitBalancer(client, deployment, patience),
  );
  const ahead = minutesToServing(deployment.settings, nowOf(host));
  if (ahead > WAIT_FROM_MINUTES) return;
  // The schedule's own minute, and what a task needs to be healthy, come on top.
  const patienceMs = ahead * 60_000 + patience.patienceMs;
  const tasks = await during(host, `Waiting for the tasks of ${deployment.region}`, () =>
    awaitHealthy(client, deployment, { ...patience, patienceMs }),
  );
  host.out(`${deployment.region}: ${tasksText(tasks)}.`);
};

const apply = async (host: Host, operated: Operated, wanted: Wanted): Promise<Brought> => {
  const deployments = comingAndGoing(operated);
  await refuseWhileOpen(deployments, 'Making or taking down a load balancer');
  const now = nowOf(host);
  if (!wanted.dryRun)
    for (const each of deployments.filter(({ settings }) => asleepAt(settings, now)))
      await during(host, `Waiting for the tasks of ${each.region} to end`, () =>
        awaitNone(wanted.client, each, wanted.patience),
      );
  const brought = await bring(host, {
    environment: operated.environment,
    region: wanted.region,
    dryRun: wanted.dryRun,
    verbose: wanted.verbose,
    agree: (reviews) => confirm(host, operated.environment, reviews, { yes: wanted.yes, allowStatefulDestroy: false }),
  });
  if (!wanted.dryRun)
    for (const each of deployments.filter(({ settings }) => !asleepAt(settings, now))) await awake(host, each, wanted);
  return brought;
};

const said = {
  applied: 'The load balancers are as they should be now.',
  unchanged: 'The load balancers were already as they should be now.',
  planned: 'Nothing was applied.',
} as const;

/** Runs it. Where nobody was asked, nobody sees that it failed either: operators are told first. */
const applyOrTell = async (host: Running, operated: Operated, wanted: Wanted): Promise<number> => {
  try {
    const { outcome, reviews } = await apply(host, operated, wanted);
    host.out(said[outcome]);
    host.report({ environment: operated.environment, outcome, stacks: reviews });
    return outcome === 'planned' ? exitCodes.attention : exitCodes.done;
  } catch (error) {
    const [deployment] = operated.deployments;
    const watched = wanted.yes !== true;
    if (watched || wanted.dryRun || deployment === undefined || error instanceof UsageProblem) throw error;
    const message = error instanceof Error ? error.message : String(error);
    const unheard = await tellOperators(
      wanted.client,
      deployment,
      `${operated.environment}: the weekend's load balancer`,
      message,
    );
    host.err(unheard === undefined ? 'Operators were told.' : `Operators could not be told: ${unheard}`);
    throw error;
  }
};

const minutesOf = (given: string | undefined): number => {
  const minutes = Number(given ?? 12);
  if (!Number.isFinite(minutes) || minutes <= 0 || minutes > 45)
    throw new UsageProblem(`--patience is a number of minutes up to 45, not ${given}.`);
  return minutes;
};

export const weekend = defineCommand({
  name: 'weekend',
  summary: 'Makes or removes load balancers that exist on weekends only, as the time asks.',
  notes: [
    'For environments with weekend_only and destroy_albs_when_scaled_down; .github/workflows/weekend.yml calls it on a schedule.',
    `The load balancers exist from ${earlyMinutes} minutes before Saturday's first task until 15 minutes after Sunday's last one.`,
    'It changes nothing else, and refuses where more would change. With --yes it reports a failure to the topic of operators. Repeating it does no harm.',
  ].join('\n'),
  verbs: {
    apply: 'makes the load balancers, or removes them, as the time asks',
    status: 'says what exists, what should exist, and when tasks come next',
  },
  exits: {
    0: 'as the time asks',
    2: 'with status: something should be made or removed; with --dry-run: something would change',
  },
  options: {
    environment,
    region,
    patience: {
      type: 'string',
      value: 'MINUTES',
      description: 'Longest time to wait for tasks to end or to be healthy. Default: 12.',
    },
    json,
    verbose,
    yes: { type: 'boolean', description: 'Asks nothing.' },
    'dry-run': { type: 'boolean', description: 'Plans and shows, and applies nothing.' },
  },
  run: async (values, host, [verb]) => {
    const patience = { everyMs: 10_000, patienceMs: minutesOf(values.patience) * 60_000 };
    const operated = await openOperated(host, values);
    const deployments = comingAndGoing(operated);
    await checkOperator(host, operated);
    const { of: client, close } = openClients(operated.settings.regions[0] ?? '', host.env.AWS_ENDPOINT_URL);
    return callingAws(operated, () =>
      verb === 'status'
        ? status(host, client, deployments)
        : applyOrTell(host, operated, {
            client,
            region: values.region,
            yes: values.yes,
            dryRun: values['dry-run'] === true,
            verbose: values.verbose,
            patience,
          }),
    ).finally(close);
  },
});

await runAsProgram(import.meta.main, weekend);
