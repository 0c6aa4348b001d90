/** The steps of a run up to its end. Each can be repeated: what is done already is found done. */
import { IDLE_AFTER_SECONDS } from '../../../contracts/calls.ts';
import { OperatorProblem } from '../../platform/problem.ts';
import { isFromAws } from '../operated.ts';
import { faultIn, LEAST_REQUESTS, requestsIn, type Seen } from './judge.ts';
import { weightsAt } from './next.ts';
import { bakeAt } from './pace.ts';
import { SmokeFailed } from './ports.ts';
import { type Run, type Saved, sameWeights, stateText, weightsText } from './run.ts';
import type { Warmth } from './seen.ts';
import { ComeBack, Foreign, GoBack, type Session } from './session.ts';

/** What an ended run has none of. */
const nobody = { holder: undefined, deadline: undefined } as const;

/** For what a step does besides waiting, going back included. */
const MARGIN = 300;

/** What the new variant is given: the counts of the old one. */
export const asOld = ({ saved, variants }: Run): Saved => {
  const old = saved[variants.old];
  const own = saved[variants.new];
  if (old === undefined || own === undefined) throw new Error('the run has saved no counts');
  const bounds = own.bounds === undefined ? undefined : (old.bounds ?? own.bounds);
  const schedules = Object.fromEntries(
    Object.entries(own.schedules).map(([name, kept]) => [name, old.schedules[name] ?? kept]),
  );
  return { ...own, desired: old.desired, bounds, schedules };
};

const savedOf = ({ saved }: Run, variant: string): Saved => {
  const found = saved[variant];
  if (found === undefined) throw new Error(`the run has saved no counts of ${variant}`);
  return found;
};

/** @throws Foreign unless the live weights are those the run wrote last */
const mustBeAt = async (session: Session): Promise<void> => {
  if ((await session.standing()) !== 'to') throw new Foreign(await session.ports.way.live(session.run));
};

/** Looks until every target is healthy, twice in a row. */
const untilWarm = async (session: Session, variant: string, atLeast: number): Promise<void> => {
  const { pace } = session.run;
  for (let inARow = 0; ; ) {
    const warmth: Warmth = await session.ports.way.warmth(session.run, variant, atLeast);
    session.tell(`${variant}: ${warmth.says}`);
    if (warmth.failed !== undefined) throw new GoBack(`${variant} does not come up: ${warmth.failed}`);
    inARow = warmth.warm ? inARow + 1 : 0;
    if (inARow === 2) return;
    if (session.isLate())
      throw new GoBack(`${variant} is not healthy after ${pace.warm} s: ${warmth.says}. See why its tasks stop.`);
    await session.poll(warmth.warm ? pace.twice : Math.min(pace.poll, Math.max(pace.twice, 1)));
  }
};

export const warm = async (session: Session): Promise<void> => {
  const { pace, variants } = session.run;
  await session.needCredentials(pace.warm + MARGIN, 'warming up');
  await session.standing();
  const run = await session.write({ state: 'warming', deadline: session.deadlineIn(pace.warm) });
  const wanted = asOld(run);
  await session.ports.way.scale(run, variants.new, wanted, 'at-least');
  await untilWarm(session, variants.new, wanted.desired);
  await session.write({ state: 'warm', deadline: undefined });
};

export const smoke = async (session: Session): Promise<void> => {
  await session.needCredentials(MARGIN, 'the smoke test');
  await session.standing();
  await session.write({ deadline: session.deadlineIn(MARGIN) });
  try {
    const unproven = await session.ports.smoke.prove(session.run);
    session.checkStop();
    const reasons = [...session.run.reasons, ...unproven.map((what) => `not proven: ${what}`)];
    await session.write({ state: 'smoked', deadline: undefined, reasons });
  } catch (error) {
    if (error instanceof SmokeFailed) throw new GoBack(`the smoke test failed: ${error.message}`);
    throw error;
  }
};

