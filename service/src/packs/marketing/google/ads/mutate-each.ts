/** Writes planned changes to Google Ads, each as one operation, and says of each what became of it. */
import { CountersignError } from '../../../../errors.ts';
import type { ChangeOutcome } from '../../../../operations/plan.ts';
import type { GoogleContext } from '../parts.ts';
import type { Ads, AdsService, MutateOperation } from './ads.ts';

export interface PlannedOperation {
  readonly resourceId: string;
  readonly operation: MutateOperation;
}

/** What Google refused with 401 it did not do, and is done once the person has a credential again. */
const waits = (error: CountersignError): boolean => error.code === 'credentials_required';

/**
 * Sends them once. Where no answer came, all of them are told as failed: the pipeline then reads back what is there, and calls
 * those applied that are (operations/write.ts). Nothing is sent a second time.
 */
export const mutateEach = async (
  ads: Pick<Ads, 'mutate'>,
  customerId: string,
  service: AdsService,
  planned: readonly PlannedOperation[],
  context: GoogleContext,
): Promise<ChangeOutcome[]> => {
  if (planned.length === 0) return [];
  try {
    const operations = planned.map(({ operation }) => operation);
    const outcomes = await ads.mutate(customerId, service, operations, { partialFailure: true }, context);
    return planned.map(({ resourceId }, at) => {
      const outcome = outcomes[at];
      if (outcome === undefined) return { resourceId, outcome: 'failed', code: 'no_outcome' };
      if (outcome.ok) return { resourceId, outcome: 'applied' };
      return { resourceId, outcome: 'failed', code: outcome.code, message: outcome.message };
    });
  } catch (error) {
    if (!(error instanceof CountersignError) || waits(error)) throw error;
    const { code, message } = error;
    return planned.map(({ resourceId }) => ({ resourceId, outcome: 'failed', code, message }));
  }
};
