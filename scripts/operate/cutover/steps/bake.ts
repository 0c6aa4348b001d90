/** Watches the new variant at its share. */
import { isFromAws } from '../../operated.ts';
import { faultIn, LEAST_REQUESTS, requestsIn, type Seen } from '../judge.ts';
import { bakeAt } from '../pace.ts';
import { stateText } from '../run.ts';
import { GoBack, type Session } from '../session.ts';
import { MARGIN, mustBeAt, newAlarms } from './step.ts';
import { prove } from './warm.ts';

/** @throws Foreign. Undefined where AWS does not answer just now: the deadline says how long that may last. */
const look = async (session: Session, from: Date): Promise<Seen | undefined> => {
  const { way } = session.ports;
  const { run } = session;
  try {
    await mustBeAt(session);
    const [figures, alarms, warmth] = await Promise.all([
      way.figures(run, from, session.now()),
      newAlarms(session),
      // Autoscaling moves the count in a bake, so only a failed deployment counts.
      way.warmth(run, run.variants.new, 1),
    ]);
    return { figures, alarms, warmth };
  } catch (error) {
    if (!isFromAws(error)) throw error;
    session.say(`AWS does not answer: ${error.message}`);
    return undefined;
  }
};

interface Span {
  readonly begin: Date;
  readonly end: Date;
}

/** Sends what traffic did not. Real requests have the first half to themselves. */
const knock = async (session: Session, { begin, end }: Span, requests: number): Promise<number> => {
  const half = (begin.getTime() + end.getTime()) / 2;
  if (requests >= LEAST_REQUESTS || session.now().getTime() < half) return 0;
  return session.ports.smoke.knock(session.run, LEAST_REQUESTS - requests);
};

const watch = async (session: Session, span: Span): Promise<void> => {
  const { pace, share, variants } = session.run;
  for (let answered = 0; ; ) {
    session.checkStop();
    const seen = await look(session, span.begin);
    const fault = seen === undefined ? undefined : faultIn(seen, session.alarmMs);
    if (fault !== undefined) throw new GoBack(`${variants.new} at ${share} %: ${fault}`);
    const requests = Math.max(answered, seen === undefined ? 0 : requestsIn(seen.figures));
    if (session.now() >= span.end && seen !== undefined && requests >= LEAST_REQUESTS) return;
    if (session.isLate())
      throw new GoBack(`the bake at ${share} % is unproven at its deadline: ${requests} requests were seen`);
    answered += await knock(session, span, requests);
    const left = (span.end.getTime() - session.now().getTime()) / 1000;
    session.tell(`${stateText(session.run)}: ${requests} requests, ${Math.max(0, Math.ceil(left / 60))} min left`);
    await session.poll(left > 0 ? Math.min(pace.poll, left) : pace.poll);
  }
};

export const bake = async (session: Session): Promise<void> => {
  const { pace, share, shiftedAt = session.run.startedAt } = session.run;
  const seconds = bakeAt(pace, share);
  const begin = new Date(Date.parse(shiftedAt) + pace.settle * 1000);
  const end = new Date(begin.getTime() + seconds * 1000);
  const left = Math.max(0, (end.getTime() - session.now().getTime()) / 1000);
  // Its deadline, and the way back from there.
  await session.needCredentials(left + 2 * MARGIN, `the bake at ${share} %`);
  await session.write({ deadline: session.deadlineIn(left + MARGIN) });
  if (session.ports.way.reachedAt === share) await session.write({ reasons: [...(await prove(session))] });
  await watch(session, { begin, end });
  await session.write({ bakedAt: session.now().toISOString(), deadline: undefined });
};
