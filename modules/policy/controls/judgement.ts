/** How an environment stands with a control, over all its stacks. */
import type { StackView } from '../view.ts';
import { type Control, failing } from './control.ts';
import { unexcused } from './controls.ts';
import { controlReasons } from './reasons.ts';

/** excused: it fails, and there is a reason for it. */
export type Outcome = 'absent' | 'passes' | 'excused' | 'fails';

export interface Judgement {
  readonly outcome: Outcome;
  /** Addresses that fail, with a reason or without. */
  readonly failing: readonly string[];
}

export const judge = (control: Control, views: readonly StackView[]): Judgement => {
  const found = views.map((view) => ({ view, addresses: failing(control, view) }));
  const applying = found.filter(({ addresses }) => addresses !== undefined);
  const addresses = applying.flatMap(({ addresses: failed = [] }) => failed);
  if (applying.length === 0) return { outcome: 'absent', failing: [] };
  if (addresses.length === 0) return { outcome: 'passes', failing: [] };
  const bare = applying.flatMap(({ view, addresses: failed = [] }) => unexcused(control, failed, view.controlReasons));
  return { outcome: bare.length === 0 ? 'excused' : 'fails', failing: addresses };
};

/** Why a control may fail: the operator's own words before the platform's. */
export const reasonOf = ({ id }: Control, views: readonly StackView[]): string | undefined =>
  views.map(({ controlReasons: own }) => own[id]).find((own) => own !== undefined) ?? controlReasons[id]?.reason;
