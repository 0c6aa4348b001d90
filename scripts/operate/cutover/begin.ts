/** The beginning of a run: everything is looked at, then the lock is taken. */
import { randomUUID } from 'node:crypto';
import { OperatorProblem } from '../../platform/problem.ts';
import { openRunText } from './open-run.ts';
import { inWholeInstances } from './pace.ts';
import type { Ports } from './ports.ts';
import { type Holder, isOpen, type Pace, type Run } from './run.ts';
import { type Kept, RunMoved, type RunStore } from './store.ts';

export interface Beginning {
  readonly environment: string;
  readonly region: string;
  readonly way: Run['way'];
  readonly pace: Pace;
  readonly calls: boolean;
}

const refuseSecond = (run: Run): never => {
  throw new OperatorProblem(
    `${openRunText(run)} Only one at a time: look at its status, then resume, rollback or abort.`,
  );
};

/** @throws OperatorProblem where one is open already, or something is in the way */
export const prepare = async (
  store: RunStore,
  ports: Pick<Ports, 'way' | 'alarms' | 'clock'>,
  { environment, region, way, pace, calls }: Beginning,
  me: Holder,
): Promise<{ readonly run: Run; readonly over: Kept | undefined }> => {
  const over = await store.read();
  if (over !== undefined && isOpen(over.run)) refuseSecond(over.run);
  const found = await ports.way.survey();
  const baseline = [...(await ports.alarms())];
  const now = ports.clock.now().toISOString();
  const { variants, parts, saved, weights, instances } = found;
  const run: Run = {
    format: 1,
    run: `${now.replaceAll(/[:.]/g, '-')}-${randomUUID().slice(0, 8)}`,
    environment,
    region,
    way,
    state: 'started',
    share: 0,
    owner: me.who,
    holder: me,
    variants,
    parts,
    weights: { saved: weights, from: weights, to: weights },
    saved,
    baseline,
    pace: instances === undefined ? pace : inWholeInstances(pace, instances),
    calls,
    startedAt: now,
    heartbeat: now,
    reasons: [],
  };
  return { run, over };
};

/** Takes the lock. @throws OperatorProblem naming the run that was quicker */
export const begin = async (store: RunStore, run: Run, over: Kept | undefined): Promise<Kept> => {
  try {
    return await (over === undefined ? store.create(run) : store.replace(run, over));
  } catch (error) {
    if (!(error instanceof RunMoved)) throw error;
    const other = await store.read();
    if (other !== undefined) refuseSecond(other.run);
    throw error;
  }
};
