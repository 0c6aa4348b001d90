/** Brings the new variant up, and looks at it before anybody else does. */
import { SmokeFailed } from '../ports.ts';
import type { Warmth } from '../seen.ts';
import { GoBack, type Session } from '../session.ts';
import { asOld } from './counts.ts';
import { MARGIN } from './step.ts';

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

/** @returns the reasons of the run, with what could not be proven. @throws GoBack */
export const prove = async (session: Session): Promise<readonly string[]> => {
  try {
    const unproven = await session.ports.smoke.prove(session.run);
    session.checkStop();
    return [...session.run.reasons, ...unproven.map((what) => `not proven: ${what}`)];
  } catch (error) {
    if (error instanceof SmokeFailed) throw new GoBack(`the smoke test failed: ${error.message}`);
    throw error;
  }
};

export const smoke = async (session: Session): Promise<void> => {
  await session.needCredentials(MARGIN, 'the smoke test');
  await session.standing();
  await session.write({ deadline: session.deadlineIn(MARGIN) });
  const reasons = [...(await prove(session))];
  await session.write({ state: 'smoked', deadline: undefined, reasons });
};

/** Days may lie between two steps, in which it was scaled in. */
export const warmAgain = async (session: Session): Promise<void> => {
  const { variants, pace } = session.run;
  const wanted = asOld(session.run);
  const { warm: isWarm } = await session.ports.way.warmth(session.run, variants.new, wanted.desired);
  if (isWarm) return;
  await session.write({ deadline: session.deadlineIn(pace.warm) });
  await session.ports.way.scale(session.run, variants.new, wanted, 'at-least');
  await untilWarm(session, variants.new, wanted.desired);
};
