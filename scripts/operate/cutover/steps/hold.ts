/** Keeps the old variant until nobody waits for it, then scales it in. */
import type { Run } from '../run.ts';
import { ComeBack, type Session } from '../session.ts';
import { scaleIn } from './counts.ts';
import { MARGIN, mustBeAt, nobody } from './step.ts';

export const hold = async (session: Session): Promise<void> => {
  // From the moment on from which the old variant got no request.
  const { shiftedAt = session.now().toISOString() } = session.run;
  await session.write({ state: 'holding', holdingSince: shiftedAt });
};

export const holdEnds = ({ holdingSince, startedAt, pace }: Run): Date =>
  new Date(Date.parse(holdingSince ?? startedAt) + pace.hold * 1000);

/** Why the old variant may not be scaled in yet; undefined where it may. */
export const tooEarly = (run: Run, now: Date): string | undefined => {
  const from = holdEnds(run);
  if (now >= from) return undefined;
  return `${run.variants.old} may still be answering calls, or is kept for going back: finish from ${from.toISOString()} on. Nothing was changed.`;
};

/** AWS ends by itself what it began, and only then keeps it. */
const untilEnded = async (session: Session): Promise<void> => {
  const { unended } = session.ports.way;
  if (unended === undefined) return;
  await session.write({ deadline: session.deadlineIn(MARGIN) });
  for (let left = await unended(session.run); left !== undefined; left = await unended(session.run)) {
    session.tell(left);
    if (session.isLate()) throw new ComeBack(`${left}: finish later.`);
    await session.poll();
  }
  await mustBeAt(session);
};

/** The longest hold that a command waits for. */
const PATIENCE = 15 * 60;

export const finish = async (session: Session): Promise<void> => {
  const { variants } = session.run;
  await mustBeAt(session);
  const left = (holdEnds(session.run).getTime() - session.now().getTime()) / 1000;
  if (left > PATIENCE)
    throw new ComeBack(`${variants.old} is kept until ${holdEnds(session.run).toISOString()}: finish then.`);
  await session.needCredentials(Math.max(0, left) + MARGIN, `keeping ${variants.old}`);
  if (left > 0) await session.write({ deadline: session.deadlineIn(left + MARGIN) });
  session.tell(`${variants.old} is kept until ${holdEnds(session.run).toISOString()}`);
  while (session.now() < holdEnds(session.run))
    await session.poll(
      Math.min(session.run.pace.poll, (holdEnds(session.run).getTime() - session.now().getTime()) / 1000),
    );
  await mustBeAt(session);
  await untilEnded(session);
  await session.write({ scalingIn: true, deadline: session.deadlineIn(MARGIN) });
  await scaleIn(session, variants.old);
  await session.write({ state: 'finished', endedAt: session.now().toISOString(), ...nobody });
};
