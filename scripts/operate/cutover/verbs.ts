/** The verbs of the command that change something. */

import type { Deployment } from '../../../modules/stacks/deployment.ts';
import { agree } from '../../platform/agree.ts';
import type { Running } from '../../platform/command.ts';
import { during, nowOf } from '../../platform/host.ts';
import { OperatorProblem } from '../../platform/problem.ts';
import { refuseInMaintenance } from '../maintenance/beside.ts';
import { checkMigrated } from '../migrate/migrated.ts';
import type { Operated } from '../operated.ts';
import { table } from '../table.ts';
import { type Beginning, begin, prepare } from './begin.ts';
import { type Driven, drive, driveShift, goBack } from './drive.ts';
import { holderNow, notOpen, takeOver } from './holder.ts';
import { hasShifted, type Until } from './next.ts';
import { openRun } from './open-run.ts';
import { callerArn, portsOf, type SmokeOptions, wayNameOf } from './opened.ts';
import { bakeAt } from './pace.ts';
import { isOpen, type Pace, type Run, stateText } from './run.ts';
import { Session } from './session.ts';
import { scaleInRolledBack } from './steps/back.ts';
import { tooEarly } from './steps/hold.ts';
import { nobody } from './steps/step.ts';
import { openStore } from './store.ts';

export interface Asked {
  readonly host: Running;
  readonly operated: Operated;
  readonly deployment: Deployment;
  readonly until: Until;
  readonly smoke: SmokeOptions;
  readonly stop: AbortSignal;
  readonly steal: boolean;
  readonly dryRun: boolean;
  readonly yes: boolean | undefined;
}

/** planned: with --dry-run, and nothing was changed. */
export type Ended = Driven | { readonly outcome: 'planned'; readonly run: Run; readonly says?: string | undefined };

const minutes = (seconds: number): string => `${Number((seconds / 60).toFixed(1))} min`;

/** What the variants of a way are called, what they have a count of, how they are told apart, and what becomes of the old one. */
const words = {
  'load-balancer': {
    title: ['region', 'colour', 'weight', 'tasks', 'image'],
    both: 'both colours',
    prepares: ({ old, new: fresh }) =>
      `Warms ${fresh} as ${old} is, looks at it through the preview header, then gives it`,
    ends: ({ old }, hold) => `keeps ${old} at weight 0 for ${hold} and scales it in`,
  },
  alias: {
    title: ['region', 'version', 'weight', 'kept warm', 'code'],
    both: 'both versions',
    prepares: ({ old, new: fresh }) => `Warms ${fresh} as ${old} is, looks at it by its number, then gives it`,
    ends: ({ old }, hold) => `keeps ${old} at weight 0 for ${hold} and scales it in`,
  },
  'instance-refresh': {
    title: ['region', 'launch template', 'percent', 'instances', 'image'],
    both: 'the instances',
    prepares: ({ new: fresh }) =>
      `Replaces instances by ones of ${fresh}, which take calls as soon as they are healthy:`,
    ends: (_, hold) =>
      `looks at it once all are replaced, and stays open for ${hold}, in which rollback replaces them again`,
  },
} as const satisfies Readonly<
  Record<
    Run['way'],
    {
      readonly title: readonly string[];
      readonly both: string;
      readonly prepares: (variants: Run['variants']) => string;
      readonly ends: (variants: Run['variants'], hold: string) => string;
    }
  >
>;

const planLines = (run: Run): readonly string[] => {
  const { variants, saved, pace, baseline, region } = run;
  const { title, prepares, ends } = words[run.way];
  const rows = Object.values(variants).map((variant) => {
    const { desired = 0, bounds, image = '' } = saved[variant] ?? {};
    const counts = bounds === undefined ? `${desired}` : `${desired} between ${bounds.min} and ${bounds.max}`;
    return [region, variant, `${run.weights.saved[variant] ?? 0}`, counts, image];
  });
  const steps = pace.shares.map((share) => `${share} % for ${minutes(bakeAt(pace, share))}`);
  return [
    table([...title], rows),
    `${prepares(variants)} ${steps.join(', ')};`,
    `${ends(variants, minutes(pace.hold))}. Goes back by itself on errors, a slow p99, an alarm or an interrupt.`,
    ...(baseline.length === 0 ? [] : [`In ALARM already, so they cause no rollback: ${baseline.join(', ')}`]),
  ];
};

const sessionOf = async (asked: Asked, kept: Awaited<ReturnType<typeof takeOver>>): Promise<Session> => {
  const { host, operated, deployment, smoke, stop } = asked;
  const ports = portsOf(host, operated, deployment, smoke);
  const alarmMs = deployment.settings.alarm_p99_ms;
  return new Session({ store: openStore(deployment), ports, say: host.err, stop, alarmMs }, kept);
};

/** Shows how far it is while it lasts. */
const shown = ({ host }: Asked, session: Session, work: () => Promise<Driven>): Promise<Driven> => {
  const { environment, region } = session.run;
  return during(host, `Cutover of ${environment} in ${region}`, (tell) => {
    session.tell = tell;
    return work();
  });
};

export const start = async (asked: Asked, how: { readonly pace: Pace; readonly calls: boolean }): Promise<Ended> => {
  const { host, operated, deployment, until } = asked;
  await refuseInMaintenance(deployment, operated.environment);
  const { region } = deployment;
  const store = openStore(deployment);
  const ports = portsOf(host, operated, deployment, asked.smoke);
  const beginning: Beginning = { environment: operated.environment, region, way: wayNameOf(deployment), ...how };
  const me = holderNow(await callerArn(region), nowOf(host));
  const { run, over } = await during(host, `Looking at ${words[beginning.way].both}`, () =>
    prepare(store, ports, beginning, me),
  );
  const fresh = run.variants.new;
  await checkMigrated(deployment, operated.environment, fresh, run.saved[fresh]?.taskDefinition);
  for (const line of planLines(run)) host.out(line);
  if (asked.dryRun) return { outcome: 'planned', run };
  await agree(host, asked.yes, 'Type yes to begin: ');
  const session = await sessionOf(asked, await begin(store, run, over));
  return shown(asked, session, () => drive(session, until));
};

