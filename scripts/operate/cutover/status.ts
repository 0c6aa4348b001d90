/** How a cutover stands, which needs no lock: what the record says, and what is live. */
import type { Deployment } from '../../../modules/stacks/deployment.ts';
import { OperatorProblem } from '../../platform/problem.ts';
import { stealableAt } from './holder.ts';
import { standingOf } from './next.ts';
import { wayOf } from './opened.ts';
import { NothingToShift, type Way } from './ports.ts';
import { isOpen, type Run, stateText, type Weights, weightsText } from './run.ts';
import { holdEnds } from './steps/hold.ts';
import { openStore } from './store.ts';

export interface Status {
  readonly region: string;
  /** none: there never was a cutover. */
  readonly state: string;
  readonly run: Run | undefined;
  readonly live: Weights;
  /** Whether the live weights are none of the run's. */
  readonly foreign: boolean;
  readonly lines: readonly string[];
}

const activeIn = (weights: Weights): string =>
  Object.entries(weights)
    .filter(([, weight]) => weight > 0)
    .map(([variant]) => variant)
    .join(' and ');

/** The command that goes on. */
export const nextCommand = (run: Run): string => {
  const call = `npm run cutover -- --environment ${run.environment} --region ${run.region}`;
  switch (run.state) {
    case 'foreign':
      return `give the weights back that the run wrote (${weightsText(run.weights.to)}) or those before it (${weightsText(run.weights.saved)}), then ${call} resume, or rollback`;
    case 'holding':
      return `${call} finish from ${holdEnds(run).toISOString()} on, or rollback`;
    case 'rolled-back':
      // Its instances are gone already.
      if (run.way === 'instance-refresh') return `deploy what is to come next, then ${call} start`;
      return run.scalingIn === true ? `${call} start` : `${call} abort scales ${run.variants.new} in`;
    case 'finished':
    case 'aborted':
      return `${call} start`;
    default:
      return `${call} resume, or rollback`;
  }
};

const openLines = (run: Run, now: Date): string[] => {
  const { holder, heartbeat, deadline, reasons } = run;
  const driven =
    holder === undefined
      ? 'nobody drives it'
      : `driven by ${holder.who}, process ${holder.pid} on ${holder.host}, last heard of ${heartbeat}`;
  const due = deadline === undefined ? '' : `, this step is due ${deadline}`;
  const steal =
    holder !== undefined && now >= stealableAt(run) ? ['It is silent past its deadline: --steal takes it over.'] : [];
  return [`${driven}${due}`, ...steal, ...reasons.map((reason) => `noted: ${reason}`)];
};

/** Weights that stand in the way of a cutover are what somebody looks for here. */
const withoutRun = async (region: string, way: Way): Promise<Status> => {
  const none = { region, state: 'none', run: undefined } as const;
  try {
    const { weights } = await way.survey();
    const lines = [`No cutover was made here. ${activeIn(weights)} takes all traffic: ${weightsText(weights)}`];
    return { ...none, live: weights, foreign: false, lines };
  } catch (error) {
    if (!(error instanceof OperatorProblem)) throw error;
    const foreign = !(error instanceof NothingToShift);
    return { ...none, live: {}, foreign, lines: ['No cutover was made here.', error.message] };
  }
};

export const statusOf = async (deployment: Deployment, now: Date): Promise<Status> => {
  const { region } = deployment;
  const kept = await openStore(deployment).read();
  const way = wayOf(deployment);
  if (kept === undefined) return withoutRun(region, way);
  const { run } = kept;
  // What an ended run left is what was before it, or what it was for.
  const ends = run.state === 'finished' ? run.weights.to : run.weights.saved;
  const wrote = isOpen(run)
    ? { ...run, state: run.was ?? run.state }
    : { ...run, state: 'holding' as const, weights: { ...run.weights, to: ends } };
  const live = await way.live(wrote);
  const foreign = standingOf(live, wrote) === 'foreign';
  const told = [weightsText(live.weights), live.odd, live.failed ?? live.moving].filter(Boolean).join('; ');
  return {
    region,
    state: stateText(run),
    run,
    live: live.weights,
    foreign,
    lines: [
      `${run.run}: ${run.variants.old} to ${run.variants.new}, ${stateText(run)}, begun ${run.startedAt} by ${run.owner}`,
      `live: ${told}${foreign ? ', which this run did not write' : ''}`,
      ...(isOpen(run) ? openLines(run, now) : []),
      `Next: ${nextCommand(run)}`,
    ],
  };
};
