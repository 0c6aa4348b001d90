/** Values that are somebody else's: typed without being shown, or piped in. */
import type { Deployment } from '../../../modules/stacks/deployment.ts';
import type { Host } from '../../platform/command.ts';
import { OperatorProblem } from '../../platform/problem.ts';
import { faultOf, nameOf, type WantedValue } from './wanted.ts';

const TRIES = 3;

/**
 * Undefined when nobody is there to ask, or the answer is empty.
 * @param piped whether standard input is this value
 * @throws OperatorProblem for one that cannot be used; the message never repeats it
 */
export const askFor = async (
  host: Host,
  wanted: WantedValue,
  deployment: Deployment,
  piped: boolean,
): Promise<string | undefined> => {
  const name = nameOf(wanted);
  if (piped && host.input !== undefined) {
    // What echo and editors put at the end.
    const value = (await host.input()).replace(/\r?\n$/, '');
    const fault = faultOf(deployment, wanted, value);
    if (fault !== undefined) throw new OperatorProblem(`The value of ${name} ${fault}. Nothing was changed.`);
    return value;
  }
  if (host.askHidden === undefined) return undefined;
  const reader = wanted.readBy.length > 0 ? ` (${wanted.readBy.join(', ')})` : '';
  for (let left = TRIES; left > 0; left -= 1) {
    const value = await host.askHidden(`Value of ${name}${reader}, not shown; nothing to leave it: `);
    if (value === '') return undefined;
    const fault = faultOf(deployment, wanted, value);
    if (fault === undefined) return value;
    host.err(`It ${fault}.`);
  }
  throw new OperatorProblem(`No usable value of ${name} was entered. What was stored before stays.`);
};
