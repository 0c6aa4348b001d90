/** Who drives a run, and when another may take it over. */

import { hostname } from 'node:os';
import process from 'node:process';
import { OperatorProblem } from '../../platform/problem.ts';
import type { Clock } from './ports.ts';
import { type Holder, isOpen, type Run, stateText } from './run.ts';
import { type Kept, RunMoved, type RunStore } from './store.ts';

/** A run whose driver died is anybody's after its deadline and this much silence. */
export const STEAL_SECONDS = 15 * 60;

export const holderNow = (who: string, now: Date): Holder => ({
  who,
  host: hostname(),
  pid: process.pid,
  since: now.toISOString(),
});

const after = (instant: string, seconds: number): Date => new Date(Date.parse(instant) + seconds * 1000);

/** From when on `--steal` takes it. */
export const stealableAt = ({ deadline, heartbeat }: Run): Date =>
  new Date(Math.max(Date.parse(deadline ?? heartbeat), Date.parse(heartbeat)) + STEAL_SECONDS * 1000);

const runsHere = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it runs, as somebody else.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
};

/** A living driver writes at each look. */
const silenceOf = ({ pace }: Run): number => 3 * pace.poll;

export const notOpen = (): OperatorProblem => new OperatorProblem('There is no open cutover.');

export interface Taking {
  readonly store: RunStore;
  readonly clock: Clock;
  readonly me: Holder;
  readonly steal: boolean;
  /** Going back is the safe side: it waits for nobody. */
  readonly urgent: boolean;
  readonly say: (line: string) => void;
}

const held = ({ run, holder, state, share, heartbeat }: Run, more: string): OperatorProblem =>
  new OperatorProblem(
    `The cutover ${run} is ${stateText({ state, share })} and driven by ${holder?.who} (process ${holder?.pid} on ${holder?.host}), last heard of ${heartbeat}. ${more}`,
  );

/** Waits until a driver that should be writing has been silent long enough. */
const heardOf = async ({ store, clock }: Taking, kept: Kept): Promise<boolean> => {
  const quiet = after(kept.run.heartbeat, silenceOf(kept.run));
  const seconds = (quiet.getTime() - clock.now().getTime()) / 1000;
  if (seconds > 0) await clock.sleep(seconds);
  return (await store.read())?.etag !== kept.etag;
};

const checkHolder = async (taking: Taking, kept: Kept): Promise<void> => {
  const { me, steal, urgent, clock, say } = taking;
  const { holder } = kept.run;
  if (holder === undefined || urgent) return;
  if (holder.host === me.host) {
    if (!runsHere(holder.pid)) return;
    if (holder.pid !== me.pid)
      throw held(kept.run, 'It still runs: wait for it, stop it (it goes back then), or use rollback.');
    return;
  }
  if (holder.who === me.who) {
    say(`Waiting ${silenceOf(kept.run)} s to see whether process ${holder.pid} on ${holder.host} still drives it`);
    if (await heardOf(taking, kept)) throw held(kept.run, 'It still runs: wait for it, or use rollback.');
    return;
  }
  const from = stealableAt(kept.run);
  if (clock.now() < from)
    throw held(
      kept.run,
      `It is not yours. If it is dead, --steal takes it over from ${from.toISOString()} on; rollback works at once.`,
    );
  if (!steal) throw held(kept.run, 'It is silent past its deadline: --steal takes it over.');
};

/**
 * Makes the open run this process's own.
 * @throws OperatorProblem where there is none, or somebody else drives it
 */
export const takeOver = async (taking: Taking): Promise<Kept> => {
  const kept = await taking.store.read();
  if (kept === undefined || !isOpen(kept.run)) throw notOpen();
  await checkHolder(taking, kept);
  const { now } = taking.clock;
  const run: Run = { ...kept.run, holder: taking.me, heartbeat: now().toISOString(), deadline: undefined };
  try {
    return await taking.store.replace(run, kept);
  } catch (error) {
    if (error instanceof RunMoved) throw held(kept.run, 'It moved on meanwhile: look at its status.');
    throw error;
  }
};
