/** `npm run failover -- --environment prod --region eu-west-1 [--drill]`: makes another region the home, or tries it. */
import { Resolver } from 'node:dns';
import { Route53Client } from '@aws-sdk/client-route-53';
import type { Home } from '../contracts/home.ts';
import type { Deployment } from '../modules/stacks/deployment.ts';
import { type ClientOf, openClients } from './operate/clients.ts';
import { refuseWhileOpen } from './operate/cutover/open-run.ts';
import { drill } from './operate/failover/drill.ts';
import { type FailingOver, type FailoverPace, usualPace } from './operate/failover/failing-over.ts';
import { readHome } from './operate/failover/home-record.ts';
import { inTime } from './operate/failover/in-time.ts';
import { move } from './operate/failover/move.ts';
import { publicResolvers } from './operate/failover/resolvers.ts';
import { untilStopped } from './operate/failover/stopping.ts';
import { namesToTurn, turnBack, turnedAway } from './operate/failover/turn.ts';
import { callingAws, checkOperator, type Operated, openOperated } from './operate/operated.ts';
import { agree } from './platform/agree.ts';
import { defineCommand, type Running, runAsProgram } from './platform/command.ts';
import { environment, json } from './platform/options.ts';
import { OperatorProblem, UsageProblem } from './platform/problem.ts';

const inRegion = ({ environment: name, deployments }: Operated, region: string): Deployment => {
  const found = deployments.find((deployment) => deployment.region === region);
  if (found !== undefined) return found;
  const regions = deployments.map((deployment) => deployment.region).join(', ');
  throw new UsageProblem(`${name} is not in ${region}: its regions are ${regions}.`);
};

/** The home now: what the record says where regions share a state, else the region that is answered first. */
const homeOf = async (
  client: ClientOf,
  { deployments, settings }: Operated,
  { answerMs }: FailoverPace,
): Promise<Home> => {
  const [first] = deployments;
  if (first?.shape.sharedState !== true) return { region: settings.home_region ?? '', epoch: 0 };
  const read = await Promise.allSettled(
    deployments.map((deployment) => inTime(readHome(client, deployment), answerMs)),
  );
  const known = read.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  const newest = known.reduce<Home | undefined>(
    (best, home) => (best === undefined || home.epoch > best.epoch ? home : best),
    undefined,
  );
  const failed = read.find((each) => each.status === 'rejected');
  if (newest === undefined)
    throw failed?.reason ?? new OperatorProblem('The home record cannot be read in any region.');
  return newest;
};

const restore = async (
  host: Running,
  operated: Operated,
  client: ClientOf,
  home: Home,
  dryRun: boolean,
): Promise<number> => {
  const names = await namesToTurn(client, inRegion(operated, home.region));
  const left = await turnedAway(client, names, home.region);
  if (dryRun && left.length > 0) {
    host.out(`${home.region} would answer again for ${left.map(({ name }) => name).join(', ')}.`);
    host.report({ outcome: 'planned', home, names: left.map(({ name }) => name) });
    return 2;
  }
  for (const { turn } of left)
    await turnBack(
      client(Route53Client, 'us-east-1'),
      turn.kind === 'records' ? { ...turn, primary: home.region } : turn,
    );
  host.out(
    left.length === 0
      ? 'Nothing is turned away.'
      : `${home.region} answers again for ${left.map(({ name }) => name).join(', ')}.`,
  );
  host.report({ outcome: 'restored', home, names: left.map(({ name }) => name) });
  return 0;
};

const planOf = ({ from, to, names, pace }: FailingOver, drilling: boolean): string[] => {
  const turns = names.map(
    ({ name, turn }) =>
      `${name}: ${turn.kind === 'check' ? 'its health check says the opposite' : 'its two records change roles'}`,
  );
  return drilling
    ? [
        `${to.region} must be warm; callers are led there, and back to ${from.region} in any case.`,
        ...turns,
        `While it lasts callers only read, because ${from.region} stays the home. Open connections stay where they are.`,
      ]
    : [
        `1. every service of ${from.region} to no task, and its bounds to 0`,
        `2. ${pace.leaseMs / 60_000} minutes, as long as a lease lives; then until ${to.region} has everything`,
        `3. the home record to ${to.region}, one epoch on`,
        `4. resolvers, and the doctor on ${to.region}`,
      ];
};

const checkResolvers = (given: readonly string[]): readonly string[] => {
  try {
    new Resolver().setServers(given);
  } catch {
    // Found before callers are led anywhere.
    throw new UsageProblem(
      `--resolver is the address of a resolver, such as 1.1.1.1 or [::1]:5353, not ${given.join(', ')}.`,
    );
  }
  return given;
};

interface Asked {
  readonly to: Deployment | undefined;
  readonly drill: boolean;
  readonly yes: boolean | undefined;
  readonly dryRun: boolean;
  readonly oldIsDown: boolean;
  readonly resolvers: readonly string[];
}

const carryOut = async (run: FailingOver, host: Running, home: Home, asked: Asked): Promise<number> => {
  const { to, from } = run;
  if (asked.drill) {
    const drilled = await drill(run);
    host.out(`${to.region} answered after ${drilled.resolvedSeconds} s; ${from.region} answers again.`);
    host.report({ ...drilled, home, to: to.region });
    return drilled.outcome === 'proven' ? 0 : 2;
  }
  const moved = await move(run, home, asked.oldIsDown);
  host.out(`Writable after ${moved.writableSeconds} s, resolvers after ${moved.resolvedSeconds} s.`);
  host.report({ outcome: 'moved', ...moved });
  return moved.late.length === 0 && moved.broken.length === 0 ? 0 : 2;
};

