/** What a move of the home and a drill of it have in common. */
import type { Deployment } from '../../../modules/stacks/deployment.ts';
import type { Host } from '../../platform/command.ts';
import { during, nowOf } from '../../platform/host.ts';
import { OperatorProblem } from '../../platform/problem.ts';
import type { ClientOf } from '../clients.ts';
import { checks } from '../health/checks/all.ts';
import { examine, type Finding } from '../health/examine.ts';
import { openNetwork } from '../health/network.ts';
import { reportOf } from '../health/report.ts';
import type { Operated } from '../operated.ts';
import { untilResolved } from './resolvers.ts';
import { notReady } from './tasks.ts';
import type { Named } from './turn.ts';

/** How long everything may take, in milliseconds. */
export interface FailoverPace {
  readonly everyMs: number;
  /** For tasks to end. */
  readonly stopMs: number;
  /** From the last task of the old home to the move: no lease and no claim outlives it. */
  readonly leaseMs: number;
  /** For the copies to be complete, after that. */
  readonly replicationMs: number;
  /** For resolvers: three failed checks 30 s apart, a time to live of 60 s, and as much again. */
  readonly resolveMs: number;
  /** For an answer of the old home, which may be away. */
  readonly answerMs: number;
}

export const usualPace: FailoverPace = {
  everyMs: 5_000,
  stopMs: 300_000,
  leaseMs: 360_000,
  replicationMs: 300_000,
  resolveMs: 300_000,
  answerMs: 20_000,
};

export interface FailingOver {
  readonly host: Host;
  readonly operated: Operated;
  readonly client: ClientOf;
  readonly pace: FailoverPace;
  /** The home now, and the region that takes over. */
  readonly from: Deployment;
  readonly to: Deployment;
  readonly names: readonly Named[];
  readonly resolvers: readonly string[];
  readonly signal: AbortSignal;
}

/** @throws OperatorProblem where the region that is to take over is not warm */
export const refuseUnlessReady = async ({ client, to }: FailingOver): Promise<void> => {
  const reason = await notReady(client, to);
  if (reason !== undefined)
    throw new OperatorProblem(`${to.region} is not ready to take over: ${reason}. Nothing was changed.`);
};

/** Names that every resolver leads to the region, and those that some do not. */
export const watchResolvers = async (run: FailingOver): Promise<readonly string[]> => {
  const { host, names, to, pace, resolvers, signal } = run;
  const late: string[] = [];
  for (const { name, leadsTo } of names)
    await during(host, `Waiting until ${name} leads to ${to.region}`, async (tell) => {
      const watching = { name, to: leadsTo[to.region] ?? '', resolvers, signal, tell };
      if (!(await untilResolved({ ...watching, everyMs: pace.everyMs, patienceMs: pace.resolveMs }))) late.push(name);
    });
  return late;
};

const CHECK_MS = 15_000;

/** What the doctor says of the region that took over. */
export const examined = async ({ host, operated, to }: FailingOver): Promise<readonly Finding[]> => {
  const findings = await during(host, `Looking at ${to.region}`, () =>
    examine(
      { ...operated, deployments: [to] },
      {
        checks,
        network: host.network ?? openNetwork({ timeoutMs: CHECK_MS }),
        now: nowOf(host),
        timeoutMs: CHECK_MS,
        standIn: host.env.AWS_ENDPOINT_URL,
      },
    ),
  );
  host.out(`\n${reportOf(operated.environment, findings)}`);
  return findings;
};

export const secondsSince = (begun: number): number => Math.round((performance.now() - begun) / 100) / 10;
