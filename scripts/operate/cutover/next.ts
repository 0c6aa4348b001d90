/** The state machine: what a run does next, and how the live weights stand to what it wrote. Nothing here calls anything. */
import { UsageProblem } from '../../platform/problem.ts';
import type { Live, Standing } from './ports.ts';
import { type Run, type State, sameWeights, states, type Weights } from './run.ts';

export type Task =
  | { readonly do: 'warm' | 'smoke' | 'bake' | 'hold' | 'finish' | 'roll-back' | 'abort' }
  | { readonly do: 'shift'; readonly share: number };

const nextShare = ({ pace, share }: Run): number | undefined => pace.shares.find((each) => each > share);

const afterBake = (run: Run): Task => {
  const share = nextShare(run);
  return share === undefined ? { do: 'hold' } : { do: 'shift', share };
};

/** Undefined: the run is over, or nobody may go on with it. */
export const nextTask = (run: Run): Task | undefined => {
  switch (run.state) {
    case 'started':
    case 'warming':
      return { do: 'warm' };
    case 'warm':
      return { do: 'smoke' };
    case 'smoked':
      return { do: 'shift', share: run.pace.shares[0] ?? 100 };
    case 'shifting':
      return { do: 'shift', share: run.share };
    case 'baking':
      return run.bakedAt === undefined ? { do: 'bake' } : afterBake(run);
    case 'holding':
      return { do: 'finish' };
    case 'rolling-back':
      return { do: 'roll-back' };
    case 'aborting':
      return { do: 'abort' };
    case 'foreign':
    case 'finished':
    case 'rolled-back':
    case 'aborted':
      return undefined;
  }
};

/** Whether any traffic may have reached the new variant. */
export const hasShifted = ({ state, share, was }: Run): boolean =>
  share > 0 || state === 'rolling-back' || was === 'rolling-back';

export const weightsAt = ({ variants }: Pick<Run, 'variants'>, share: number): Weights => ({
  [variants.old]: 100 - share,
  [variants.new]: share,
});

export const standingOf = ({ weights, odd, standing }: Live, run: Pick<Run, 'weights' | 'state'>): Standing => {
  if (odd !== undefined) return 'foreign';
  if (standing !== undefined) return standing;
  const { saved, from, to } = run.weights;
  // Going back begins at whatever the run wrote last.
  if (run.state === 'rolling-back') {
    if (sameWeights(weights, saved)) return 'to';
    return sameWeights(weights, from) || sameWeights(weights, to) ? 'from' : 'foreign';
  }
  if (sameWeights(weights, to)) return 'to';
  return run.state === 'shifting' && sameWeights(weights, from) ? 'from' : 'foreign';
};

/** Where to stop: a state, or a share whose bake is over. */
export interface Until {
  readonly state: State;
  readonly share?: number | undefined;
}

const stops = ['warm', 'smoked', 'holding', 'finished'] as const;

/**
 * `smoked`, `50` or `baking(50)`: until the bake at 50 percent is over.
 * @throws UsageProblem
 */
export const parseUntil = (given: string): Until => {
  const state = stops.find((each) => each === given);
  if (state !== undefined) return { state };
  const [, shifting, share] = /^(?:(shifting|baking)\()?(\d{1,3})\)?$/.exec(given) ?? [];
  if (share === undefined || Number(share) < 1 || Number(share) > 100)
    throw new UsageProblem(`--until takes ${stops.join(', ')}, or a share such as 10, not ${given}.`);
  return { state: shifting === 'shifting' ? 'shifting' : 'baking', share: Number(share) };
};

/** Whether the run is where it was to stop, or past it. */
export const isReached = (run: Run, { state, share }: Until): boolean => {
  const order = (each: State): number => states.indexOf(each);
  // Going back has no stop on the way.
  if (order(run.state) > order('finished')) return false;
  if (share === undefined) return order(run.state) >= order(state);
  if (order(run.state) > order('baking')) return true;
  // A share that the run does not have is the next one: of four instances, 10 percent is one, which is 25.
  const wanted = run.share === share ? share : (run.pace.shares.find((each) => each >= share) ?? share);
  if (run.state !== 'baking' || run.share < wanted) return false;
  return state === 'shifting' || run.share > wanted || run.bakedAt !== undefined;
};
