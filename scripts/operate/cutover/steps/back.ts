/** Back to the old variant: by weights, and before the first shift by scaling the new one in. */
import { IDLE_AFTER_SECONDS } from '../../../../contracts/calls.ts';
import { OperatorProblem } from '../../../platform/problem.ts';
import { sameWeights, weightsText } from '../run.ts';
import { ComeBack, Foreign, type Session } from '../session.ts';
import { savedOf, scaleIn } from './counts.ts';
import { MARGIN, mustBeAt, nobody } from './step.ts';

export const abort = async (session: Session): Promise<void> => {
  const { variants, state } = session.run;
  await mustBeAt(session);
  if (state !== 'aborting') await session.write({ state: 'aborting', deadline: session.deadlineIn(MARGIN) });
  await scaleIn(session, variants.new);
  await session.write({ state: 'aborted', endedAt: session.now().toISOString(), ...nobody });
};

/**
 * Scales in the variant that a rollback left running: its last calls are over, and whatever waits for it would be taken up
 * by a version that failed.
 * @throws OperatorProblem while calls may be open on it
 */
export const scaleInRolledBack = async (session: Session): Promise<void> => {
  const { variants, weights, endedAt = session.run.startedAt } = session.run;
  const live = await session.ports.way.live(session.run);
  if (live.odd !== undefined || !sameWeights(live.weights, weights.saved))
    throw new OperatorProblem(new Foreign(live).message);
  const from = new Date(Date.parse(endedAt) + Math.min(session.run.pace.hold, IDLE_AFTER_SECONDS) * 1000);
  if (session.now() < from)
    throw new OperatorProblem(`Calls may be open on ${variants.new}: abort from ${from.toISOString()} on.`);
  // First, so that a run that began meanwhile is not scaled in.
  await session.write({ scalingIn: true });
  await scaleIn(session, variants.new);
};

const oldReady = async (session: Session): Promise<boolean> => {
  const { variants } = session.run;
  const { desired } = savedOf(session.run, variants.old);
  const { healthy } = await session.ports.way.warmth(session.run, variants.old, desired);
  return healthy >= desired;
};

/** A group without healthy targets answers 503, so the old variant is started before it gets traffic. */
const raiseOld = async (session: Session): Promise<void> => {
  const { variants, pace, scalingIn } = session.run;
  // Schedules and bounds go first when it is scaled in, so that a count that still stands proves nothing.
  if (scalingIn !== true && (await oldReady(session))) return;
  session.say(`${variants.old} is scaled up first.`);
  await session.ports.way.scale(session.run, variants.old, savedOf(session.run, variants.old), 'at-least');
  while (!(await oldReady(session))) {
    if (session.isLate())
      throw new ComeBack(`${variants.old} does not become healthy, so the weights stay: see why, then rollback again.`);
    await session.write({});
    // An interrupt that led here must not end it.
    await session.ports.clock.sleep(Math.min(pace.poll, 10));
  }
};

/** Longer than a call takes, in seconds. */
const LATE_CALL = 2;

/** Where weights come about by and by: until they have, or AWS does not get on. */
const untilBack = async (session: Session): Promise<void> => {
  const { variants, weights, pace } = session.run;
  for (let { live, standing } = await session.look(); standing !== 'to'; { live, standing } = await session.look()) {
    const at = live.moving ?? live.failed ?? weightsText(live.weights);
    session.tell(`back to ${variants.old}: ${at}`);
    if (session.isLate())
      throw new ComeBack(`AWS is not through with going back (${at}): see why, then rollback again.`);
    await session.needCredentials(MARGIN, `going back to ${variants.old}`);
    await session.ports.way.setWeights(session.run, weights.saved);
    await session.write({});
    // An interrupt that led here must not end it.
    await session.ports.clock.sleep(Math.min(pace.poll, 10));
  }
};

const giveBack = async (session: Session): Promise<void> => {
  await raiseOld(session);
  if (session.patience > 0) return untilBack(session);
  // Until it is so: a call that another process had under way when this one took over may arrive late.
  for (let late = 2; late > 0 && (await session.standing()) === 'from'; late -= 1) {
    await session.ports.way.setWeights(session.run, session.run.weights.saved);
    await session.ports.clock.sleep(LATE_CALL);
  }
  await mustBeAt(session);
};

export const rollBack = async (session: Session): Promise<void> => {
  const { variants, pace } = session.run;
  const deadline = session.deadlineIn(pace.warm + session.patience + MARGIN);
  await session.write({ state: 'rolling-back', deadline });
  if ((await session.standing()) === 'from') await giveBack(session);
  await session.write({ state: 'rolled-back', endedAt: session.now().toISOString(), scalingIn: undefined, ...nobody });
  session.say(`All traffic is with ${variants.old} again: ${weightsText(session.run.weights.saved)}`);
};
