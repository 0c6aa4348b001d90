/** Takes a run step by step to where it is to stop, and back where a step finds that it must. */
import { hasShifted, isReached, nextTask, standingOf, type Task, type Until } from './next.ts';
import { type Run, type State, stateText } from './run.ts';
import { ComeBack, Foreign, GoBack, type Session, TakenOver } from './session.ts';
import { abort, rollBack } from './steps/back.ts';
import { bake } from './steps/bake.ts';
import { finish, hold } from './steps/hold.ts';
import { shift } from './steps/shift.ts';
import { smoke, warm } from './steps/warm.ts';

/** went-back: the old variant has all traffic. later: `resume` goes on. foreign: nothing was touched. */
export type Outcome = 'reached' | 'went-back' | 'later' | 'foreign';

export interface Driven {
  readonly outcome: Outcome;
  readonly run: Run;
  /** Why it went no further. */
  readonly says?: string | undefined;
}

const perform = (session: Session, task: Task): Promise<void> => {
  switch (task.do) {
    case 'warm':
      return warm(session);
    case 'smoke':
      return smoke(session);
    case 'shift':
      return shift(session, task.share);
    case 'bake':
      return bake(session);
    case 'hold':
      return hold(session);
    case 'finish':
      return finish(session);
    case 'roll-back':
      return rollBack(session);
    case 'abort':
      return abort(session);
  }
};

/** Nobody drives it any more: whoever resumes need not ask. */
const letGo = async (session: Session): Promise<void> => {
  if (session.run.holder !== undefined) await session.write({ holder: undefined, deadline: undefined });
};

const stopped = async (session: Session, outcome: Outcome, says: string): Promise<Driven> => {
  await letGo(session);
  return { outcome, run: session.run, says };
};

const becameForeign = async (session: Session, error: Foreign): Promise<Driven> => {
  const { state, was } = session.run;
  await session.write({
    state: 'foreign',
    was: state === 'foreign' ? was : state,
    reasons: [...session.run.reasons, error.message],
    holder: undefined,
    deadline: undefined,
  });
  return { outcome: 'foreign', run: session.run, says: error.message };
};

/** What a step may end with besides success. @throws what no step may end with */
const caught = async (session: Session, error: unknown): Promise<Driven> => {
  if (error instanceof Foreign) return becameForeign(session, error);
  if (error instanceof ComeBack) return stopped(session, 'later', error.message);
  throw error;
};

/** Back to the old variant, and before the first shift the new one is scaled in. */
export const goBack = async (session: Session, reason: string): Promise<Driven> => {
  try {
    await leaveForeign(session, 'rolling-back');
    await session.write({ reasons: [...session.run.reasons, reason] });
    await (hasShifted(session.run) ? rollBack(session) : abort(session));
    return { outcome: 'went-back', run: session.run, says: reason };
  } catch (error) {
    return caught(session, error);
  }
};

/** With traffic split and nobody watching, an unexpected end is a reason to go back too. */
const failed = async (session: Session, error: unknown): Promise<Driven> => {
  if (error instanceof TakenOver) throw error;
  const { state, run } = session.run;
  const split = state === 'shifting' || state === 'baking';
  const reason = error instanceof Error ? error.message : String(error);
  try {
    if (split) return await goBack(session, `it could not go on: ${reason}`);
    await letGo(session);
  } catch {
    session.say(`The cutover ${run} stays ${stateText(session.run)}: resume, or rollback.`);
  }
  throw error;
};

const guarded = async (session: Session, work: () => Promise<void>): Promise<Driven> => {
  try {
    await work();
    await letGo(session);
  } catch (error) {
    if (error instanceof GoBack) return goBack(session, error.message);
    if (error instanceof Foreign || error instanceof ComeBack) return caught(session, error);
    return failed(session, error);
  }
  const { state } = session.run;
  return { outcome: state === 'rolled-back' || state === 'aborted' ? 'went-back' : 'reached', run: session.run };
};

/** Runs one step after another. */
export const drive = (session: Session, until: Until): Promise<Driven> =>
  guarded(session, async () => {
    await leaveForeign(session);
    for (let task = nextTask(session.run); task !== undefined; task = nextTask(session.run)) {
      if (isReached(session.run, until)) return;
      await perform(session, task);
    }
  });

/** One shift by hand, and its bake. */
export const driveShift = (session: Session, share: number): Promise<Driven> =>
  guarded(session, async () => {
    await leaveForeign(session);
    await shift(session, share);
    await bake(session);
    if (share === 100) await hold(session);
  });

/**
 * A foreign run goes on once somebody has set weights that it wrote.
 * @param towards what follows; default: what it was at
 * @throws Foreign while they are others
 */
const leaveForeign = async (session: Session, towards?: State): Promise<void> => {
  const { state, was = 'started' } = session.run;
  if (state !== 'foreign') return;
  const then = { ...session.run, state: towards ?? was };
  const live = await session.ports.way.live(then);
  if (standingOf(live, then) === 'foreign') throw new Foreign(live);
  await session.write({ state: was, was: undefined });
};
