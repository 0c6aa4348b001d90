/** Sends to incoming webhooks of Slack. https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks */
import type { NoticeJson, SendOutcome } from '../ports/notify.ts';
import { again, isBusy, type Posting } from './posting.ts';

/** Revoked, or its channel or workspace is no more: 403 invalid_token, 404 no_service, 410 channel_is_archived. */
const dead: ReadonlySet<number> = new Set([403, 404, 410]);

export const postToSlackWebhook = async (
  { post }: Pick<Posting, 'post'>,
  url: string,
  body: NoticeJson,
  signal: AbortSignal,
): Promise<SendOutcome> => {
  const answer = await post({ service: 'notices-slack', url, body: JSON.stringify(body), signal });
  const { status } = answer;
  if (status >= 200 && status < 300) return { outcome: 'accepted' };
  if (dead.has(status)) return { outcome: 'gone', because: `Slack answered ${status}: the webhook was removed` };
  if (isBusy(status)) return again(`Slack answered ${status}`, answer);
  return { outcome: 'refused', because: `Slack answered ${status}` };
};
