/**
 * The move of the home. The order keeps two regions from writing at once: no task in the old home, then a wait as long
 * as a lease lives, then the copies complete, then the epoch. Each step may be run again; nothing moves before the last.
 */

import { setTimeout as sleep } from 'node:timers/promises';
import { Route53Client } from '@aws-sdk/client-route-53';
import type { Home } from '../../../contracts/home.ts';
import { during, nowOf } from '../../platform/host.ts';
import { OperatorProblem } from '../../platform/problem.ts';
import { examined, type FailingOver, refuseUnlessReady, secondsSince, watchResolvers } from './failing-over.ts';
import { moveHome } from './home-record.ts';
import { inTime } from './in-time.ts';
import { type Held, lacking, replicaIn } from './replication.ts';
import { countsIn, stopServices } from './tasks.ts';
import { turnAway } from './turn.ts';

export interface Moved {
  readonly home: Home;
  /** From the start to the first region that may write again, and to the last resolver. */
  readonly writableSeconds: number;
  readonly resolvedSeconds: number;
  readonly late: readonly string[];
  readonly broken: readonly string[];
  /** Counts of the old home before, to be given back once it is to stand by. */
  readonly stopped: Readonly<Record<string, number>>;
}

const stopOld = async (run: FailingOver, oldIsDown: boolean): Promise<Moved['stopped']> => {
  const { client, from, host, pace, signal } = run;
  try {
    const counts = await inTime(countsIn(client, from), pace.answerMs);
    await stopServices(from, counts);
    await during(host, `Waiting until no task runs in ${from.region}`, async (tell) => {
      for (const end = performance.now() + pace.stopMs; ; await sleep(pace.everyMs, undefined, { signal })) {
        const running = (await inTime(countsIn(client, from), pace.answerMs)).reduce(
          (sum, each) => sum + each.running,
          0,
        );
        if (running === 0) return;
        tell(`${running} still run`);
        if (performance.now() > end)
          throw new OperatorProblem(
            `${running} tasks still run in ${from.region}, so the home stays there. Run it again.`,
          );
      }
    });
    return Object.fromEntries(counts.map(({ service, desired }) => [service, desired]));
  } catch (error) {
    if (error instanceof OperatorProblem || signal.aborted) throw error;
    if (!oldIsDown)
      throw new OperatorProblem(
        `${from.region} does not say whether its tasks are gone (${error instanceof Error ? error.name : error}), so the home stays there. If the region is down, and its tasks with it: --old-region-down`,
        { cause: error },
      );
    host.err(
      `${from.region} does not answer, and is taken to run no task. Keep it so until it has copied the home record.`,
    );
    return {};
  }
};

/** Waits until the region that takes over has all that the old one has, or, where that is away, is whole in itself. */
const copied = async (run: FailingOver, oldIsDown: boolean): Promise<void> => {
  const { client, from, to, host, pace, signal } = run;
  const [old, own] = [replicaIn(client, from), replicaIn(client, to)];
  const unreadable = (error: unknown): undefined => {
    if (!oldIsDown) throw error;
  };
  const missing = async (): Promise<readonly string[]> => {
    const held = await own.read();
    const theirs: Held | undefined = await inTime(old.read(), pace.answerMs).catch(unreadable);
    const torn = (await own.torn(held)).map((chain) => `the newest record of ${chain}`);
    return [...(theirs === undefined ? [] : lacking(theirs, held)), ...torn];
  };
  await during(host, `Waiting until ${to.region} has everything`, async (tell) => {
    for (const end = performance.now() + pace.replicationMs; ; await sleep(pace.everyMs, undefined, { signal })) {
      const lacks = await missing();
      if (lacks.length === 0) return;
      tell(`${lacks.length} still under way`);
      if (performance.now() > end)
        throw new OperatorProblem(
          [`${to.region} lacks what ${from.region} has, so the home stays there:`, ...lacks.slice(0, 10)].join('\n  '),
        );
    }
  });
};

export const move = async (run: FailingOver, was: Home, oldIsDown: boolean): Promise<Moved> => {
  const { client, from, to, host, pace, names, signal } = run;
  const begun = performance.now();
  await refuseUnlessReady(run);
  const stopped = await stopOld(run, oldIsDown);
  await during(host, `Waiting ${pace.leaseMs / 60_000} minutes, as long as a lease lives`, () =>
    sleep(pace.leaseMs, undefined, { signal }),
  );
  await copied(run, oldIsDown);
  const home = await moveHome(client, to, was, { at: nowOf(host).toISOString() });
  const writableSeconds = secondsSince(begun);
  host.out(`${to.region} is the home since epoch ${home.epoch}, ${writableSeconds} s after the start.`);
  // A load balancer without targets leads callers away by itself; an API has no such health.
  for (const named of names)
    if (named.turn.kind === 'records') await turnAway(client(Route53Client, 'us-east-1'), named, to.region);
  const late = await watchResolvers(run);
  const resolvedSeconds = secondsSince(begun);
  const findings = await examined(run);
  const broken = findings
    .filter(({ verdict }) => verdict === 'broken')
    .map(({ check, subject }) => `${check} ${subject}`);
  host.out(
    `Now set home_region = "${to.region}", and deploy both regions. ${from.region} stands by again once its tasks run.`,
  );
  return { home, writableSeconds, resolvedSeconds, late, broken, stopped };
};