/** @param urgent going back waits for nobody */
const takeRun = async (asked: Asked, urgent = false): Promise<Session> => {
  const { host, deployment, steal } = asked;
  const store = openStore(deployment);
  const { clock } = portsOf(host, asked.operated, deployment, asked.smoke);
  const me = holderNow(await callerArn(deployment.region), nowOf(host));
  return sessionOf(asked, await takeOver({ store, clock, me, steal, urgent, say: host.err }));
};

/** The run that a verb would change. @throws OperatorProblem where there is none */
const lastRun = async ({ deployment, operated }: Asked): Promise<Run> => {
  const kept = await openStore(deployment).read();
  if (kept === undefined)
    throw new OperatorProblem(`No cutover was made of ${operated.environment} in ${deployment.region}.`);
  return kept.run;
};

/** @throws OperatorProblem where the verb would be refused too */
const planned = async (asked: Asked, says: (run: Run) => string): Promise<Ended> => {
  const run = await lastRun(asked);
  if (!isOpen(run)) throw notOpen();
  asked.host.out(says(run));
  return { outcome: 'planned', run };
};

export const resume = async (asked: Asked): Promise<Ended> => {
  const state = (await openRun(asked.deployment))?.state;
  // Its way back, and its end, need nobody's answers.
  if (state !== undefined && !['holding', 'rolling-back', 'aborting'].includes(state))
    await refuseInMaintenance(asked.deployment, asked.operated.environment);
  if (asked.dryRun) return planned(asked, (run) => `Would go on with ${run.run} from ${stateText(run)}.`);
  const session = await takeRun(asked);
  return shown(asked, session, () => drive(session, asked.until));
};

export const shiftTo = async (asked: Asked, share: number): Promise<Ended> => {
  const run = await lastRun(asked);
  if (!['smoked', 'baking', 'shifting'].includes(run.state))
    throw new OperatorProblem(
      `The cutover is ${stateText(run)}: traffic is shifted once it is smoked and before it holds.`,
    );
  if (run.state !== 'shifting' && share <= run.share)
    throw new OperatorProblem(`${run.variants.new} takes ${run.share} % already. Less is what rollback is for.`);
  await refuseInMaintenance(asked.deployment, asked.operated.environment);
  if (asked.dryRun) return planned(asked, () => `Would give ${run.variants.new} ${share} %.`);
  const session = await takeRun(asked);
  return shown(asked, session, () => driveShift(session, share));
};

export const rollback = async (asked: Asked): Promise<Ended> => {
  if (asked.dryRun) return planned(asked, (run) => `Would give ${run.variants.old} all traffic again.`);
  const session = await takeRun(asked, true);
  return shown(asked, session, () => goBack(session, 'an operator asked for it'));
};

export const finish = async (asked: Asked): Promise<Ended> => {
  const run = await lastRun(asked);
  if (run.state !== 'holding')
    throw new OperatorProblem(
      `The cutover is ${stateText(run)}: it finishes from holding, and resume goes on until then.`,
    );
  const early = tooEarly(run, nowOf(asked.host));
  if (early !== undefined) throw new OperatorProblem(early);
  if (asked.dryRun) return planned(asked, () => `Would scale ${run.variants.old} in.`);
  const session = await takeRun(asked);
  return shown(asked, session, () => drive(session, { state: 'finished' }));
};

/** A run that is open keeps deployments away, and without its rule or alias nothing else could end it. */
const endWithout = async (asked: Asked): Promise<Ended> => {
  if (asked.dryRun) return planned(asked, (run) => `Would end ${run.run}, of which nothing carries traffic any more.`);
  const session = await takeRun(asked);
  const reasons = [...session.run.reasons, 'an operator aborted it, because nothing carried the traffic any more'];
  const endedAt = session.now().toISOString();
  await session.write({ state: 'aborted', was: undefined, reasons, endedAt, ...nobody });
  return { outcome: 'reached', run: session.run };
};

export const abortRun = async (asked: Asked): Promise<Ended> => {
  const run = await lastRun(asked);
  if (run.state === 'rolled-back') {
    if (asked.dryRun) {
      asked.host.out(`Would scale ${run.variants.new} in.`);
      return { outcome: 'planned', run };
    }
    const kept = await openStore(asked.deployment).read();
    if (kept === undefined) throw new OperatorProblem('The record of the cutover is gone.');
    const session = await sessionOf(asked, kept);
    await scaleInRolledBack(session);
    return { outcome: 'reached', run: session.run };
  }
  const { way } = portsOf(asked.host, asked.operated, asked.deployment, asked.smoke);
  if (isOpen(run) && (await way.live(run)).gone === true) return endWithout(asked);
  if (hasShifted(run))
    throw new OperatorProblem(`${run.variants.new} has had traffic (${stateText(run)}): use rollback.`);
  if (asked.dryRun) return planned(asked, () => `Would scale ${run.variants.new} in.`);
  const session = await takeRun(asked);
  const driven = await shown(asked, session, () => goBack(session, 'an operator aborted it'));
  return driven.outcome === 'went-back' ? { ...driven, outcome: 'reached' } : driven;
};
