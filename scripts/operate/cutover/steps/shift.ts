/** Gives the new variant a share of the traffic. */
import { weightsAt } from '../next.ts';
import { bakeAt } from '../pace.ts';
import { weightsText } from '../run.ts';
import { Foreign, GoBack, type Session } from '../session.ts';
import { MARGIN, newAlarms } from './step.ts';
import { warmAgain } from './warm.ts';

const checkAlarms = async (session: Session): Promise<void> => {
  const alarms = await newAlarms(session);
  if (alarms.length > 0) throw new GoBack(`${alarms.join(', ')} began to sound`);
};

/** Sets the weights and reads them back; where they come about by and by, watches until they have. */
const setAndRead = async (session: Session): Promise<void> => {
  for (;;) {
    const { share, weights, variants } = session.run;
    await session.ports.way.setWeights(session.run, weights.to);
    const { live, standing } = await session.look();
    if (standing === 'to') return;
    if (live.moving === undefined) throw new Foreign(live);
    session.tell(`${variants.new} to ${share} %: ${live.moving}`);
    if (session.isLate()) throw new GoBack(`${variants.new} does not come to ${share} %: ${live.moving}`);
    await checkAlarms(session);
    await session.needCredentials(2 * MARGIN, `the shift to ${share} %`);
    await session.poll();
  }
};

export const shift = async (session: Session, share: number): Promise<void> => {
  const { pace, variants, state } = session.run;
  const { patience } = session;
  // More than the bake asks for, so that it begins once traffic is split. What comes about by and by, AWS watches too.
  const watched = patience === 0 ? pace.settle + bakeAt(pace, share) : 0;
  const needed = (): Promise<void> => session.needCredentials(watched + 3 * MARGIN, `the bake at ${share} %`);
  await needed();
  session.checkStop();
  const standing = await session.standing();
  const resumed = state === 'shifting' && session.run.share === share;
  const done = resumed && standing === 'to';
  if (!done) {
    await warmAgain(session);
    await checkAlarms(session);
    await needed();
    const deadline = session.deadlineIn(patience + MARGIN);
    if (resumed) await session.write({ deadline });
    else {
      const weights = { ...session.run.weights, from: session.run.weights.to, to: weightsAt(session.run, share) };
      const cleared = { shiftedAt: undefined, bakedAt: undefined };
      await session.write({ state: 'shifting', share, weights, ...cleared, deadline });
    }
    await setAndRead(session);
  }
  await session.write({ state: 'baking', shiftedAt: session.now().toISOString() });
  session.say(`${variants.new} takes ${share} %: ${weightsText(session.run.weights.to)}`);
};
