/** What every step of a run does. Each can be repeated: what is done already is found done. */
import { Foreign, type Session } from '../session.ts';

/** What an ended run has none of. */
export const nobody = { holder: undefined, deadline: undefined } as const;

/** For what a step does besides waiting, going back included. */
export const MARGIN = 300;

/** @throws Foreign unless the live weights are those the run wrote last */
export const mustBeAt = async (session: Session): Promise<void> => {
  if ((await session.standing()) !== 'to') throw new Foreign(await session.ports.way.live(session.run));
};

/** Alarms that sound and did not when the run began. */
export const newAlarms = async ({ ports, run }: Session): Promise<readonly string[]> =>
  (await ports.alarms()).filter((name) => !run.baseline.includes(name));
