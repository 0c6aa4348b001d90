/** Opens what sends notices, as far as the configuration says how. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Config } from '../config.ts';
import type { Metrics } from '../ports/metrics.ts';
import type { NoticeSenders } from '../ports/notify.ts';
import type { AddressGuard } from '../upstream/public-lookup.ts';
import { everySecond, type PaceClock } from './pace.ts';
import { openPosting } from './posting.ts';
import { slackSender } from './slack.ts';
import { teamsSender } from './teams.ts';
import { webhookSender } from './webhook.ts';

export interface SendersParts {
  readonly config: Pick<
    Config,
    'ENVIRONMENT' | 'MAIL_FROM' | 'MAIL_CONFIGURATION_SET' | 'AWS_REGION' | 'AWS_ENDPOINT_URL'
  >;
  readonly metrics: Metrics;
  readonly now: () => Date;
  /** For tests: where names lead, where the API of Slack is, and who waits. */
  readonly guard?: AddressGuard;
  readonly slackApi?: string;
  readonly clock?: PaceClock;
}

export interface OpenSenders {
  /** Mail is sent where MAIL_FROM says from whom. */
  readonly senders: NoticeSenders;
  close(): Promise<void>;
}

const realClock: PaceClock = {
  now: () => performance.now(),
  sleep: (milliseconds, signal) => sleep(milliseconds, undefined, { signal }),
};

/**
 * Nothing is connected before the first message.
 * @example const { senders, close } = await openSenders({ config, metrics, now });
 */
export const openSenders = async ({
  config,
  metrics,
  now,
  guard,
  slackApi = 'https://slack.com/api',
  clock = realClock,
}: SendersParts): Promise<OpenSenders> => {
  const posting = openPosting({ metrics, now, local: config.ENVIRONMENT === 'local', ...(guard && { guard }) });
  const pace = everySecond(clock);
  const { MAIL_FROM: from, MAIL_CONFIGURATION_SET: configurationSet, AWS_REGION: region } = config;
  const mail =
    from === undefined
      ? undefined
      : (await import('./mail.ts')).mailSender({
          ...{ from, configurationSet, region, metrics },
          endpoint: config.AWS_ENDPOINT_URL,
        });
  return {
    senders: {
      ...(mail && { mail: mail.send }),
      slack: slackSender({ api: slackApi, posting }, pace),
      teams: teamsSender(posting),
      webhook: webhookSender(posting, now),
    },
    close: async () => {
      mail?.close();
      await posting.close();
    },
  };
};
