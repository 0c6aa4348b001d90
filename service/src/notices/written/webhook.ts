/** A notice as the payload of a webhook: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md#payload-structure */
import type { NoticeBodies } from '../../ports/notify.ts';
import type { Telling } from '../telling.ts';

/** Names the members with text that people or an upstream wrote, as tools do. */
const untrusted = ['data.about', 'data.facts[].value'];

export const writtenWebhook = ({
  type,
  headline,
  about,
  facts,
  link,
  at,
  urgent = false,
}: Telling): NoticeBodies['webhook'] => ({
  type,
  timestamp: at,
  data: {
    headline,
    about: about ?? null,
    facts: facts.map(({ label, value }) => ({ label, value })),
    url: link.href,
    urgent,
    untrusted_text: untrusted,
  },
});
