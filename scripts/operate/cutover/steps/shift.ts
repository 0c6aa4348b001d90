/** Gives the new variant a share of the traffic. */
import { weightsAt } from '../next.ts';
import { bakeAt } from '../pace.ts';
import { weightsText } from '../run.ts';
import { GoBack, type Session } from '../session.ts';
import { MARGIN, mustBeAt, newAlarms } from './step.ts';
import { warmAgain } from './warm.ts';

export const shift = async (session: Session, share: number): Promise<void> => {
  const { pace, variants, state } = session.run;
  // More than the bake asks for, so that it begins once traffic is split.
  const needed = (): Promise<void> =>
    session.needCredentials(pace.settle + bakeAt(pace, share) + 3 * MARGIN, `the bake at ${share} %`);
  await needed();
  session.checkStop();
  const standing = await session.standing();
  const resumed = state === 'shifting' && session.run.share === share;
  if (!(resumed && standing === 'to')) {
    await warmAgain(session);
    const alarms = await newAlarms(session);
    if (alarms.length > 0) throw new GoBack(`${alarms.join(', ')} began to sound`);
    await needed();
  }
  if (!resumed) {
    const to = weightsAt(session.run, share);
    const from = session.run.weights.to;
    const weights = { ...session.run.weights, from, to };
    const cleared = { shiftedAt: undefined, bakedAt: undefined };
    await session.write({ state: 'shifting', share, weights, ...cleared, deadline: session.deadlineIn(MARGIN) });
  }
  if (!(resumed && standing === 'to')) {
    await session.ports.way.setWeights(session.run, session.run.weights.to);
    await mustBeAt(session);
  }
  await session.write({ state: 'baking', shiftedAt: session.now().toISOString() });
  session.say(`${variants.new} takes ${share} %: ${weightsText(session.run.weights.to)}`);
};
