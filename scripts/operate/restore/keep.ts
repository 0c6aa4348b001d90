/** Restores a copy that stays. */
import { during, type Host } from '../../platform/host.ts';
import { OperatorProblem } from '../../platform/problem.ts';
import { type Copy, momentIn } from './copy.ts';
import { serviceVariables } from './service-variables.ts';
import { look, secondsSince, type Trial, type TrialProps } from './trial.ts';
import type { Contents } from './verify.ts';

/** What is in it; a copy that cannot be read from here is one all the same, and is needed now. */
const seen = async (host: Host, copy: Copy, props: TrialProps, at: Date): Promise<Contents> => {
  try {
    return await look(host, copy, props, await serviceVariables(props.deployment, props.client, host.env), at);
  } catch (error) {
    if (!(error instanceof OperatorProblem)) throw error;
    return { tables: [], faults: [error.message] };
  }
};

/** @throws OperatorProblem, with nothing left behind where the copy was not made whole */
export const makeCopy = async (host: Host, copy: Copy, props: TrialProps, signal: AbortSignal): Promise<Trial> => {
  const there = await copy.present();
  if (there.length > 0)
    throw new OperatorProblem(`${there.join(', ')} of today is there already: use it, or --discard it first.`);
  const at = momentIn(await copy.window(), props.to);
  const start = performance.now();
  try {
    await during(host, `Restoring what was at ${at.toISOString()}`, () => copy.make(at, signal));
  } catch (error) {
    const left = await during(host, 'Taking away what was begun', () => copy.remove());
    if (left.length > 0) host.err(`LEFT BEHIND, and paid for: ${left.join(', ')}`);
    throw error;
  }
  const restored = secondsSince(start);
  const contents = await during(host, 'Reading the copy', () => seen(host, copy, props, at));
  const seconds = { restored, verified: secondsSince(start) - restored };
  return { region: props.deployment.region, at: at.toISOString(), names: copy.names, seconds, ...contents };
};
