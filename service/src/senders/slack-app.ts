/**
 * Sends direct messages as an app of Slack, whose token has users:read.email and chat:write. Slack answers 200 also where it
 * refuses, with `ok: false` and a code. https://docs.slack.dev/reference/methods/chat.postMessage
 */
import { z } from 'zod';
import type { NoticeAddresses, NoticeMessage, SendOutcome } from '../ports/notify.ts';
import { again, isBusy, type PostAnswer, type Posting } from './posting.ts';

const Answer = z.object({
  ok: z.boolean(),
  error: z.string().optional(),
  user: z.object({ id: z.string() }).optional(),
});
type Answer = z.infer<typeof Answer>;

/** Whoever gave the token may mend it, so that nobody's channel is given up for it. */
const ofToken =
  /^(invalid_auth|not_authed|account_inactive|token_(revoked|expired)|missing_scope|no_permission|access_denied|ekm_access_denied|org_login_required)$/;
const ofReceiver = /^(users_not_found|user_not_found|channel_not_found|is_archived|user_disabled|cannot_dm_bot)$/;
const ofMessage = /^(invalid_blocks\w*|invalid_arguments|invalid_metadata_\w+|msg_\w+|no_text|message_limit_exceeded)$/;

const refusalBy = (code: string, answer: PostAnswer): SendOutcome => {
  if (ofToken.test(code)) return { outcome: 'retry', because: 'Slack does not accept the token of the app' };
  if (ofReceiver.test(code)) return { outcome: 'gone', because: 'Slack knows nobody of this mail address' };
  if (ofMessage.test(code)) return { outcome: 'refused', because: 'Slack does not take the message as it is' };
  return again('Slack failed', answer);
};

const answered = (text: string): Answer | undefined => {
  try {
    return Answer.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
};

type Called = { readonly answer: Answer } | { readonly outcome: SendOutcome };

const read = (answer: PostAnswer): Called => {
  if (isBusy(answer.status)) return { outcome: again(`Slack answered ${answer.status}`, answer) };
  const parsed = answered(answer.text);
  if (parsed === undefined) return { outcome: again('Slack answered something that cannot be read', answer) };
  return parsed.ok ? { answer: parsed } : { outcome: refusalBy(parsed.error ?? '', answer) };
};

export interface SlackApp {
  /** Base URL of its methods. */
  readonly api: string;
  readonly posting: Pick<Posting, 'post'>;
}

export const postAsSlackApp = async (
  { api, posting }: SlackApp,
  { id, body }: NoticeMessage<'slack'>,
  { token, email }: Extract<NoticeAddresses['slack'], { kind: 'person' }>,
  signal: AbortSignal,
): Promise<SendOutcome> => {
  const call = async (method: string, type: string, text: string): Promise<Called> =>
    read(
      await posting.post({
        service: 'notices-slack',
        url: `${api}/${method}`,
        headers: { authorization: `Bearer ${token}`, 'content-type': type },
        body: text,
        signal,
        reads: () => true,
      }),
    );
  // https://docs.slack.dev/reference/methods/users.lookupByEmail takes forms only.
  const form = new URLSearchParams({ email }).toString();
  const found = await call('users.lookupByEmail', 'application/x-www-form-urlencoded', form);
  if ('outcome' in found) return found.outcome;
  const channel = found.answer.user?.id;
  if (channel === undefined) return { outcome: 'retry', because: 'Slack answered something that cannot be read' };
  // By the metadata a receiver of events tells a message that came twice.
  const metadata = { event_type: 'countersign_notice', event_payload: { id } };
  const message = JSON.stringify({ ...body, channel, metadata });
  const posted = await call('chat.postMessage', 'application/json; charset=utf-8', message);
  return 'outcome' in posted ? posted.outcome : { outcome: 'accepted' };
};
