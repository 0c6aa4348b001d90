/** `npm run emulate -- --cutover`: a cutover to watch, with clients at work. The last line says how it went. */
import { rm } from 'node:fs/promises';
import type { Running } from '../../scripts/platform/command.ts';
import { exitCodes } from '../../scripts/platform/exit-codes.ts';
import { during, paintOf } from '../../scripts/platform/host.ts';
import { OperatorProblem } from '../../scripts/platform/problem.ts';
import { duration } from '../../scripts/platform/terminal.ts';
import { verifyAudit } from '../../service/test/faults/verify-audit.ts';
import { triedEnvironment } from './environment.ts';
import { type Evidence, prove } from './prove.ts';
import { openScene } from './scene.ts';
import { postgresStore } from './stores.ts';
import type { Tally } from './tally.ts';

/** Half a minute at each share: long enough to watch, short enough to wait for. */
const PACE = { bakes: '0.5,0.5,0.5', pace: 'poll=5,settle=2,twice=2,warm=120,hold=10,period=1' } as const;

const openStore = () =>
  postgresStore().catch((error: unknown) => {
    throw new OperatorProblem(`The cutover needs PostgreSQL and Redis on this machine: ${String(error)}`, {
      cause: error,
    });
  });

const share = (part: number, other: number): string => `${Math.round((100 * part) / Math.max(1, part + other))} %`;

const progressOf = ({ calls, written, failures }: Tally): string =>
  `  ${calls} calls so far, ${written.length} changes applied, ${failures.length} failed`;

/** What is wrong with it; nothing, where it is as it should be. */
const faultsOf = ({ driven, tally, ownAnswers, wrongs, exits }: Evidence): readonly string[] => [
  ...(driven.code === 0 ? [] : [`the command ended with ${driven.code}`]),
  ...(tally.failures.length === 0
    ? []
    : [`${tally.failures.length} calls failed, ${tally.failures[0]?.what} first: ${tally.failures[0]?.why}`]),
  ...(ownAnswers.length === 0 ? [] : [`the load balancer itself answered ${[...new Set(ownAnswers)].join(' and ')}`]),
  ...(exits.every((code) => code === 0) ? [] : [`tasks of the old colour ended with ${exits.join(' and ')}`]),
  ...wrongs,
];

const facts = ({ tally, halves }: Evidence, audit: string): readonly string[] => [
  `${tally.calls} calls of clients of both SDKs, ${tally.failures.length} of which failed`,
  `${tally.streams} answered as streams, ${tally.refreshes} after a refreshed token`,
  `${tally.written.length} changes planned, countersigned and applied, each once`,
  `at 50/50 blue answered ${share(halves.blue, halves.green)} of the requests, green ${share(halves.green, halves.blue)}`,
  `audit: ${audit.trim()}`,
];

/** @returns the exit code @throws OperatorProblem where something is not installed, or the environment has one colour at most */
export const cutoverStory = async (host: Running, environment: string): Promise<number> => {
  const started = Date.now();
  const tried = await triedEnvironment(host, environment);
  const store = await during(host, 'Starting PostgreSQL and Redis', openStore);
  const closers = [() => rm(tried.root, { recursive: true }), () => store.stop()];
  try {
    const versions = { blue: 'previous', green: 'current' } as const;
    const scene = await during(host, 'Starting the stand-in for AWS, and two tasks of the previous release', () =>
      openScene({ deployment: tried.deployment, store, versions, previewSecret: 'p'.repeat(40) }),
    );
    closers.push(() => scene.stop());
    host.err(`${environment} serves at ${scene.dataPlane.url}: the previous release as blue; this one is to be green.`);
    const evidence = await prove({
      scene,
      store,
      tried,
      ...PACE,
      say: host.err,
      watch: (tally) => host.err(progressOf(tally)),
    });
    const audit = await during(host, 'Verifying the audit chains', () => verifyAudit(scene.environment));
    const faults = faultsOf(evidence);
    for (const fact of facts(evidence, audit)) host.out(fact);
    const { tally, halves, ownAnswers, wrongs, exits, driven } = evidence;
    host.report({
      environment,
      code: driven.code,
      tally,
      halves,
      ownAnswers,
      wrongs,
      exits,
      audit: audit.trim(),
      faults,
    });
    const time = duration(Date.now() - started);
    host.out(
      faults.length === 0
        ? paintOf(host)(
            'good',
            `${environment} moved from one colour to the other in ${time}, and no call failed. Next: npm run cutover -- --environment ${environment} start, which asks AWS.`,
          )
        : paintOf(host)('bad', `${environment} did not move as it should, in ${time}: ${faults.join('; ')}.`),
    );
    return faults.length === 0 ? exitCodes.done : exitCodes.failed;
  } finally {
    for (const close of closers.toReversed()) await close();
  }
};
