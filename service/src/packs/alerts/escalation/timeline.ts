/** When an escalation tells whom. Pure: the times follow from the policy and the start alone. */
import type { EscalationPolicy } from '../../../../../contracts/packs/alerts/telling.ts';

const MINUTE_MS = 60_000;

export interface Call {
  /** From 1. */
  readonly step: number;
  /** 0 the first time, 1 in the first repetition. */
  readonly round: number;
  /** Milliseconds after the start. */
  readonly after: number;
  /** Names of receivers. */
  readonly targets: readonly string[];
}

export interface Timeline {
  readonly calls: readonly Call[];
  /** Milliseconds after the start from which nobody is told any more. */
  readonly stops: number;
}

/** @param from the step that comes at once, from 1; the calls before it are left out, and the repetitions begin at the first step */
export const timelineOf = ({ steps, repeat }: Pick<EscalationPolicy, 'steps' | 'repeat'>, from = 1): Timeline => {
  const calls: Call[] = [];
  let after = 0;
  for (let round = 0; round <= repeat; round += 1)
    for (const [place, { delay_min, targets }] of steps.entries()) {
      if (round === 0 && place + 1 < from) continue;
      calls.push({ step: place + 1, round, after, targets });
      after += delay_min * MINUTE_MS;
    }
  return { calls, stops: after };
};
