/** Sends to Slack, a message a second to one webhook or person: more are answered 429. */
import type { NoticeSender } from '../ports/notify.ts';
import type { SendPace } from './pace.ts';
import { unanswered } from './posting.ts';
import { postAsSlackApp, type SlackApp } from './slack-app.ts';
import { postToSlackWebhook } from './slack-webhook.ts';

export const slackSender =
  (app: SlackApp, pace: SendPace): NoticeSender<'slack'> =>
  async (message, address, signal) => {
    try {
      const afterSeconds = await pace(address.kind === 'person' ? address.email : address.url, signal);
      if (afterSeconds !== undefined)
        return { outcome: 'retry', because: 'many messages wait for this address', afterSeconds };
      return address.kind === 'person'
        ? await postAsSlackApp(app, message, address, signal)
        : await postToSlackWebhook(app.posting, address.url, message.body, signal);
    } catch (error) {
      return unanswered(error);
    }
  };
