/** Asks before something changes, and refuses what nobody who is not there may decide. */
import type { Review } from '../plan-review/review.ts';
import type { Host } from './command.ts';
import { OperatorProblem } from './problem.ts';

export interface Consent {
  /** --yes: nobody is asked. */
  readonly yes: boolean | undefined;
  /** --allow-stateful-destroy: what holds data may be destroyed. */
  readonly allowStatefulDestroy: boolean | undefined;
}

/**
 * Where data would be lost, the answer is the environment's name, not yes.
 * @throws OperatorProblem when it is refused, or nobody is there to ask
 */
export const confirm = async (
  host: Host,
  environment: string,
  reviews: readonly Review[],
  { yes, allowStatefulDestroy }: Consent,
): Promise<void> => {
  const lost = reviews.flatMap(({ changes }) => changes.filter(({ losesState }) => losesState));
  if (yes === true) {
    if (lost.length > 0 && allowStatefulDestroy !== true)
      throw new OperatorProblem(
        `Refused: this would destroy ${lost.map(({ address }) => address).join(', ')}, which hold data. Nothing was applied.${host.offers?.has('allow-stateful-destroy') === false ? '' : ' If it is meant: --allow-stateful-destroy'}`,
      );
    return;
  }
  if (host.ask === undefined)
    throw new OperatorProblem(
      'There is no terminal to ask at: pass --yes to apply without a question. Nothing was applied.',
    );
  const wanted = lost.length > 0 ? environment : 'yes';
  const answer = await host.ask(
    lost.length > 0
      ? `${lost.length} resources that hold data will be destroyed. Type ${environment} to go on: `
      : 'Type yes to apply: ',
  );
  if (answer.trim() !== wanted) throw new OperatorProblem('Nothing was applied.');
};
