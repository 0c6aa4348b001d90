/** Asks before a command changes something that holds no data of its own. */
import type { Host } from './command.ts';
import { OperatorProblem } from './problem.ts';

/**
 * @param yes `--yes`: nobody is asked
 * @param word what has to be typed
 * @throws OperatorProblem when the answer is another, or nobody is there to ask
 */
export const agree = async (
  host: Pick<Host, 'ask'>,
  yes: boolean | undefined,
  question = 'Type yes to change this: ',
  word = 'yes',
): Promise<void> => {
  if (yes === true) return;
  if (host.ask === undefined)
    throw new OperatorProblem(
      'There is no terminal to ask at: pass --yes to go on without a question. Nothing was changed.',
    );
  if ((await host.ask(question)).trim() !== word) throw new OperatorProblem('Nothing was changed.');
};
