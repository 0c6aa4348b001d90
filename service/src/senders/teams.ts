/**
 * Sends to Workflows of Teams ("when a Teams webhook request is received"). 202 says that a run was started, and no more.
 * https://learn.microsoft.com/en-us/azure/logic-apps/error-codes-reference
 */
import type { NoticeSender, SendOutcome } from '../ports/notify.ts';
import { again, isBusy, type PostAnswer, type Posting, unanswered } from './posting.ts';

/** Switched off, deleted, or its owner left: others have to mend it. */
const isDead = ({ status, text }: PostAnswer): boolean =>
  [401, 403, 404, 410].includes(status) || /Workflow(TriggerIsNotEnabled|NotFound|Disabled)/.test(text);

const outcomeOf = (answer: PostAnswer): SendOutcome => {
  const { status } = answer;
  if (status >= 200 && status < 300) return { outcome: 'accepted' };
  if (isDead(answer))
    return {
      outcome: 'gone',
      because: `the workflow answered ${status}: it was switched off, deleted, or lost its owner`,
    };
  if (isBusy(status)) return again(`the workflow answered ${status}`, answer);
  return { outcome: 'refused', because: `the workflow answered ${status}` };
};

export const teamsSender =
  ({ post }: Pick<Posting, 'post'>): NoticeSender<'teams'> =>
  async ({ body }, { url }, signal) => {
    try {
      const reads = (status: number) => status >= 400;
      return outcomeOf(await post({ service: 'notices-teams', url, body: JSON.stringify(body), signal, reads }));
    } catch (error) {
      return unanswered(error);
    }
  };
