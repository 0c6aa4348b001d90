/** How many of each variant run while a run is open, and after. */
import type { Run, Saved } from '../run.ts';
import type { Session } from '../session.ts';

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

/** As it was before the run. */
export const savedOf = ({ saved }: Run, variant: string): Saved => {
  const found = saved[variant];
  if (found === undefined) throw new Error(`the run has saved no counts of ${variant}`);
  return found;
};

/** To none, and schedules too: no schedule brings it back at its next hour. */
export const scaleIn = async ({ ports, run }: Session, variant: string): Promise<void> => {
  const saved = savedOf(run, variant);
  const none = Object.fromEntries(Object.keys(saved.schedules).map((name) => [name, { min: 0, max: 0 }]));
  const bounds = saved.bounds === undefined ? undefined : { min: 0, max: saved.bounds.max };
  await ports.way.scale(run, variant, { ...saved, desired: 0, bounds, schedules: none }, 'exactly');
};
