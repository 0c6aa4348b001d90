/** What became of a write. After a time-out or a lost answer it is looked at, and never sent again blindly. */
import { CountersignError } from '../../../errors.ts';
import type { ChangeOutcome } from '../../../operations/plan.ts';

/** Google refused it, or never got it. */
const isUnwritten = ({ details }: CountersignError): boolean => details.sent === undefined || details.sent === 'no';

/**
 * @param send writes
 * @param isThere whether what was to be written is there now
 * @throws credentials_required: the change waits for its requester, and nothing was written
 */
export const writeAndLook = async (
  resourceId: string,
  send: () => Promise<void>,
  isThere: () => Promise<boolean>,
): Promise<ChangeOutcome> => {
  try {
    await send();
    return { resourceId, outcome: 'applied' };
  } catch (error) {
    if (!(error instanceof CountersignError) || error.code === 'credentials_required') throw error;
    const { code, message } = error;
    if (isUnwritten(error)) return { resourceId, outcome: 'failed', code, message };
    const there = await isThere().catch(() => undefined);
    if (there === true) return { resourceId, outcome: 'applied' };
    const unknown = 'Google did not say whether it was written: look at it in Search Console.';
    return { resourceId, outcome: 'failed', code, message: there === undefined ? unknown : message };
  }
};
