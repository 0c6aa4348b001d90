/** How long a cutover takes: the defaults, and what options make of them. */
import { IDLE_AFTER_SECONDS } from '../../../contracts/calls.ts';
import type { Settings } from '../../../contracts/settings/resolve.ts';
import { UsageProblem } from '../../platform/problem.ts';
import { Pace } from './run.ts';

export interface PaceOptions {
  /** Percent, such as `10,50,100`. */
  readonly shares?: string | undefined;
  /** Minutes, such as `12,12,20`. */
  readonly bakes?: string | undefined;
  /** `poll=1,settle=2`: seconds. */
  readonly pace?: string | undefined;
}

const single = ['poll', 'settle', 'twice', 'warm', 'hold', 'period'] as const;

/** The old variant's calls are over then, or as long as the settings keep it. */
export const holdOf = ({ cutover_hold_hours }: Pick<Settings, 'cutover_hold_hours'>): number =>
  Math.max(IDLE_AFTER_SECONDS, (cutover_hold_hours ?? 0) * 3600);

/** Undefined for what is none: Number would also take 0x10, 1e9 and blanks. */
const decimal = (text: string): number | undefined => (/^\d{1,6}(\.\d+)?$/.test(text) ? Number(text) : undefined);

const numbers = (option: string, given: string): number[] =>
  given.split(',').map((text) => {
    const number = decimal(text);
    if (number === undefined) throw new UsageProblem(`--${option} takes numbers with commas between, not ${given}.`);
    return number;
  });

const parts = (given: string): Partial<Record<(typeof single)[number], number>> =>
  Object.fromEntries(
    given.split(',').map((part) => {
      const [name, value = '', ...others] = part.split('=');
      const known = single.find((each) => each === name);
      const seconds = decimal(value);
      if (known === undefined || seconds === undefined || others.length > 0)
        throw new UsageProblem(`--pace takes ${single.map((each) => `${each}=<seconds>`).join(',')}, not ${part}.`);
      return [known, seconds];
    }),
  );

/**
 * @param rehearsal on a stand-in for AWS, where nobody's call is cut short
 * @throws UsageProblem
 */
export const paceOf = (
  settings: Pick<Settings, 'cutover_hold_hours'>,
  given: PaceOptions,
  rehearsal: boolean,
): Pace => {
  const shares = numbers('shares', given.shares ?? '10,50,100');
  // AWS takes weights without a fraction.
  const rise = shares.every((share, index) => Number.isInteger(share) && share > (shares[index - 1] ?? 0));
  if (shares.at(-1) !== 100 || !rise)
    throw new UsageProblem(`--shares are whole and rise to 100, such as 10,50,100, not ${given.shares}.`);
  const minutes = numbers('bakes', given.bakes ?? (shares.length === 3 ? '12,12,20' : shares.map(() => 12).join(',')));
  if (minutes.length !== shares.length)
    throw new UsageProblem(`--bakes needs as many minutes as there are shares: ${shares.length}.`);
  const changed = given.pace === undefined ? {} : parts(given.pace);
  const hold = holdOf(settings);
  if (!rehearsal && (changed.hold ?? hold) < hold)
    throw new UsageProblem(
      `--pace hold=${changed.hold} is too short: calls of the old colour may last, hold ${hold} s.`,
    );
  const bakes = minutes.map((each) => each * 60);
  const pace = { shares, bakes, poll: 30, settle: 60, twice: 10, warm: 900, hold, period: 60, ...changed };
  const parsed = Pace.safeParse(pace);
  if (!parsed.success) throw new UsageProblem(`--pace: poll, warm and period are more than 0 seconds.`);
  return parsed.data;
};

/**
 * The shares that a number of instances can have, rounded up to whole instances, and told as the percent that so many reach:
 * three of them come to 33, 66 and 100. What comes to the same share bakes as long as the longest of those.
 */
export const inWholeInstances = (pace: Pace, instances: number): Pace => {
  const bakes = new Map<number, number>();
  for (const [index, share] of pace.shares.entries()) {
    const whole = Math.floor((100 * Math.ceil((share * instances) / 100)) / instances);
    bakes.set(whole, Math.max(bakes.get(whole) ?? 0, pace.bakes[index] ?? 0));
  }
  return { ...pace, shares: [...bakes.keys()], bakes: [...bakes.values()] };
};

/** Seconds of the bake at a share; a share that was chosen by hand bakes as long as the next one on the list. */
export const bakeAt = ({ shares, bakes }: Pace, share: number): number =>
  bakes[
    Math.max(
      0,
      shares.findIndex((each) => each >= share),
    )
  ] ??
  bakes.at(-1) ??
  0;
