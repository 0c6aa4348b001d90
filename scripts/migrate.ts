/** `npm run migrate -- --environment prod --colour green`: migrates the store before the first task of a version. */
import { ECSClient } from '@aws-sdk/client-ecs';
import type { Deployment } from '../modules/stacks/deployment.ts';
import { noteMigration } from './operate/migrate/migrated.ts';
import { type Migrated, migrateOnce } from './operate/migrate/one-off.ts';
import { callingAws, checkOperator, openOperated } from './operate/operated.ts';
import { runningNames } from './operate/running.ts';
import { agree } from './platform/agree.ts';
import { defineCommand, runAsProgram } from './platform/command.ts';
import { exitCodes } from './platform/exit-codes.ts';
import { during, nowOf } from './platform/host.ts';
import { environment, json, region } from './platform/options.ts';
import { OperatorProblem, UsageProblem } from './platform/problem.ts';

/** @throws OperatorProblem where no task can do it */
const checkMigrates = ({ settings }: Deployment): void => {
  if (settings.container !== 'countersign')
    throw new OperatorProblem('An image of its own migrates in its own way: container is custom.');
  if (settings.compute_mode !== 'fargate')
    throw new OperatorProblem(
      `With compute_mode ${settings.compute_mode} the first ${settings.compute_mode === 'lambda' ? 'execution' : 'instance'} of a version brings the store to it. Only services on Fargate have a task of their own for it.`,
    );
};

const colourOf = ({ shape: { colours } }: Deployment, given: string | undefined): string => {
  const [only] = colours;
  if (given === undefined && colours.length === 1 && only !== undefined) return only;
  if (colours.some((colour) => colour === given) && given !== undefined) return given;
  throw new UsageProblem(
    given === undefined
      ? `Say which colour: --colour ${colours.join(', or --colour ')}. It is the one that takes no traffic.`
      : `There is no colour ${given}: there are ${colours.join(', ')}.`,
  );
};

export const migrate = defineCommand({
  name: 'migrate',
  summary: 'Migrates the store for a new version, in a task of its own, before the first task of that version.',
  notes: [
    'Run it when the idle colour has its new image (npm run deploy) and before it is warmed up. Calls of the version that serves',
    'wait two seconds at most, and rows are written meanwhile. It may be repeated: a second task finds nothing to do. It writes down',
    'for which task definition it was done, and npm run cutover begins with no other.',
  ].join('\n'),
  exits: { 0: 'the store fits the version', 2: 'with --dry-run: a task would be started' },
  options: {
    environment,
    region,
    colour: {
      type: 'string',
      value: 'COLOUR',
      choices: ['blue', 'green'],
      description: 'Colour whose version to migrate for. Needed with blue_green: the one without traffic.',
    },
    json,
    yes: { type: 'boolean', description: 'Asks nothing.' },
    'dry-run': { type: 'boolean', description: 'Says which task would be started, and starts none.' },
  },
  run: async (values, host) => {
    const operated = await openOperated(host, values);
    const { environment: name, deployments } = operated;
    for (const deployment of deployments) checkMigrates(deployment);
    const wanted = deployments.map((deployment) => ({ deployment, colour: colourOf(deployment, values.colour) }));
    await checkOperator(host, operated);
    for (const { deployment, colour } of wanted)
      host.out(
        `${deployment.region}: a task of ${runningNames(deployment).services[colour]} migrates the store, then ends.`,
      );
    if (values['dry-run'] === true) {
      host.report({ environment: name, outcome: 'planned', migrated: [] });
      return exitCodes.attention;
    }
    await agree(host, values.yes, 'Type yes to start it: ');
    return callingAws(operated, async () => {
      const migrated: Migrated[] = [];
      for (const { deployment, colour } of wanted) {
        const client = new ECSClient({ region: deployment.region });
        const done = await during(host, `Migrating the store in ${deployment.region}`, () =>
          migrateOnce(client, deployment, colour),
        );
        await noteMigration(deployment, done, nowOf(host));
        migrated.push(done);
      }
      for (const { region: at, taskDefinition } of migrated)
        host.out(`${at}: the store is what ${taskDefinition.split('/').at(-1)} needs.`);
      host.report({ environment: name, outcome: 'migrated', migrated });
      return exitCodes.done;
    });
  },
});

await runAsProgram(import.meta.main, migrate);
