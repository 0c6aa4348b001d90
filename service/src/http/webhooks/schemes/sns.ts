/** Messages of Amazon SNS, which sends each with a signature of its region. */
import { CountersignError } from '../../../errors.ts';
import type { Sns } from '../../../ports/sns.ts';
import type { WebhookScheme } from '../scheme.ts';

/** SNS repeats a message for an hour at most ("SNS message delivery retries"), and each repetition may take its time. */
const OLDEST_SECONDS = 7200;
const AHEAD_SECONDS = 300;

export const snsSignature = (sns: Sns, topics: readonly string[]): WebhookScheme => ({
  // SNS takes any 4xx but 429 as final.
  underWay: 'throttled',
  authenticate: async ({ json, now, signal }) => {
    const { messageId, timestamp, message } = await sns.read(await json(), { topics, signal });
    const age = (now.getTime() - timestamp.getTime()) / 1000;
    // Younger repetitions are known by their id.
    if (age > OLDEST_SECONDS || age < -AHEAD_SECONDS)
      throw new CountersignError(
        'untrusted_source',
        `Timestamp: is ${Math.abs(Math.round(age))} s ${age > 0 ? 'before' : 'after'} our clock.`,
      );
    return { id: messageId, sentAt: timestamp, same: Buffer.from(message) };
  },
});