/** Days may lie between two steps, in which it was scaled in. */
const warmAgain = async (session: Session): Promise<void> => {
  const { variants, pace } = session.run;
  const wanted = asOld(session.run);
  const { warm: isWarm } = await session.ports.way.warmth(session.run, variants.new, wanted.desired);
  if (isWarm) return;
  await session.write({ deadline: session.deadlineIn(pace.warm) });
  await session.ports.way.scale(session.run, variants.new, wanted, 'at-least');
  await untilWarm(session, variants.new, wanted.desired);
};

const newAlarms = async ({ ports, run }: Session): Promise<readonly string[]> =>
  (await ports.alarms()).filter((name) => !run.baseline.includes(name));

export const shift = async (session: Session, share: number): Promise<void> => {
  const { pace, variants, state } = session.run;
  const whole = pace.settle + bakeAt(pace, share) + MARGIN;
  await session.needCredentials(whole, `the bake at ${share} %`);
  session.checkStop();
  const standing = await session.standing();
  const resumed = state === 'shifting' && session.run.share === share;
  if (!(resumed && standing === 'to')) {
    await warmAgain(session);
    const alarms = await newAlarms(session);
    if (alarms.length > 0) throw new GoBack(`${alarms.join(', ')} began to sound`);
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
  await session.needCredentials(left + MARGIN, `the bake at ${share} %`);
  await session.write({ deadline: session.deadlineIn(left + MARGIN + Math.max(MARGIN, seconds / 2)) });
  await watch(session, { begin, end });
  await session.write({ bakedAt: session.now().toISOString(), deadline: undefined });
};

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
  await session.write({ scalingIn: true, deadline: session.deadlineIn(MARGIN) });
  await scaleIn(session, variants.old);
  await session.write({ state: 'finished', endedAt: session.now().toISOString(), ...nobody });
};

/** To none, and schedules too: no schedule brings it back at its next hour. */
const scaleIn = async ({ ports, run }: Session, variant: string): Promise<void> => {
  const saved = savedOf(run, variant);
  const none = Object.fromEntries(Object.keys(saved.schedules).map((name) => [name, { min: 0, max: 0 }]));
  const bounds = saved.bounds === undefined ? undefined : { min: 0, max: saved.bounds.max };
  await ports.way.scale(run, variant, { ...saved, desired: 0, bounds, schedules: none }, 'exactly');
};

export const abort = async (session: Session): Promise<void> => {
  const { variants, state } = session.run;
  await mustBeAt(session);
  if (state !== 'aborting') await session.write({ state: 'aborting', deadline: session.deadlineIn(MARGIN) });
  await scaleIn(session, variants.new);
  await session.write({ state: 'aborted', endedAt: session.now().toISOString(), ...nobody });
};

/**
 * Scales in the variant that a rollback left running: its last calls are over, and whatever waits for it would be taken up
 * by a version that was found wanting.
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

/** A group without healthy targets answers 503, so the old variant comes up before it gets traffic. */
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

export const rollBack = async (session: Session): Promise<void> => {
  const { variants, pace } = session.run;
  const deadline = session.deadlineIn(pace.warm + MARGIN);
  await session.write({ state: 'rolling-back', deadline });
  if ((await session.standing()) === 'from') {
    await raiseOld(session);
    // Until it is so: a call that another process had under way when this one took over may arrive late.
    for (let late = 2; late > 0 && (await session.standing()) === 'from'; late -= 1) {
      await session.ports.way.setWeights(session.run, session.run.weights.saved);
      await session.ports.clock.sleep(LATE_CALL);
    }
    await mustBeAt(session);
  }
  await session.write({ state: 'rolled-back', endedAt: session.now().toISOString(), scalingIn: undefined, ...nobody });
  session.say(`All traffic is with ${variants.old} again: ${weightsText(session.run.weights.saved)}`);
};