type Around = Pick<FailingOver, 'operated' | 'client' | 'pace' | 'signal'>;

const failOver = async (host: Running, around: Around, asked: Asked): Promise<number> => {
  const { operated, client, pace } = around;
  const { to, resolvers } = asked;
  const home = await homeOf(client, operated, pace);
  if (to === undefined) return restore(host, operated, client, home, asked.dryRun);
  if (home.region === to.region) {
    host.out(`${to.region} is the home already, since epoch ${home.epoch}.`);
    host.report({ outcome: 'unchanged', home });
    return 0;
  }
  if (!asked.drill && !to.shape.sharedState)
    throw new OperatorProblem(
      'Its image is custom, so there is no home to move: callers follow the health of the regions by themselves. Try it: --drill',
    );
  const from = inRegion(operated, home.region);
  // The states' bucket and the zone's API may lie in the region that is away: then the home moves all the same.
  const unlessDown =
    <T>(fallback: T, said: string) =>
    (error: unknown): T => {
      if (!asked.oldIsDown || asked.drill || error instanceof OperatorProblem) throw error;
      host.err(said);
      return fallback;
    };
  await inTime(refuseWhileOpen([from, to], 'failover'), pace.answerMs).catch(
    unlessDown(undefined, `Whether a cutover is open cannot be read in ${operated.settings.state_region}.`),
  );
  const names = await inTime(namesToTurn(client, from), pace.answerMs).catch(
    unlessDown([], 'The records cannot be read, so nobody watches where the name leads.'),
  );
  const run: FailingOver = { ...around, host, from, to, names, resolvers };
  for (const line of planOf({ ...run, pace }, asked.drill)) host.out(line);
  if (asked.dryRun) {
    host.report({ outcome: 'planned', drill: asked.drill, home, to: to.region });
    return 2;
  }
  const word = asked.drill ? 'drill' : to.region;
  await agree(host, asked.yes, `Type ${word} to go on: `, word);
  return carryOut(run, host, home, asked);
};

export const failoverWith = (pace: FailoverPace) =>
  defineCommand({
    name: 'failover',
    summary:
      'Makes another region the home, the one that writes, or measures with --drill how long callers take to get there.',
    notes: [
      'For environments with home_region. A drill moves no home; it restores the records however it ends, after kill -9 too.',
      'Behind CloudFront and for an HTTP API there is no health check: there the two records swap their roles.',
      'Resolvers take up to 150 s: three checks 30 s apart, and a time to live of 60 s.',
    ].join('\n'),
    exits: {
      0: 'moved, or the drill led the resolvers there and back',
      2: 'with --dry-run: what would be done; else a resolver did not follow, or the doctor found something',
    },
    options: {
      environment,
      region: { type: 'string', value: 'REGION', description: 'Region that takes over.' },
      drill: { type: 'boolean', description: 'Leads callers there and back, and measures. The home stays.' },
      restore: { type: 'boolean', description: 'Restores what a drill left changed, and does nothing else.' },
      'old-region-down': {
        type: 'boolean',
        description:
          'The home does not answer and its tasks are gone. What it had not copied is lost until it is back.',
      },
      resolver: {
        type: 'string',
        value: 'ADDRESS',
        multiple: true,
        description: `Resolver to watch; may be repeated. Default: ${publicResolvers.join(', ')}.`,
      },
      json,
      yes: { type: 'boolean', description: 'Asks nothing.' },
      'dry-run': { type: 'boolean', description: 'Says what would be done, and changes nothing.' },
    },
    run: async (values, host) => {
      if (values.region === undefined && values.restore !== true)
        throw new UsageProblem('Say which region takes over: --region eu-west-1.');
      if (values.restore === true && (values.region !== undefined || values.drill === true))
        throw new UsageProblem('--restore does nothing else, so it takes neither --region nor --drill.');
      const resolvers = checkResolvers(values.resolver ?? publicResolvers);
      const operated = await openOperated(host, { environment: values.environment });
      if (operated.settings.home_region === undefined)
        throw new OperatorProblem(
          `${operated.environment} has no home_region, so nothing takes over from it. ${operated.file}: name two regions and home_region (docs/deploying/README.md, several regions).`,
        );
      const to = values.region === undefined ? undefined : inRegion(operated, values.region);
      await checkOperator(host, operated);
      const { of: client, close } = openClients(operated.settings.primary_region, host.env.AWS_ENDPOINT_URL);
      const stopping = untilStopped(host);
      try {
        const around = { operated, client, pace, signal: stopping.signal };
        return await callingAws(operated, () =>
          failOver(host, around, {
            to,
            drill: values.drill === true,
            yes: values.yes,
            dryRun: values['dry-run'] === true,
            oldIsDown: values['old-region-down'] === true,
            resolvers,
          }),
        );
      } catch (error) {
        throw stopping.signal.aborted ? stopping.signal.reason : error;
      } finally {
        stopping.end();
        close();
      }
    },
  });

export const failover = failoverWith(usualPace);

await runAsProgram(import.meta.main, failover);
